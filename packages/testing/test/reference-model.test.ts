import { deriveSystemLocations, parseUuid, restock, sale, startTracking, stopTracking } from '@stockfold/core';
import { expect, it } from 'vitest';
import { createReferenceModel } from '../src/index.ts';

const uuid = (number: number) =>
  parseUuid(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`)._unsafeUnwrap();
const locations = deriveSystemLocations(uuid(1));
const MUG = { productId: uuid(10), variantId: uuid(11) };
const policy = { floors: { STORE: 0 } };
const stocking = {
  kind: 'RecordMovements',
  id: uuid(2),
  tracking: [startTracking(MUG.productId)],
  lines: [restock('STORE', MUG, 3)],
} as const;
const selling = (id: number, quantity: number) =>
  ({ kind: 'RecordMovements', id: uuid(id), lines: [sale('STORE', MUG, quantity)] }) as const;

it('the model keeps a shelf', () => {
  const model = createReferenceModel({ locations, policy });
  expect([model.apply(stocking), model.apply(selling(3, 2)), model.apply(selling(4, 2))]).toEqual([
    'recorded',
    'recorded',
    'StockInsufficient',
  ]);
  const at = (type: keyof typeof locations, onHand: number) => ({
    variantId: MUG.variantId,
    locationId: locations[type],
    onHand,
  });
  expect(model.balances()).toEqual([at('STORE', 1), at('SUPPLIER', -3), at('SOLD', 2)]);
  expect(model.asOf(1)).toEqual([at('STORE', 3), at('SUPPLIER', -3)]);
  expect(model.asOf(0)).toEqual([]);
});

it('the model refuses for each reason', () => {
  const model = createReferenceModel({ locations, policy });
  const nowhere = { ...selling(5, 1), lines: [sale(uuid(404), MUG, 1)] };
  const stolen = { ...selling(6, 1), lines: [sale('STORE', { ...MUG, productId: uuid(20) }, 1)] };
  const stop = { kind: 'RecordMovements', id: uuid(7), tracking: [stopTracking(MUG.productId)] } as const;
  const branch = {
    kind: 'OpenLocation',
    id: uuid(8),
    location: { id: uuid(30), type: 'STORE', name: 'Branch' },
  } as const;
  const commands = [
    selling(3, 1),
    stocking,
    stocking,
    { ...selling(2, 1) },
    nowhere,
    stolen,
    branch,
    { ...branch, id: uuid(9) },
    stop,
    selling(12, 1),
  ];
  expect(commands.map(command => model.apply(command))).toEqual([
    'ProductNotTracked',
    'recorded',
    'replayed',
    'CommandIdReused',
    'LocationUnknown',
    'VariantOfOtherProduct',
    'recorded',
    'LocationAlreadyOpen',
    'recorded',
    'ProductNotTracked',
  ]);
});

it('the model keeps when stock is low', () => {
  const model = createReferenceModel({ locations });
  const rule = { ...MUG, locationId: 'STORE', level: 3 };
  const setting = (id: number, ...rules: readonly (typeof rule)[]) =>
    ({ kind: 'SetLowStock', id: uuid(id), rules }) as const;
  const answers = [
    setting(3, rule),
    setting(3, { ...rule, level: 3 }),
    setting(4, { ...rule, locationId: uuid(404) }),
    setting(5, rule, { ...rule, productId: uuid(20) }),
  ].map(command => model.apply(command));
  expect(answers).toEqual(['recorded', 'replayed', 'LocationUnknown', 'VariantOfOtherProduct']);
  expect(model.lowStock()).toEqual([{ ...rule, locationId: locations.STORE, alert: false }]);
  model.apply({ kind: 'SetLowStock', id: uuid(6), rules: [{ ...MUG, locationId: 'STORE' }] });
  expect(model.lowStock()).toEqual([]);
});
