import { describe, expect, it } from 'vitest';
import {
  asOfAgrees,
  commutes,
  conserves,
  countsAgree,
  isolatesTenants,
  type JsonValue,
  keepsFloor,
  type LedgerEvent,
  type MovementLineInput,
  matchesJournal,
  type Note,
  notesAgree,
  recordsOnce,
  restock,
  type StoredRecord,
  sale,
  sequenceIsDense,
  storesAgree,
  systemLocationList,
  touches,
  touchesEnough,
} from '../src/index.ts';
import { MUG, NEW_SHOP, PLACES, uuid } from './shop.ts';
import { commandOf, lineOf } from './story.ts';

const key = (place: keyof typeof PLACES) => ({ variantId: MUG.variantId, locationId: PLACES[place] });
const row = (place: keyof typeof PLACES, onHand: number) => ({ ...key(place), onHand });

function recordOf(sequence: number, ...lines: readonly MovementLineInput[]): StoredRecord {
  const events: readonly LedgerEvent[] = [{ kind: 'MovementsRecorded', lines: lines.map(lineOf) }];
  return { sequence, recordedAt: 1_000 + sequence, commandId: uuid(sequence), externalUuid: null, events };
}

/** A first record with the system locations and a floor of 0 at STORE. */
const FOUNDING: StoredRecord = {
  ...recordOf(1),
  events: [
    ...systemLocationList(PLACES).map(location => ({ kind: 'LocationOpened', location }) as const),
    { kind: 'PolicySet', policy: { floors: { STORE: 0 } } },
  ],
};
const JOURNAL = [FOUNDING, recordOf(2, restock('STORE', MUG, 3)), recordOf(3, sale('STORE', MUG, 1))];
const BALANCES = [row('STORE', 2), row('SUPPLIER', -3), row('SOLD', 1)];

describe('each invariant holds for a sound ledger, and names what breaks it', () => {
  it('conserves: stock that came from nowhere', () => {
    expect(conserves(BALANCES)).toEqual([]);
    expect(conserves([row('STORE', 3), ...BALANCES.slice(1)])).toEqual([
      { invariant: 'conserves', variantId: MUG.variantId, sum: 1 },
    ]);
  });

  it('notesAgree: a note that says something else, was written at another time, is missing, or is one too many', () => {
    const written = (sequence: number, id: string, body: JsonValue): StoredRecord => ({
      ...recordOf(sequence),
      events: [{ kind: 'NotesWritten', notes: [{ kind: 'hold', id, body }] }],
    });
    const journal = [written(1, 'a', { n: 1, m: [2] }), written(2, 'b', 5), written(3, 'b', null), written(4, 'c', 6)];
    const [a, c] = [
      { kind: 'hold', id: 'a', body: { m: [2], n: 1 }, sequence: 1 },
      { kind: 'hold', id: 'c', body: 6, sequence: 4 },
    ] as const;
    const off = (...stored: readonly Note[]) =>
      notesAgree(journal, stored).map(breach =>
        breach.invariant === 'notesAgree' ? [breach.note.id, breach.folded, breach.stored] : breach,
      );
    const said = '{"body":6,"sequence":4}';
    expect(off(a, c)).toEqual([]);
    expect(off(a, { ...c, body: 7 })).toEqual([['c', said, '{"body":7,"sequence":4}']]);
    expect(off(a, { ...c, sequence: 3 })).toEqual([['c', said, '{"body":6,"sequence":3}']]);
    expect(off(a)).toEqual([['c', said, null]]);
    expect(off(a, c, { ...c, id: 'b' })).toEqual([['b', null, said]]);
  });

  it('matchesJournal: a balance that is off, one that is missing, one too many', () => {
    expect(matchesJournal(JOURNAL, BALANCES)).toEqual([]);
    const off = (stored: readonly ReturnType<typeof row>[]) => matchesJournal(JOURNAL, stored);
    expect(off([row('STORE', 9), ...BALANCES.slice(1)])).toEqual([
      { invariant: 'matchesJournal', ...key('STORE'), folded: 2, stored: 9 },
    ]);
    expect(off(BALANCES.slice(1))).toEqual([{ invariant: 'matchesJournal', ...key('STORE'), folded: 2, stored: 0 }]);
    expect(off([...BALANCES, row('BIN', 4)])).toEqual([
      { invariant: 'matchesJournal', ...key('BIN'), folded: 0, stored: 4 },
    ]);
  });

  it('keepsFloor: a sale that took too much, though stock came later', () => {
    expect(keepsFloor(JOURNAL)).toEqual([]);
    const oversold = [...JOURNAL, recordOf(4, sale('STORE', MUG, 5)), recordOf(5, restock('STORE', MUG, 9))];
    expect(keepsFloor(oversold)).toEqual([
      { invariant: 'keepsFloor', ...key('STORE'), sequence: 4, onHand: -3, floor: 0 },
    ]);
  });

  it('keepsFloor: a place that was never opened has no floor', () => {
    expect(keepsFloor([recordOf(1, sale('STORE', MUG, 1))])).toEqual([]);
  });

  it('keepsFloor: stock brought to a shelf below its floor breaks nothing', () => {
    const [founding, ...rest] = JOURNAL;
    const late = { ...recordOf(5), events: founding?.events.filter(event => event.kind === 'PolicySet') ?? [] };
    const opened = { ...FOUNDING, events: FOUNDING.events.filter(event => event.kind !== 'PolicySet') };
    const before = [opened, ...rest, recordOf(4, sale('STORE', MUG, 5)), late];
    expect(keepsFloor([...before, recordOf(6, restock('STORE', MUG, 1))])).toEqual([]);
    expect(keepsFloor([...before, recordOf(6, sale('STORE', MUG, 1))])).toHaveLength(1);
  });

  it('recordsOnce: a command that stands twice', () => {
    expect(recordsOnce(JOURNAL)).toEqual([]);
    const twice = [...JOURNAL, { ...recordOf(4), commandId: uuid(2) }];
    expect(recordsOnce(twice)).toEqual([{ invariant: 'recordsOnce', commandId: uuid(2), sequences: [2, 4] }]);
  });

  it('sequenceIsDense: a gap, a late start, a repetition, a clock that goes back', () => {
    expect(sequenceIsDense(JOURNAL)).toEqual([]);
    expect(sequenceIsDense([...JOURNAL, recordOf(5)])).toMatchObject([
      { invariant: 'sequenceIsDense', after: 3, sequence: 5 },
    ]);
    expect(sequenceIsDense(JOURNAL.slice(1))).toMatchObject([{ after: 0, sequence: 2 }]);
    expect(sequenceIsDense([...JOURNAL, recordOf(3)])).toMatchObject([{ after: 3, sequence: 3 }]);
    expect(sequenceIsDense([...JOURNAL, { ...recordOf(4), recordedAt: 0 }])).toMatchObject([
      { sequence: 4, recordedAt: 0 },
    ]);
  });

  it('touchesEnough: a key that is not among those of touches', () => {
    const slice = {
      ...NEW_SHOP,
      policy: { floors: { STORE: 0 } },
      onHand: new Map([[MUG.variantId, new Map([[PLACES.STORE, 3]])]]),
    };
    const command = commandOf(sale('STORE', MUG, 2));
    expect(touchesEnough(command, slice)).toEqual([]);
    const breach = [{ invariant: 'touchesEnough', commandId: command.id }];
    for (const kind of ['balances', 'locations', 'products'] as const)
      expect(touchesEnough(command, slice, { ...touches(command), [kind]: [] })).toEqual(breach);
  });

  it('isolatesTenants and storesAgree: the first place where two answers differ', () => {
    const answer = { records: [{ sequence: 1 }, { sequence: 2 }], next: null };
    expect(isolatesTenants(answer, structuredClone(answer))).toEqual([]);
    expect(storesAgree(answer, structuredClone(answer))).toEqual([]);
    const other = { records: [{ sequence: 1 }, { sequence: 3 }], next: null };
    expect(isolatesTenants(answer, other)).toEqual([{ invariant: 'isolatesTenants', at: '/records/1/sequence' }]);
    expect(storesAgree(answer, other)).toEqual([{ invariant: 'storesAgree', at: '/records/1/sequence' }]);
    expect(storesAgree([1], [1, 2])).toEqual([{ invariant: 'storesAgree', at: '/1' }]);
    expect(storesAgree({ next: null }, { next: 'x' })).toHaveLength(1);
  });

  it('asOfAgrees: a balance of another sequence', () => {
    const then = [row('STORE', 3), row('SUPPLIER', -3)];
    expect(asOfAgrees(JOURNAL, 2, then)).toEqual([]);
    expect(asOfAgrees(JOURNAL, 1, [])).toEqual([]);
    expect(asOfAgrees(JOURNAL, 2, BALANCES)).toEqual([
      { invariant: 'asOfAgrees', ...key('STORE'), sequence: 2, folded: 3, stored: 2 },
      { invariant: 'asOfAgrees', ...key('SOLD'), sequence: 2, folded: 0, stored: 1 },
    ]);
  });

  it('countsAgree: rows of a kind of which the journal has none, and rows without a head', () => {
    expect(countsAgree({ record: 2 }, { record: 2, note: 0 }, true)).toEqual([]);
    expect(countsAgree({ record: 2 }, { record: 2, note: 1 }, true)).toEqual([
      { invariant: 'countsAgree', what: 'note', folded: 0, stored: 1 },
    ]);
    expect(countsAgree({}, { record: 0, note: 1 }, false)).toEqual([
      { invariant: 'countsAgree', what: 'head', folded: 1, stored: 0 },
    ]);
  });

  it('commutes: a movement that got lost on the way', () => {
    const lines = [restock('STORE', MUG, 3), sale('STORE', MUG, 1)].map(lineOf);
    expect(commutes(lines, lines.toReversed())).toEqual([]);
    expect(commutes(lines, lines.slice(0, 1)).map(breach => breach.invariant)).toEqual(['commutes', 'commutes']);
  });
});
