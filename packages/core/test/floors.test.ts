import { describe, expect, it } from 'vitest';
import {
  decide,
  evolve,
  keepsFloor,
  type LedgerEvent,
  parseCommand,
  restock,
  type StoredRecord,
  sale,
  touches,
  touchesEnough,
  transfer,
} from '../src/index.ts';
import { decideGroup } from '../src/rules/decide-group.ts';
import { differences } from '../src/rules/differences.ts';
import { plan } from '../src/rules/plan.ts';
import { movesOf } from '../src/rules/tally.ts';
import { LARGE_MUG, MUG, NEW_SHOP, PLACES, PLATE, SHOP, uuid, VAN } from './shop.ts';
import { commandOf, floor, given, overriding, policy } from './story.ts';

const SHELF = { variantId: MUG.variantId, locationId: PLACES.STORE };
const PRECIOUS = policy({ floors: { STORE: 0 }, variants: { [MUG.variantId]: 2 } });
const setting = (input: unknown, id = 901) =>
  parseCommand({ kind: 'SetPolicy', id: uuid(id), policy: input }, PLACES)._unsafeUnwrap();

describe('a floor of a variant', () => {
  it('counts before that of the type, for this variant alone', () => {
    given(PRECIOUS, restock('STORE', MUG, 5))
      .when(sale('STORE', MUG, 3))
      .thenRecorded();
    given(PRECIOUS, restock('STORE', MUG, 5))
      .when(sale('STORE', MUG, 4))
      .thenRejected('StockInsufficient', {
        shortages: [{ ...SHELF, onHand: 5, reserved: 0, requested: 4, floor: 2, paths: [['lines', 0, 'quantity']] }],
      });
    given(PRECIOUS, restock('STORE', PLATE, 5))
      .when(sale('STORE', PLATE, 5))
      .thenRecorded();
  });

  it('lets the supplier deliver', () => {
    given(policy({ variants: { [MUG.variantId]: 0 } }))
      .when(restock('STORE', MUG, 5))
      .thenOnHand('SUPPLIER', MUG, -5);
  });

  it('that is null lets the variant be sold below zero, where others may not be', () => {
    const made = policy({ floors: { STORE: 0 }, variants: { [MUG.variantId]: null } });
    given(made)
      .when(sale('STORE', MUG, 2))
      .thenOnHand('STORE', MUG, -2);
    given(made)
      .when(sale('STORE', LARGE_MUG, 2))
      .thenRejected('StockInsufficient');
  });
});

describe('a floor of a location', () => {
  it('counts before that of its type', () => {
    const allowed = policy({ floors: { STORE: 0, TRANSIT: 0 }, locations: { [VAN.id]: -3 } });
    given(allowed)
      .when(transfer(VAN.id, 'BIN', MUG, 3))
      .thenRecorded();
    given(allowed)
      .when(transfer(VAN.id, 'BIN', MUG, 4))
      .thenRejected('StockInsufficient', {
        shortages: [
          {
            variantId: MUG.variantId,
            locationId: VAN.id,
            onHand: 0,
            reserved: 0,
            requested: 4,
            floor: -3,
            paths: [['lines', 0, 'quantity']],
          },
        ],
      });
  });

  // saleor/saleor#17170: one place at −4 made another's +3 unsellable.
  it('is about what is there: a place below zero takes nothing from another', () => {
    const past = [transfer(VAN.id, 'SOLD', MUG, 4), floor(0), restock('STORE', MUG, 3)];
    given(...past)
      .when(sale('STORE', MUG, 3))
      .thenOnHand('STORE', MUG, 0);
    given(...past)
      .when(sale('STORE', MUG, 4))
      .thenRejected('StockInsufficient');
  });
});

describe('an override', () => {
  it('lets one command break floors, and is recorded with its reason', () => {
    const story = given(floor(0)).when(sale('STORE', MUG, 2), overriding('sold before it was counted'));
    story.thenOnHand('STORE', MUG, -2);
    const slice = evolve(NEW_SHOP, [{ kind: 'PolicySet', policy: { floors: { STORE: 0 } } }]);
    const events = decide(commandOf(sale('STORE', MUG, 2), overriding('counted later')), slice)._unsafeUnwrap();
    expect(events.map(event => event.kind)).toEqual(['FloorsOverridden', 'MovementsRecorded']);
    expect(events[0]).toEqual({ kind: 'FloorsOverridden', reason: 'counted later' });
  });

  it('breaks nothing but floors', () => {
    given(floor(0))
      .when(sale(uuid(404), MUG, 2), overriding('in a hurry'))
      .thenRejected('LocationUnknown');
  });

  it('plans no guard of its own, and leaves those of its neighbours', () => {
    const slice = evolve(NEW_SHOP, [{ kind: 'PolicySet', policy: { floors: { STORE: 0 } } }]);
    const commands = [commandOf(sale('STORE', MUG, 2), overriding('in a hurry')), commandOf(restock('STORE', MUG, 9))];
    const last = { ...commandOf(sale('STORE', MUG, 3)), id: uuid(902) };
    const decided = [...commands, last].map(command => ({
      command,
      events: decide(command, { ...slice, isRemembered: true })._unsafeUnwrap(),
    }));
    const onShelf = (count: number) =>
      plan(slice, decided.slice(0, count), { organizationId: SHOP, at: 1 }).balances.find(
        change => change.key.locationId === PLACES.STORE,
      );
    expect(onShelf(2)).toMatchObject({ delta: 7 });
    expect(onShelf(2)).not.toHaveProperty('min');
    // Before the commit: 2 are taken and 9 brought, so that 3 can be taken from −4 on.
    expect(onShelf(3)).toMatchObject({ delta: 4, min: -4 });
  });

  it('is part of the command: with another reason, or none, it is another one', () => {
    const first = commandOf(sale('STORE', MUG, 2), overriding('in a hurry'));
    const record = { commandId: first.id, externalUuid: null, events: decide(first, NEW_SHOP)._unsafeUnwrap() };
    expect(differences(first, record)).toEqual([]);
    expect(differences(commandOf(sale('STORE', MUG, 2), overriding('another')), record)).toEqual([
      ['override', 'reason'],
    ]);
    expect(differences(commandOf(sale('STORE', MUG, 2)), record)).toEqual([['override']]);
  });

  it('is what keepsFloor looks for where a balance is below its floor', () => {
    const opened: LedgerEvent[] = [...NEW_SHOP.locations.values()].map(location => ({
      kind: 'LocationOpened',
      location,
    }));
    const recordOf = (sequence: number, events: readonly LedgerEvent[]): StoredRecord => ({
      sequence,
      recordedAt: sequence,
      commandId: uuid(sequence),
      externalUuid: null,
      events,
    });
    const [override, sold] = decide(
      commandOf(sale('STORE', MUG, 2), overriding('in a hurry')),
      NEW_SHOP,
    )._unsafeUnwrap() as readonly [LedgerEvent, LedgerEvent];
    const founding = recordOf(1, [
      ...opened,
      { kind: 'PolicySet', policy: { floors: {}, variants: { [MUG.variantId]: 1 } } },
    ]);
    expect(keepsFloor([founding, recordOf(2, [override, sold])])).toEqual([]);
    expect(keepsFloor([founding, recordOf(2, [sold])])).toEqual([
      { invariant: 'keepsFloor', ...SHELF, sequence: 2, onHand: -2, floor: 1 },
    ]);
  });

  it.each([
    ['no reason', { floors: true }, ['override', 'reason'], 'FieldMissing'],
    ['an empty reason', { floors: true, reason: '' }, ['override', 'reason'], 'ReasonInvalid'],
    ['a reason that no store keeps', { floors: true, reason: '\0' }, ['override', 'reason'], 'ReasonInvalid'],
    ['nothing that it overrides', { reason: 'so' }, ['override', 'floors'], 'FieldMissing'],
    ['more than it may', { floors: true, tracking: true, reason: 'so' }, ['override'], 'FieldUnknown'],
    ['a text', 'so', ['override'], 'TypeInvalid'],
  ])('is refused with %s', (_, override, path, kind) => {
    const command = { kind: 'RecordMovements', id: uuid(900), lines: [sale('STORE', MUG, 1)], override };
    const rejection = parseCommand(command, PLACES)._unsafeUnwrapErr();
    expect(rejection).toMatchObject({ kind: 'CommandInvalid', violations: [{ path, kind }] });
  });
});

describe('a command that sets the policy', () => {
  it('sets all of it: what it does not name is gone', () => {
    const slice = evolve(NEW_SHOP, [{ kind: 'PolicySet', policy: { floors: { STORE: 0, BIN: 0 } } }]);
    const policySet = decide(setting({ locations: { STORE: 3 } }), slice)._unsafeUnwrap();
    expect(evolve(slice, policySet).policy).toEqual({ floors: {}, locations: { [PLACES.STORE]: 3 } });
  });

  it('is refused for a place that is not open: its floor would hold nowhere', () => {
    const locations = { STORE: 0, [uuid(404)]: 0 };
    expect(decide(setting({ locations }), NEW_SHOP)._unsafeUnwrapErr()).toEqual({
      kind: 'LocationUnknown',
      retry: 'never',
      locations: [{ locationId: uuid(404), path: ['policy', 'locations', uuid(404)] }],
    });
    expect(touches(setting({ locations })).locations).toEqual([PLACES.STORE, uuid(404)]);
    expect(touchesEnough(setting({ locations }), NEW_SHOP)).toEqual([]);
  });

  it('is refused with its violations when it cannot be read', () => {
    const bad = parseCommand({ kind: 'SetPolicy', id: uuid(900), policy: { floors: 0 } }, PLACES)._unsafeUnwrapErr();
    expect(bad).toMatchObject({ kind: 'CommandInvalid', violations: [{ path: ['policy', 'floors'] }] });
    expect(parseCommand({ kind: 'SetPolicy', id: uuid(900) }, PLACES).isErr()).toBe(true);
    expect(parseCommand({ kind: 'SetPolicy', id: 'x', policy: {} }, PLACES).isErr()).toBe(true);
    expect(parseCommand({ kind: 'SetPolicy', id: uuid(900), policy: {}, more: 1 }, PLACES).isErr()).toBe(true);
  });

  it('counts for those after it in its group, and not for those before', () => {
    const selling = (id: number) => ({ ...commandOf(sale('STORE', MUG, 1)), id: uuid(id) });
    const commands = [selling(1), setting({ floors: { STORE: 0 } }), selling(2)];
    const group = commands.map(command => ({ command, moves: movesOf(command) }));
    const { accepted, refused } = decideGroup(group, NEW_SHOP, { system: PLACES, policy: undefined, isDone: true });
    expect(accepted.map(({ of }) => of.command)).toEqual(commands.slice(0, 2));
    expect(refused.map(({ of, rejection }) => [of.command, rejection.kind])).toEqual([
      [commands[2], 'StockInsufficient'],
    ]);
    const commit = plan(
      NEW_SHOP,
      accepted.map(({ decided }) => decided),
      { organizationId: SHOP, at: 1 },
    );
    expect(commit.config).toEqual([{ kind: 'Policy', policy: { floors: { STORE: 0 } } }]);
    expect(commit.balances.every(change => change.min === undefined)).toBe(true);
  });

  it('changes no row when the policy is that already', () => {
    const command = setting({ floors: {} });
    const events = decide(command, NEW_SHOP)._unsafeUnwrap();
    expect(plan(NEW_SHOP, [{ command, events }], { organizationId: SHOP, at: 1 }).config).toEqual([]);
  });

  it('is the same command again when it says the same, also behind a policy that its record was founded with', () => {
    const first = setting({ floors: { STORE: 0 }, variants: { [MUG.variantId]: 1 } });
    const founding = { kind: 'PolicySet', policy: { floors: { BIN: 0 } } } as const;
    const events = [founding, ...decide(first, NEW_SHOP)._unsafeUnwrap()];
    const record = { commandId: first.id, externalUuid: null, events };
    expect(differences(first, record)).toEqual([]);
    expect(differences(setting({ floors: { STORE: 1 }, variants: { [MUG.variantId]: 1 } }), record)).toEqual([
      ['policy', 'floors', 'STORE'],
    ]);
    expect(differences(setting({ floors: { STORE: 0 } }), record)).toEqual([['policy', 'variants']]);
    expect(differences(setting({ floors: { STORE: 0 }, locations: { STORE: 0 } }), record)).toEqual(
      [
        ['policy', 'variants'],
        ['policy', 'locations'],
      ].toSorted(),
    );
    expect(differences(commandOf(sale('STORE', MUG, 1)), record)).toEqual([['kind']]);
    const sold = {
      ...record,
      events: [founding, ...decide(commandOf(sale('STORE', MUG, 1)), NEW_SHOP)._unsafeUnwrap()],
    };
    expect(differences(first, sold)).toEqual([['kind']]);
  });
});
