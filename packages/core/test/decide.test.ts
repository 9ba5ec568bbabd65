import { describe, expect, it } from 'vitest';
import {
  decide,
  discard,
  evolve,
  expecting,
  parseCommand,
  refund,
  restock,
  type Slice,
  sale,
  startTracking,
  stopTracking,
  touches,
  transfer,
} from '../src/index.ts';
import { LARGE_MUG, MUG, NEW_SHOP, PLACES, PLATE, uuid, VAN } from './shop.ts';
import { commandOf, floor, given } from './story.ts';

const TOP = Number.MAX_SAFE_INTEGER;
const HUGE = 1_000_000_000;

describe('a sale', () => {
  it('takes what is on the shelf', () => {
    given(floor(0), restock('STORE', MUG, 3))
      .when(sale('STORE', MUG, 3))
      .thenOnHand('STORE', MUG, 0);
  });

  it('larger than the stock on hand is refused, with the shortage', () => {
    const shortage = {
      variantId: MUG.variantId,
      locationId: PLACES.STORE,
      onHand: 3,
      reserved: 0,
      requested: 4,
      floor: 0,
    };
    given(floor(0), restock('STORE', MUG, 3))
      .when(sale('STORE', MUG, 4))
      .thenRejected('StockInsufficient', {
        retry: 'after-refresh',
        shortages: [{ ...shortage, paths: [['lines', 0, 'quantity']] }],
      });
  });

  it('may take the shelf below zero where no floor is set', () => {
    given(restock('STORE', MUG, 3))
      .when(sale('STORE', MUG, 4))
      .thenOnHand('STORE', MUG, -1);
  });

  it('may go down to a floor below zero and no further', () => {
    given(floor(-2))
      .when(sale('STORE', MUG, 2))
      .thenRecorded();
    given(floor(-2))
      .when(sale('STORE', MUG, 3))
      .thenRejected('StockInsufficient');
  });

  it('counts net with what the same command brings in', () => {
    given(floor(0))
      .when(sale('STORE', MUG, 5), restock('STORE', MUG, 5))
      .thenRecorded();
    given(floor(0))
      .when(sale('STORE', MUG, 5), restock('STORE', MUG, 4))
      .thenRejected('StockInsufficient');
  });

  it('that is short names the lines that take, not those that bring', () => {
    const shortage = {
      variantId: MUG.variantId,
      locationId: PLACES.STORE,
      onHand: 0,
      reserved: 0,
      requested: 4,
      floor: 0,
    };
    given(floor(0))
      .when(restock('STORE', MUG, 1), sale('STORE', MUG, 5))
      .thenRejected('StockInsufficient', { shortages: [{ ...shortage, paths: [['lines', 1, 'quantity']] }] });
  });

  it('of several variants names each that is short, with the lines that take from it', () => {
    given(floor(0), restock('STORE', MUG, 1), restock('STORE', PLATE, 9))
      .when(sale('STORE', MUG, 1), sale('STORE', PLATE, 1), discard('STORE', MUG, 1), sale('STORE', LARGE_MUG, 1))
      .thenRejected('StockInsufficient', {
        shortages: [
          {
            variantId: MUG.variantId,
            locationId: PLACES.STORE,
            onHand: 1,
            reserved: 0,
            requested: 2,
            floor: 0,
            paths: [
              ['lines', 0, 'quantity'],
              ['lines', 2, 'quantity'],
            ],
          },
          {
            variantId: LARGE_MUG.variantId,
            locationId: PLACES.STORE,
            onHand: 0,
            reserved: 0,
            requested: 1,
            floor: 0,
            paths: [['lines', 3, 'quantity']],
          },
        ],
      });
  });
});

describe('a floor', () => {
  it('lets stock be brought to a shelf that is below it', () => {
    given(sale('STORE', MUG, 5), floor(0))
      .when(restock('STORE', MUG, 1))
      .thenOnHand('STORE', MUG, -4);
  });

  it('does not count for other types of location', () => {
    given(floor(0))
      .when(restock('STORE', MUG, 5))
      .thenOnHand('SUPPLIER', MUG, -5);
    given(floor(0))
      .when(transfer(VAN.id, 'BIN', MUG, 5))
      .thenRecorded();
  });
});

describe('movements', () => {
  it('take from one location what they bring to the other', () => {
    const story = given(restock('STORE', MUG, 9)).when(refund('STORE', MUG, 2), discard('STORE', MUG, 1));
    story.thenOnHand('STORE', MUG, 10);
    story.thenOnHand('SOLD', MUG, -2);
    story.thenOnHand('BIN', MUG, 1);
  });

  it('at a location that was never opened are refused, with every place that names it', () => {
    const nowhere = uuid(404);
    given()
      .when(sale('STORE', MUG, 1), transfer(nowhere, 'BIN', MUG, 1), restock(nowhere, MUG, 1))
      .thenRejected('LocationUnknown', {
        retry: 'never',
        locations: [
          { locationId: nowhere, path: ['lines', 1, 'from'] },
          { locationId: nowhere, path: ['lines', 2, 'to'] },
        ],
      });
  });

  it('of a product that is not tracked are refused', () => {
    given(stopTracking(MUG.productId))
      .when(sale('STORE', PLATE, 1), sale('STORE', MUG, 1))
      .thenRejected('ProductNotTracked', { products: [{ productId: MUG.productId, path: ['lines', 1, 'productId'] }] });
  });

  it('of a product that the same command starts to track are recorded', () => {
    given(stopTracking(MUG.productId))
      .when(startTracking(MUG.productId), sale('STORE', MUG, 1))
      .thenRecorded();
  });

  it('of a product that the same command stops to track are refused', () => {
    given()
      .when(stopTracking(MUG.productId), sale('STORE', MUG, 1))
      .thenRejected('ProductNotTracked');
  });

  it('go by the last tracking change of a command', () => {
    const { productId } = MUG;
    given()
      .when(stopTracking(productId), startTracking(productId), sale('STORE', MUG, 1))
      .thenRecorded();
  });

  it('of a variant as another product are refused', () => {
    const stolen = { ...MUG, productId: PLATE.productId };
    const variants = [{ variantId: MUG.variantId, productId: PLATE.productId, path: ['lines', 0, 'productId'] }];
    given(restock('STORE', MUG, 1))
      .when(sale('STORE', stolen, 1))
      .thenRejected('VariantOfOtherProduct', { variants });
  });

  it('of a new variant as two products in one command are refused', () => {
    const stolen = { ...MUG, productId: PLATE.productId };
    given()
      .when(sale('STORE', MUG, 1), sale('STORE', stolen, 1))
      .thenRejected('VariantOfOtherProduct');
  });

  it('that would leave the safe integers are refused', () => {
    const onHand = new Map([[MUG.variantId, new Map([[PLACES.STORE, TOP - HUGE + 1]])]]);
    const decision = decide(commandOf(restock('STORE', MUG, HUGE)), { ...NEW_SHOP, onHand });
    expect(decision._unsafeUnwrapErr()).toEqual({
      kind: 'BalanceOverflow',
      retry: 'after-refresh',
      balances: [{ variantId: MUG.variantId, locationId: PLACES.STORE }],
      paths: [['lines', 0, 'quantity']],
    });
    expect(decide(commandOf(restock('STORE', MUG, HUGE - 1)), { ...NEW_SHOP, onHand }).isOk()).toBe(true);
  });
});

describe('opening a location', () => {
  const opening = (id: string) =>
    parseCommand(
      { kind: 'OpenLocation', id: uuid(1), location: { id, type: 'STORE', name: 'Branch' } },
      PLACES,
    )._unsafeUnwrap();

  it('is recorded once', () => {
    expect(decide(opening(uuid(31)), NEW_SHOP)._unsafeUnwrap()).toEqual([
      { kind: 'LocationOpened', location: { id: uuid(31), type: 'STORE', name: 'Branch', system: false } },
    ]);
  });

  it('is refused when it is open', () => {
    const refusal = { kind: 'LocationAlreadyOpen', retry: 'never', locationId: VAN.id };
    expect(decide(opening(VAN.id), NEW_SHOP)._unsafeUnwrapErr()).toEqual(refusal);
  });
});

describe('of several reasons to refuse, the first is told', () => {
  const stolen = { ...MUG, productId: PLATE.productId };
  const nowhere = uuid(404);

  it('an unknown location before a variant of another product', () => {
    given(restock('STORE', MUG, 1))
      .when(sale(nowhere, stolen, 1))
      .thenRejected('LocationUnknown');
  });

  it('a variant of another product before a product that is not tracked', () => {
    given(restock('STORE', MUG, 1), stopTracking(PLATE.productId))
      .when(sale('STORE', stolen, 1))
      .thenRejected('VariantOfOtherProduct');
  });

  it('a product that is not tracked before missing stock', () => {
    given(floor(0), stopTracking(MUG.productId))
      .when(sale('STORE', MUG, 1))
      .thenRejected('ProductNotTracked');
  });
});

describe('a command that expects a balance', () => {
  it('is recorded when the balance is that', () => {
    given(restock('STORE', MUG, 3))
      .when(expecting('STORE', MUG, 3), sale('STORE', MUG, 1))
      .thenOnHand('STORE', MUG, 2);
    given(restock('STORE', MUG, 3))
      .when(expecting('STORE', PLATE, 0), expecting('SUPPLIER', MUG, -3), sale('STORE', MUG, 1))
      .thenRecorded();
  });

  it('is refused when it is another, with all that are, what was expected and what is there', () => {
    given(restock('STORE', MUG, 3), restock('STORE', PLATE, 1))
      .when(
        expecting('STORE', MUG, 4),
        expecting('SUPPLIER', MUG, -3),
        expecting('STORE', PLATE, 0),
        sale('STORE', MUG, 1),
      )
      .thenRejected('BalanceStale', {
        retry: 'after-refresh',
        balances: [
          {
            variantId: MUG.variantId,
            locationId: PLACES.STORE,
            expected: 4,
            actual: 3,
            path: ['expect', 0, 'onHand'],
          },
          {
            variantId: PLATE.variantId,
            locationId: PLACES.STORE,
            expected: 0,
            actual: 1,
            path: ['expect', 2, 'onHand'],
          },
        ],
      });
  });

  it('is told of that before it is told that stock is short', () => {
    given(floor(0), restock('STORE', MUG, 3))
      .when(expecting('STORE', MUG, 9), sale('STORE', MUG, 9))
      .thenRejected('BalanceStale');
    given(floor(0), restock('STORE', MUG, 3))
      .when(expecting('STORE', MUG, 3), sale('STORE', MUG, 9))
      .thenRejected('StockInsufficient');
  });

  it('names a location that is there, and a variant under its own product', () => {
    given(restock('STORE', MUG, 3))
      .when(expecting(uuid(77), MUG, 0), sale('STORE', MUG, 1))
      .thenRejected('LocationUnknown', { locations: [{ locationId: uuid(77), path: ['expect', 0, 'locationId'] }] });
    const path = ['expect', 0, 'productId'];
    given(restock('STORE', MUG, 3))
      .when(expecting('STORE', { ...MUG, productId: PLATE.productId }, 3), sale('STORE', MUG, 1))
      .thenRejected('VariantOfOtherProduct', {
        variants: [{ variantId: MUG.variantId, productId: PLATE.productId, path }],
      });
  });
});

describe('a low-stock rule', () => {
  const settingOf = (...rules: readonly object[]) =>
    parseCommand({ kind: 'SetLowStock', id: uuid(900), rules }, PLACES)._unsafeUnwrap();
  const rule = { ...MUG, locationId: 'STORE', level: 5 };

  it('may be set for a variant that never moved, and of a product that is not tracked', () => {
    const command = settingOf({ ...rule, ...PLATE });
    const events = decide(command, { ...NEW_SHOP, tracked: new Set() })._unsafeUnwrap();
    const kept = { ...PLATE, locationId: PLACES.STORE, level: 5, alert: false };
    expect(events).toEqual([{ kind: 'LowStockSet', rules: [kept] }]);
    expect(evolve(NEW_SHOP, events)).toEqual(NEW_SHOP);
  });

  it('is refused for a location that is not known', () => {
    const refused = decide(settingOf(rule, { ...rule, locationId: uuid(404) }), NEW_SHOP)._unsafeUnwrapErr();
    const path = ['rules', 1, 'locationId'];
    expect(refused).toMatchObject({ kind: 'LocationUnknown', locations: [{ locationId: uuid(404), path }] });
  });

  it('is refused for a variant of another product', () => {
    const moved = { ...NEW_SHOP, productOf: new Map([[PLATE.variantId, PLATE.productId]]) } as Slice;
    const stolen = { ...rule, variantId: PLATE.variantId };
    expect(decide(settingOf(stolen), moved)._unsafeUnwrapErr()).toMatchObject({
      kind: 'VariantOfOtherProduct',
      variants: [{ ...PLATE, productId: MUG.productId, path: ['rules', 0, 'productId'] }],
    });
    expect(touches(settingOf(stolen, stolen))).toEqual({
      balances: [],
      locations: [PLACES.STORE],
      products: [],
      variants: [PLATE.variantId],
    });
  });
});
