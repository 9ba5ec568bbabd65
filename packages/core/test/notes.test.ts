import { describe, expect, it } from 'vitest';
import {
  type Commit,
  type Decided,
  decide,
  evolve,
  formatPath,
  type NoteWrite,
  parseCommand,
  plan,
  type RecordMovements,
  type RecordMovementsInput,
  restock,
  type Slice,
  touches,
} from '../src/index.ts';
import { decideGroup } from '../src/rules/decide-group.ts';
import { differences } from '../src/rules/differences.ts';
import { touchesAll } from '../src/rules/slice.ts';
import { movesOf } from '../src/rules/tally.ts';
import { MUG, NEW_SHOP, PLACES, SHOP, uuid } from './shop.ts';

const HOLD = { kind: 'hold', id: 'h1' };
const SYSTEM = { system: PLACES, policy: undefined, isDone: true };

/** A shop in which the hold h1 was written last at sequence 5. */
const HELD: Slice = {
  ...NEW_SHOP,
  notes: new Map([['hold', new Map([['h1', { body: { open: true }, sequence: 5 }]])]]),
};

function noting(...notes: readonly NoteWrite[]): RecordMovements {
  return commandOf({ notes });
}

function commandOf(parts: Omit<RecordMovementsInput, 'kind' | 'id'>, id = uuid(900)): RecordMovements {
  return parseCommand({ kind: 'RecordMovements', id, ...parts }, PLACES)._unsafeUnwrap() as RecordMovements;
}

function decideAll(slice: Slice, commands: readonly RecordMovements[]) {
  return decideGroup(
    commands.map(command => ({ command, moves: movesOf(command) })),
    slice,
    SYSTEM,
  );
}

/** What each of some commands, decided one after the other, comes to: the kind of its rejection, or `recorded`. */
function decided(slice: Slice, ...commands: readonly RecordMovements[]): readonly string[] {
  const kinds = new Map(decideAll(slice, commands).refused.map(({ of, rejection }) => [of.command, rejection.kind]));
  return commands.map(command => kinds.get(command) ?? 'recorded');
}

function planned(slice: Slice, ...commands: readonly RecordMovements[]): Commit['notes'] {
  const accepted: readonly Decided[] = decideAll(slice, commands).accepted.map(({ decided }) => decided);
  return plan(slice, accepted, { organizationId: SHOP, at: 1 }).notes;
}

describe('a command with notes', () => {
  it('is refused when a note was written since, or is not there, or is there already', () => {
    const rejection = decide(noting({ ...HOLD, body: null, ifSequence: 4 }), HELD)._unsafeUnwrapErr();
    expect(rejection).toEqual({
      kind: 'NoteStale',
      retry: 'after-refresh',
      notes: [{ ...HOLD, expected: 4, actual: 5, path: ['notes', 0, 'ifSequence'] }],
    });
    expect(decided(HELD, noting({ ...HOLD, body: 1, ifSequence: 0 }))).toEqual(['NoteStale']);
    expect(decided(NEW_SHOP, noting({ ...HOLD, body: 1, ifSequence: 5 }))).toEqual(['NoteStale']);
  });

  it('is recorded when every note is as it expects, and whatever it is when it expects nothing', () => {
    expect(
      decided(HELD, noting({ ...HOLD, body: 1, ifSequence: 5 }, { ...HOLD, id: 'h2', body: 2, ifSequence: 0 })),
    ).toEqual(['recorded']);
    expect(decided(HELD, noting({ ...HOLD, body: 1 }))).toEqual(['recorded']);
  });

  it('relies on a note that it leaves as it is', () => {
    const lines = [restock('STORE', MUG, 1)];
    expect(decide(commandOf({ lines, notes: [{ ...HOLD, ifSequence: 5 }] }), HELD)._unsafeUnwrap()).toHaveLength(1);
    expect(decided(HELD, commandOf({ lines, notes: [{ ...HOLD, ifSequence: 6 }] }))).toEqual(['NoteStale']);
  });

  it('is told of a note before it is told of a balance', () => {
    const expect_ = [{ ...MUG, locationId: 'STORE', onHand: 7 }];
    const lines = [restock('STORE', MUG, 1)];
    expect(decided(HELD, commandOf({ lines, expect: expect_, notes: [{ ...HOLD, ifSequence: 6 }] }))).toEqual([
      'NoteStale',
    ]);
    expect(decided(HELD, commandOf({ lines, expect: expect_, notes: [{ ...HOLD, ifSequence: 5 }] }))).toEqual([
      'BalanceStale',
    ]);
  });

  it('takes a note for what it expects when it is not known: the commit proves it', () => {
    const { notes: _, ...unknown } = { ...HELD, isRemembered: true };
    expect(decided(unknown, noting({ ...HOLD, body: 1, ifSequence: 3 }))).toEqual(['recorded']);
  });

  it('is journaled with what it wrote and what it was asked for, and not with what it expected', () => {
    const notes = [
      { ...HOLD, body: { open: false }, ifSequence: 5 },
      { kind: 'count', id: 'c', body: null },
      { kind: 'count', id: 'd', ifSequence: 0 },
    ];
    expect(decide(commandOf({ notes, request: { release: 'h1' } }), HELD)._unsafeUnwrap()).toEqual([
      {
        kind: 'NotesWritten',
        notes: [
          { ...HOLD, body: { open: false } },
          { kind: 'count', id: 'c', body: null },
        ],
      },
      { kind: 'Requested', request: { release: 'h1' } },
    ]);
  });

  it('touches the notes that it expects something of', () => {
    const one = noting({ ...HOLD, body: 1, ifSequence: 5 }, { ...HOLD, id: 'h2', body: 1 });
    expect(touches(one).notes).toEqual([HOLD]);
    expect(touches(noting({ ...HOLD, body: 1 })).notes).toBeUndefined();
    expect(touchesAll([one, one, noting({ ...HOLD, id: 'h3', ifSequence: 0, body: 1 })]).notes).toEqual([
      HOLD,
      { ...HOLD, id: 'h3' },
    ]);
  });
});

describe('commands of one group that name the same note', () => {
  const writing = (body: NoteWrite['body'], ifSequence?: number, number = 900) =>
    commandOf({ notes: [{ ...HOLD, body, ifSequence }] }, uuid(number));

  it('let one through: what the second expects is gone, and which sequence there will be nobody knows', () => {
    expect(decided(HELD, writing(1, 5), writing(2, 5, 901))).toEqual(['recorded', 'NoteStale']);
    const { refused } = decideAll(HELD, [writing(1, 5), writing(2, 5, 901)]);
    expect(refused[0]?.rejection).toMatchObject({ notes: [{ expected: 5, actual: null }] });
    expect(decided(NEW_SHOP, writing(1, 0), writing(2, 0, 901))).toEqual(['recorded', 'NoteStale']);
  });

  it('may write anew what another has taken away', () => {
    expect(decided(HELD, writing(null, 5), writing(2, 0, 901))).toEqual(['recorded', 'recorded']);
    expect(planned(HELD, writing(null, 5), writing(2, 0, 901))).toEqual([
      { ...HOLD, ifSequence: 5, write: { body: 2, record: 1 } },
    ]);
  });

  it('come to one change: the last body, and the first expectation', () => {
    const other = commandOf({ notes: [{ kind: 'count', id: 'c', ifSequence: 0, body: 1 }] }, uuid(902));
    const leaning = commandOf({ notes: [{ ...HOLD, ifSequence: 5 }], lines: [restock('STORE', MUG, 1)] }, uuid(903));
    expect(planned(HELD, leaning, writing(1), other, writing(2, undefined, 901))).toEqual([
      { ...HOLD, ifSequence: 5, write: { body: 2, record: 3 } },
      { kind: 'count', id: 'c', ifSequence: 0, write: { body: 1, record: 2 } },
    ]);
    expect(planned(HELD, leaning)).toEqual([{ ...HOLD, ifSequence: 5 }]);
  });

  it('expect nothing of the store once one of them has written the note', () => {
    expect(planned(HELD, writing(null), writing(2, 0, 901))).toEqual([{ ...HOLD, write: { body: 2, record: 1 } }]);
  });

  it('plan nothing where there is no note', () => {
    expect(planned(HELD, commandOf({ lines: [restock('STORE', MUG, 1)] }))).toBeUndefined();
    const opening = { kind: 'OpenLocation', id: uuid(1), location: { id: uuid(31), type: 'STORE', name: 'Branch' } };
    const command = parseCommand(opening, PLACES)._unsafeUnwrap();
    expect(plan(HELD, [{ command, events: [] }], { organizationId: SHOP, at: 1 }).notes).toBeUndefined();
  });

  it('leave the slice before as it was', () => {
    const after = evolve(HELD, decide(writing(null), HELD)._unsafeUnwrap());
    expect(after.notes?.get('hold')?.get('h1')).toEqual({ body: null, sequence: 0 });
    expect(HELD.notes?.get('hold')?.get('h1')?.sequence).toBe(5);
    expect(
      evolve(NEW_SHOP, decide(writing(1), NEW_SHOP)._unsafeUnwrap())
        .notes?.get('hold')
        ?.get('h1')?.sequence,
    ).toBe(null);
  });
});

describe('a command with a request under a known id', () => {
  const LINES = { lines: [restock('STORE', MUG, 3)] };
  const differ = (
    again: Omit<RecordMovementsInput, 'kind' | 'id'>,
    first: Omit<RecordMovementsInput, 'kind' | 'id'>,
  ) => {
    const { id: commandId, externalUuid, ...command } = commandOf(first);
    const events = decide({ id: commandId, externalUuid, ...command }, HELD)._unsafeUnwrap();
    return differences(commandOf(again), { commandId, externalUuid, events }).map(formatPath);
  };

  it('is the same when the request is, whatever was made of it', () => {
    const request = { post: 'h1', lines: [1, 2] };
    expect(
      differ({ request: { lines: [1, 2], post: 'h1' }, notes: [{ ...HOLD, body: 1 }] }, { ...LINES, request }),
    ).toEqual([]);
    expect(differ({ request, externalUuid: uuid(4) }, { ...LINES, request })).toEqual([]);
  });

  it('is another with another request', () => {
    const request = { post: 'h1', lines: [1, 2] };
    expect(differ({ request: { ...request, post: 'h2' } }, { request })).toEqual(['request.post']);
    expect(differ({ request: { ...request, all: true } }, { request })).toEqual(['request.all']);
    expect(differ({ request: { post: 'h1' } }, { request })).toEqual(['request.lines']);
    expect(differ({ request: { post: 'h1', lines: { 0: 1, 1: 2 } } }, { request })).toEqual(['request.lines']);
    expect(differ({ request: { post: 'h1', lines: [1] } }, { request })).toEqual(['request.lines']);
    expect(differ({ request }, LINES)).toEqual(['request']);
    expect(differ(LINES, { request })).toEqual(['request']);
  });

  it('is compared with its notes when there is no request', () => {
    const notes = [{ ...HOLD, body: { open: true } }];
    expect(differ({ notes }, { notes })).toEqual([]);
    expect(differ({ notes: [{ ...HOLD, body: { open: true }, ifSequence: 4 }] }, { notes })).toEqual([]);
    expect(differ({ notes: [{ ...HOLD, body: { open: false } }] }, { notes })).toEqual(['notes[0].body.open']);
    expect(differ(LINES, { ...LINES, notes })).toEqual(['notes']);
  });
});
