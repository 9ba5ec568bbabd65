import { uuidV7, type Variant } from '@stockfold/core';
import { connect, type StockedDatabase } from './stocked-database.ts';

/** Writes what a commit of one command writes: the head, the record, balances, postings. It checks nothing but the keys. */
export const ONE_STATEMENT: string = statement(
  'select * from unnest($5::integer[], $6::integer[], $7::bigint[]) c(variant, location, delta)',
);

/** The same for variants by their UUIDs, of which the program does not know the integers. */
const ONE_STATEMENT_BY_ID = statement(
  `select v.variant, c.location, c.delta from unnest($5::uuid[], $6::integer[], $7::bigint[]) c(id, location, delta)
    cross join lateral (select v.variant from stockfold.variant v where v.organization = $1 and v.id = c.id limit 1) v`,
);

function statement(changes: string): string {
  return `with head as (
    update stockfold.organization set sequence = sequence + 1, recorded_at = greatest(recorded_at, $2::bigint)
    where organization = $1 returning sequence, recorded_at
  ), change as materialized (
    ${changes}
  ), moved as (
    insert into stockfold.balance as b (organization, variant, location, on_hand)
    select $1, variant, location, delta from change
    on conflict (organization, variant, location) do update set on_hand = b.on_hand + excluded.on_hand
    returning b.variant, b.location, b.on_hand
  ), recorded as (
    insert into stockfold.record (organization, sequence, command_id, recorded_at, external_uuid, events)
    select $1, sequence, $3::uuid, recorded_at, null, $4 from head
  ), posted as (
    insert into stockfold.posting (organization, variant, location, sequence, delta, after)
    select $1, m.variant, m.location, h.sequence, c.delta, m.on_hand
    from head h, moved m join change c on c.variant = m.variant and c.location = m.location
  )
  select sequence, recorded_at from head`;
}

/** The reference: what it takes. */
export type OneStatement = Readonly<{
  sell: (sold: readonly Variant[]) => Promise<void>;
  /** Of variants whose integers are to be looked up by the statement. */
  sellUnknown: (sold: readonly Variant[]) => Promise<void>;
  end: () => Promise<void>;
}>;

/**
 * The reference: one named statement a command, on one connection. Arrays are given as text, which is faster than what
 * `pg` makes of arrays.
 */
export async function oneStatement({ url, integers }: StockedDatabase): Promise<OneStatement> {
  const client = await connect(url);
  const { organization, variants, locations } = integers;
  const { STORE, SOLD } = locations;
  const write = async (sold: readonly Variant[], name: string, text: string, keys: readonly unknown[]) => {
    const lines = sold.map(variant => ({ ...variant, from: STORE.id, to: SOLD.id, quantity: 1 }));
    const events = JSON.stringify([{ kind: 'MovementsRecorded', lines }]);
    const places = sold.map(() => `${STORE.location},${SOLD.location}`);
    const deltas = sold.map(() => '-1,1');
    const values = [organization, Date.now(), uuidV7(), events, `{${keys}}`, `{${places}}`, `{${deltas}}`];
    await client.query({ name, text, values });
  };
  const integerOf = ({ variantId }: Variant) => variants.get(variantId);
  return {
    sell: (sold: readonly Variant[]) => {
      const keys = sold.map(variant => `${integerOf(variant)},${integerOf(variant)}`);
      return write(sold, 'known', ONE_STATEMENT, keys);
    },
    sellUnknown: (sold: readonly Variant[]) => {
      const keys = sold.map(({ variantId }) => `${variantId},${variantId}`);
      return write(sold, 'unknown', ONE_STATEMENT_BY_ID, keys);
    },
    end: () => client.end(),
  };
}
