/**
 * Signatures over documented messages of the Zettle Pusher API, computed by an independent implementation with a made-up
 * key: HMAC-SHA256 over `timestamp.payload`, in lower-case hexadecimal.
 *
 * @see Zettle Pusher API, "Event payloads" and "Verify that the events originate from Zettle".
 */
export const SIGNING_KEY = 'made-up-signing-key-for-tests-only-0123456789abcdefghijklmnopqrst';

export const SIGNED: readonly Readonly<{ eventName: string; timestamp: string; payload: object; signature: string }>[] =
  [
    {
      eventName: 'InventoryBalanceChanged',
      timestamp: '2021-04-19T13:18:11.999Z',
      payload: {
        organizationUuid: 'd3f03ffa-4a18-4282-bbfa-efd5f642ffb7',
        updated: {
          uuid: '7a1abbf4-b5e2-4c70-8b21-f4ec5b00c463',
          timestamp: '2021-04-19T13:18:11.966+0000',
          userType: 'USER',
          clientUuid: '51e57b0d-1ea2-48a4-b0a0-91d90424e62c',
        },
        balanceBefore: [
          {
            organizationUuid: 'd3f03ffa-4a18-4282-bbfa-efd5f642ffb7',
            locationUuid: 'fd4a39a0-e2ef-11e6-ba64-85247ae2a737',
            productUuid: 'e4cc8750-a110-11eb-adc0-ffd446d76f99',
            variantUuid: '4745e110-a111-11eb-adc0-ffd446d76f99',
            balance: '0',
          },
        ],
        balanceAfter: [
          {
            organizationUuid: 'd3f03ffa-4a18-4282-bbfa-efd5f642ffb7',
            locationUuid: 'fd4a39a0-e2ef-11e6-ba64-85247ae2a737',
            productUuid: 'e4cc8750-a110-11eb-adc0-ffd446d76f99',
            variantUuid: '4745e110-a111-11eb-adc0-ffd446d76f99',
            created: '2021-04-19T13:18:11.992+0000',
            balance: '5',
          },
        ],
        externalUuid: null,
      },
      signature: '8f4941298d69181574ff1f6f77483f55ec774f8fcba2c86e4e34e55cfbada4f0',
    },
    {
      eventName: 'InventoryTrackingStarted',
      timestamp: '2021-04-19T13:17:56.585Z',
      payload: {
        organizationUuid: 'd3f03ffa-4a18-4282-bbfa-efd5f642ffb7',
        productUuid: 'e4cc8750-a110-11eb-adc0-ffd446d76f99',
        created: {
          uuid: '7a1abbf4-b5e2-4c70-8b21-f4ec5b00c463',
          timestamp: '2021-04-19T13:17:56.572+0000',
          userType: 'USER',
          clientUuid: '51e57b0d-1ea2-48a4-b0a0-91d90424e62c',
        },
      },
      signature: 'f9026918d1e4ac5f1237b8f768c47358c12db90ed28f72acd4cef72d2f4ab98a',
    },
    {
      eventName: 'InventoryTrackingStopped',
      timestamp: '2021-04-19T13:20:49.225Z',
      payload: {
        organizationUuid: 'd3f03ffa-4a18-4282-bbfa-efd5f642ffb7',
        productUuid: 'e4cc8750-a110-11eb-adc0-ffd446d76f99',
        changeInformation: {
          uuid: '7a1abbf4-b5e2-4c70-8b21-f4ec5b00c463',
          timestamp: '2021-04-19T13:20:49.213+0000',
          userType: 'USER',
          clientUuid: '51e57b0d-1ea2-48a4-b0a0-91d90424e62c',
        },
      },
      signature: 'f032ba45bfeb2292127e7986436b5e5e2ba8c529a0c06a867601b8d74fb510c1',
    },
  ];
