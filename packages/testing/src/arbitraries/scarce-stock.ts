import { type Policy, type RecordMovementsInput, restock, sale, startTracking, type Uuid } from '@stockfold/core';
import fc from 'fast-check';
import { ids } from './id.ts';
import { productsOf, type World, type WorldVariant, world } from './world.ts';

/** A shop with little on the shelf and many who want it. */
export type ScarceStock = Readonly<{
  world: World;
  /** STORE holds 0 or more. */
  policy: Policy;
  /** Puts the stock on the shelf, and comes before all sales. */
  stocking: RecordMovementsInput;
  /** Each wants one to three pieces of one or both variants; together mostly more than there is. */
  sales: readonly RecordMovementsInput[];
}>;

type Wish = Readonly<{ first: number; second: number }>;

const SELLERS_MAX = 16;

const wish: fc.Arbitrary<Wish> = fc
  .record({ first: fc.nat({ max: 3 }), second: fc.nat({ max: 3 }) })
  .filter(({ first, second }) => first + second > 0);

/**
 * One or two variants, a few pieces each, a floor of 0 and many sellers: here guards and floors really fire, which
 * they hardly do for commands drawn at random. It shrinks towards one seller and an empty shelf.
 *
 * @example
 * fc.asyncProperty(scarceStock, async ({ policy, stocking, sales }) => {
 *   await ledger.execute(stocking);
 *   await Promise.all(sales.map(sale => ledger.execute(sale)));
 * })
 */
export const scarceStock: fc.Arbitrary<ScarceStock> = fc
  .record({
    world,
    stock: fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 })),
    wishes: fc.array(wish, { minLength: 1, maxLength: SELLERS_MAX }),
    names: ids(SELLERS_MAX + 1),
  })
  .map(({ world: shop, stock, wishes, names }) => {
    const [first, second = first] = shop.variants as readonly [WorldVariant, WorldVariant?];
    const pair = [first, second] as const;
    const [stockingId, ...saleIds] = names as readonly [Uuid, ...Uuid[]];
    return {
      world: shop,
      policy: { floors: { STORE: 0 } },
      stocking: stockingOf(shop, stockingId, pair, stock),
      sales: wishes.map((wanted, seller) => saleOf(saleIds[seller] as Uuid, pair, wanted)),
    };
  });

type Pair = readonly [WorldVariant, WorldVariant];

function stockingOf(shop: World, id: Uuid, [first, second]: Pair, [some, more]: readonly [number, number]) {
  const lines = [
    ...(some > 0 ? [restock('STORE', first, some)] : []),
    ...(more > 0 ? [restock('STORE', second, more)] : []),
  ];
  return { kind: 'RecordMovements', id, tracking: productsOf(shop).map(startTracking), lines } as const;
}

function saleOf(id: Uuid, [one, other]: Pair, { first, second }: Wish): RecordMovementsInput {
  const lines = [
    ...(first > 0 ? [sale('STORE', one, first)] : []),
    ...(second > 0 ? [sale('STORE', other, second)] : []),
  ];
  return { kind: 'RecordMovements', id, lines };
}
