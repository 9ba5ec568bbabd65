import type { Card } from './api/api.ts';

/** What stands there before the first record: how to make it. */
export function FirstSteps({ card }: Readonly<{ card: Card }>) {
  return (
    <main class="card first-steps">
      <h2>Nothing is recorded yet</h2>
      <p>
        This begins to track a product and moves 12 of a variant from a supplier into the store. Put your token in, send
        it, and watch it arrive here.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by the keyboard. */}
      <pre tabIndex={0}>{firstRequest(card)}</pre>
    </main>
  );
}

function firstRequest({ systemLocations: { STORE, SUPPLIER } }: Card): string {
  const url = new URL('organizations/self/v2/inventory/bulk', new URL('./', location.href));
  return `TOKEN=…
curl ${url} \\
  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{
  "productChanges": [{
    "productUuid": "65314d7e-5f0f-11ec-bf63-0242ac130002",
    "trackingStatusChange": "START_TRACKING",
    "variantChanges": [{
      "variantUuid": "78194842-5f0f-11ec-bf63-0242ac130002", "change": 12,
      "fromLocationUuid": "${SUPPLIER}",
      "toLocationUuid": "${STORE}"
    }]
  }]
}'`;
}
