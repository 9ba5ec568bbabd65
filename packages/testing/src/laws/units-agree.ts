import { fromUnits, type Ledger, restock, type Scale, sale, startTracking, toUnits } from '@stockfold/core';
import fc from 'fast-check';
import { numberedId } from '../simulation/world.ts';
import { assertEqual } from '../store-suite/assert.ts';
import { assertNone, assertThat, type Law, type OpenLedger, onLedger } from './law.ts';

/** What reads and writes amounts: the functions of core, or what stands in for them. */
export type Amounts = Readonly<{ toUnits: typeof toUnits; fromUnits: typeof fromUnits }>;

const RICE = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const SHELF = { locationId: 'STORE', variantId: RICE.variantId };

/**
 * For any scale and any amounts, written as numbers or as text, what the shelf says is what adding up their digits by hand gives;
 * an amount of one digit more is refused. The scale is that of the organization from its first record on, for every handle.
 */
export function unitsAgree(
  open: OpenLedger,
  { toUnits: read, fromUnits: write }: Amounts = { toUnits, fromUnits },
): Law {
  const scale = fc.constantFrom<Scale>(0, 1, 2, 3, 4, 5, 6);
  const move = fc.record({
    digits: fc.oneof(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 1_000_000_000 })),
    isSale: fc.boolean(),
    asNumber: fc.boolean(),
  });
  const moves = fc.array(move, { minLength: 1, maxLength: 8 });
  return fc.asyncProperty(scale, moves, (decimals, all) =>
    onLedger(open, { policy: { scale: decimals } }, async ledger => {
      let sum = 0n;
      for (const [place, { digits, isSale, asNumber }] of all.entries()) {
        const text = textOf(BigInt(digits), decimals);
        const units = read(asNumber ? Number(text) : text, decimals)._unsafeUnwrap();
        await record(ledger, place, isSale ? sale('STORE', RICE, units) : restock('STORE', RICE, units));
        sum += isSale ? -BigInt(digits) : BigInt(digits);
        const longer = decimals === 0 ? `${text}.1` : `${text}1`;
        assertThat(read(longer, decimals).isErr(), `${longer} is no amount of ${decimals} decimals`);
        const { onHand } = (await ledger.balanceAt(SHELF))._unsafeUnwrap();
        const shown = String(write(onHand, decimals));
        assertEqual(textOf(digitsOf(shown, decimals), decimals), textOf(sum, decimals), 'what is on the shelf');
      }
      const { scale: kept = 0 } = (await ledger.policy())._unsafeUnwrap();
      assertEqual(kept, decimals, 'the scale');
      const other = { kind: 'SetPolicy', id: numberedId(0xe, 1), policy: { scale: decimals === 6 ? 5 : decimals + 1 } };
      const refused = (await ledger.execute(other as never))._unsafeUnwrapErr();
      assertEqual(refused.kind, 'CommandInvalid', 'another scale');
      assertNone((await ledger.verify())._unsafeUnwrap().breaches);
    }),
  );
}

async function record(ledger: Ledger, place: number, line: ReturnType<typeof sale>): Promise<void> {
  const tracking = [startTracking(RICE.productId)];
  const command = { kind: 'RecordMovements', id: numberedId(0xd, place), tracking, lines: [line] } as const;
  (await ledger.execute(command))._unsafeUnwrap();
}

/** Digits with a point before the last of them: by text alone, no number with decimals is made. */
function textOf(digits: bigint, decimals: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(decimals + 1, '0');
  const point = text.length - decimals;
  return `${digits < 0n ? '-' : ''}${text.slice(0, point)}${decimals === 0 ? '' : `.${text.slice(point)}`}`;
}

/** The digits of a text, with as many after the point as there are decimals. */
function digitsOf(text: string, decimals: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}
