import { expect, it } from 'vitest';
import { describeError, type LedgerError, storeFault } from '../src/index.ts';
import { MUG, PLACES, uuid } from './shop.ts';

const { variantId, productId } = MUG;
const key = { variantId, locationId: PLACES.STORE };
const path = ['lines', 1, 'quantity'] as const;

const ERRORS: readonly (readonly [LedgerError, string])[] = [
  [
    {
      kind: 'CommandInvalid',
      retry: 'never',
      violations: [
        { kind: 'TypeInvalid', path: [], message: 'a command is an object' },
        { kind: 'FieldMissing', path, message: 'this field is missing' },
      ],
    },
    'the command: a command is an object; lines[1].quantity: this field is missing',
  ],
  [
    { kind: 'CommandIdReused', retry: 'never', commandId: uuid(9), differs: [path] },
    `command ${uuid(9)} was recorded before with another lines[1].quantity`,
  ],
  [
    {
      kind: 'OccursLater',
      retry: 'after-refresh',
      occurredAt: 900_000,
      now: 300_000,
      path: ['provenance', 'occurredAt'],
    },
    'the command says that it occurs 600000 milliseconds from now',
  ],
  [{ kind: 'LocationAlreadyOpen', retry: 'never', locationId: uuid(8) }, `location ${uuid(8)} is open already`],
  [
    {
      kind: 'LocationUnknown',
      retry: 'never',
      locations: [
        { locationId: uuid(8), path },
        { locationId: uuid(8), path },
      ],
    },
    `there is no location ${uuid(8)}`,
  ],
  [
    { kind: 'VariantOfOtherProduct', retry: 'never', variants: [{ variantId, productId, path }] },
    `variant ${variantId} belongs to another product`,
  ],
  [
    { kind: 'ProductNotTracked', retry: 'after-refresh', products: [{ productId, path }] },
    `product ${productId} is not tracked`,
  ],
  [
    {
      kind: 'NoteStale',
      retry: 'after-refresh',
      notes: [{ kind: 'hold', id: 'h1', expected: 4, actual: 5, path: ['notes', 0, 'ifSequence'] }],
    },
    'note hold/h1 was written by another command',
  ],
  [
    { kind: 'BalanceStale', retry: 'after-refresh', balances: [{ ...key, expected: 4, actual: 3, path }] },
    `variant ${variantId} at location ${PLACES.STORE} has 3, not the 4 that was expected`,
  ],
  [
    { kind: 'BalanceOverflow', retry: 'after-refresh', balances: [key], paths: [path] },
    `the balance of variant ${variantId} at location ${PLACES.STORE} would leave the safe integers`,
  ],
  [
    {
      kind: 'StockInsufficient',
      retry: 'after-refresh',
      shortages: [{ ...key, onHand: 3, reserved: 0, requested: 5, floor: 0, paths: [path] }],
    },
    `variant ${variantId} at location ${PLACES.STORE} has 3 and a floor of 0: 5 is too much`,
  ],
  [
    {
      kind: 'StockInsufficient',
      retry: 'after-refresh',
      shortages: [{ ...key, onHand: 3, reserved: 2, requested: 2, floor: 0, paths: [path] }],
    },
    `variant ${variantId} at location ${PLACES.STORE} has 3, of which 2 are held, and a floor of 0: 2 is too much`,
  ],
  [{ kind: 'QueryInvalid', retry: 'never', field: 'limit' }, 'the query has a wrong limit'],
  [
    { kind: 'Contended', retry: 'same-command', attempts: 100 },
    'other writers were faster, 100 times; the same command may be sent again',
  ],
  [
    { kind: 'Overloaded', retry: 'same-command', waiting: 7 },
    '7 commands wait already; the same command may be sent again',
  ],
  [storeFault('StoreFull', 'no room is left'), 'no room is left'],
];

it.each(ERRORS.map(([error, text]) => [error.kind, error, text] as const))(
  '%s is said in a sentence',
  (_, error, text) => {
    expect(describeError(error)).toBe(text);
  },
);
