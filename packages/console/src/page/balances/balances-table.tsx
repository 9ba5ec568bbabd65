import type { Location, LocationType } from '@stockfold/core';
import { formatCount } from '../ui/format.ts';
import { Id } from '../ui/id.tsx';
import { LocationName } from '../ui/location-name.tsx';
import type { VariantRow } from './read-variants.ts';

type BalancesTableProps = Readonly<{
  rows: readonly VariantRow[];
  locations: readonly Location[];
  variantId: string | null;
  hrefOf: (variantId: string) => string;
}>;

/** Variants down, locations across. */
export function BalancesTable({ rows, locations, variantId, hrefOf }: BalancesTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by the keyboard.
    <section class="scroll" tabIndex={0} aria-label="Balances by variant and location">
      <table>
        <thead>
          <tr>
            <th scope="col">Variant</th>
            {locations.map(location => (
              <th key={location.id} scope="col" class="amount">
                <LocationName location={location} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.variantId} aria-current={row.variantId === variantId}>
              <th scope="row">
                <a href={hrefOf(row.variantId)} title={`Variant ${row.variantId} of product ${row.productId}`}>
                  <Id id={row.variantId} />
                </a>
              </th>
              {locations.map(({ id, type }) => (
                <Amount key={id} amount={row.onHand.get(id)} type={type} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Amount({ amount, type }: Readonly<{ amount: number | undefined; type: LocationType }>) {
  if (amount === undefined) return <td class="amount none">·</td>;
  // A SUPPLIER is below zero by what was ever bought; a STORE has sold what the books do not know of.
  const below = type === 'STORE' ? 'amount short' : 'amount below';
  return <td class={amount < 0 ? below : 'amount'}>{formatCount(amount)}</td>;
}
