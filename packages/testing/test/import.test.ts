import {
  type Commit,
  type Committed,
  createLedger,
  exportJournal,
  type ImportRejected,
  importJournal,
  type Ledger,
  type LedgerStore,
  restock,
  type StoredRecord,
  type StoreFault,
  sale,
  startTracking,
  storeFault,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, okAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const ORGANIZATION = '00000000-0000-8000-8000-000000000001';

/** Four records with a floor of 0 in the STORE: 3 mugs come at 5, two leave at 6, both in one commit; one leaves at 7. */
async function history(): Promise<Ledger> {
  let time = 5;
  const store = createMemoryStore();
  const ledger = createLedger({ store, policy: { floors: { STORE: 0 } }, clock: () => time++ });
  const kind = 'RecordMovements' as const;
  const sell = (id: number) => ({ kind, id: numberedId(0xd, id), lines: [sale('STORE', MUG, 1)] });
  const tracking = [startTracking(MUG.productId)];
  await ledger.execute({ kind, id: numberedId(0xd, 1), tracking, lines: [restock('STORE', MUG, 3)] });
  await ledger.executeAll([sell(2), sell(3)]);
  await ledger.execute(sell(4));
  return ledger;
}

async function exported(ledger: Ledger): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of exportJournal(ledger)) lines.push(line._unsafeUnwrap());
  return lines;
}

const LINES = await exported(await history());

/** The lines with one of them changed. */
function changed(line: number, change: (record: StoredRecord) => unknown): readonly string[] {
  return LINES.map((text, index) => (index === line - 1 ? `${JSON.stringify(change(JSON.parse(text)))}\n` : text));
}

const inEvents =
  (from: string, to: string) =>
  (record: StoredRecord): unknown =>
    JSON.parse(JSON.stringify(record).replaceAll(from, to));

async function rejected(
  lines: readonly string[],
  store: LedgerStore = createMemoryStore(),
): Promise<ImportRejected | StoreFault> {
  return (await importJournal({ store, lines }))._unsafeUnwrapErr();
}

describe('an exported journal', () => {
  it('is a header and a line for each record, with the fields of each object in the order of their names', () => {
    expect(LINES).toHaveLength(5);
    expect(LINES[0]).toBe(
      `{"format":"stockfold-journal","organizationId":"${ORGANIZATION}","sequence":4,"version":1}\n`,
    );
    const line = `{"from":"00000000-0000-8100-8000-000000000001","productId":"${MUG.productId}","quantity":1,"to":"00000000-0000-8300-8000-000000000001","variantId":"${MUG.variantId}"}`;
    expect(LINES[4]).toBe(
      `{"commandId":"${numberedId(0xd, 4)}","events":[{"kind":"MovementsRecorded","lines":[${line}]}],"externalUuid":null,"recordedAt":7,"sequence":4}\n`,
    );
  });

  it('ends with the record that was the last one when it began', async () => {
    const ledger = await history();
    const lines: string[] = [];
    for await (const line of exportJournal(ledger)) {
      lines.push(line._unsafeUnwrap());
      const more = { lines: [restock('STORE', MUG, 1)], id: ledger.newId() };
      if (lines.length === 2) (await ledger.execute({ kind: 'RecordMovements', ...more }))._unsafeUnwrap();
    }
    expect(lines).toEqual(LINES);
  });

  it('ends before its head, where records are missing', async () => {
    const store = createMemoryStore();
    const journal = () => okAsync({ items: [], next: null, asOf: 4 });
    const lines = await exported(createLedger({ store: { ...store, journal } }));
    expect(lines).toEqual(LINES.slice(0, 1));
    expect(await rejected(lines)).toMatchObject({ reason: 'Incomplete', line: 1, applied: 0 });
  });

  it('ends with the fault when it cannot be read on', async () => {
    const fault = storeFault('StoreUnavailable', 'gone');
    const ledger = createLedger({ store: { ...createMemoryStore(), journal: () => errAsync(fault) } });
    const items = [];
    for await (const line of exportJournal(ledger)) items.push(line.isOk() ? 'line' : line.error);
    expect(items).toEqual([fault]);
  });
});

describe('an import', () => {
  it('records all that was recorded, under the same ids and times, and says how far it is', async () => {
    const store = createMemoryStore();
    const seen: number[] = [];
    const imported = await importJournal({ store, lines: LINES, onProgress: sequence => seen.push(sequence) });
    expect(imported._unsafeUnwrap()).toEqual({ organizationId: ORGANIZATION, sequence: 4, written: 4 });
    // What was of one time is one commit.
    expect(seen).toEqual([1, 3, 4]);
    const ledger = createLedger({ store });
    expect(await exported(ledger)).toEqual(LINES);
    expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 4 });
    const again = { kind: 'RecordMovements', id: numberedId(0xd, 4), lines: [sale('STORE', MUG, 1)] } as const;
    expect((await ledger.execute(again))._unsafeUnwrap()).toMatchObject({ sequence: 4, recordedAt: 7, replayed: true });
  });

  it('of an empty journal writes nothing', async () => {
    const lines = [...(await exported(createLedger({ store: createMemoryStore() }))), '\n'];
    const imported = await importJournal({ store: createMemoryStore(), lines });
    expect(imported._unsafeUnwrap()).toEqual({ organizationId: ORGANIZATION, sequence: 0, written: 0 });
  });

  it('goes on where an earlier one has ended', async () => {
    const store = createMemoryStore();
    expect(await rejected(LINES.slice(0, 3), store)).toMatchObject({ reason: 'Incomplete', line: 3, applied: 2 });
    const imported = (await importJournal({ store, lines: LINES }))._unsafeUnwrap();
    expect(imported).toMatchObject({ sequence: 4, written: 2 });
    expect((await importJournal({ store, lines: LINES }))._unsafeUnwrap()).toMatchObject({ sequence: 4, written: 0 });
    expect(await exported(createLedger({ store }))).toEqual(LINES);
  });

  it('takes no more into a commit than a ledger would', async () => {
    const store = createMemoryStore();
    const ledger = createLedger({ store: createMemoryStore(), clock: () => 5 });
    const at = (number: number) => ({ productId: MUG.productId, variantId: numberedId(0xc, number) });
    for (const size of [900, 900, 900, ...Array(1_100).fill(1)]) {
      const lines = Array.from({ length: size }, (_, index) => restock('STORE', at(index + 1), 1));
      const tracking = [startTracking(MUG.productId)];
      (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines }))._unsafeUnwrap();
    }
    const commits: number[] = [];
    const counting = {
      ...store,
      commit: (commit: Commit) => {
        commits.push(commit.records.length);
        return store.commit(commit);
      },
    };
    (await importJournal({ store: counting, lines: await exported(ledger) }))._unsafeUnwrap();
    expect(commits).toEqual([2, 101, 256, 256, 256, 232]);
  });

  it.each<[string, readonly string[], Partial<ImportRejected>]>([
    ['no text at all', [], { reason: 'LineInvalid', line: 0, applied: 0 }],
    ['a line that is no JSON', [...LINES.slice(0, 2), '{'], { reason: 'LineInvalid', line: 3, applied: 1 }],
    ['a line that is no record', [...LINES.slice(0, 2), 'null'], { reason: 'LineInvalid', line: 3, applied: 1 }],
    ['a journal without header', LINES.slice(1), { reason: 'LineInvalid', line: 1, applied: 0 }],
    [
      'a header without an end',
      changed(1, header => ({ ...header, sequence: '4' })),
      { reason: 'LineInvalid', line: 1, applied: 0 },
    ],
    ['what is no header', ['null'], { reason: 'LineInvalid', line: 1, applied: 0 }],
    [
      'a header of a later version',
      changed(1, header => ({ ...header, version: 2 })),
      { reason: 'VersionUnknown', line: 1, applied: 0 },
    ],
    [
      'a journal with a hole',
      LINES.filter((_, index) => index !== 2),
      { reason: 'SequenceNotDense', line: 3, applied: 1 },
    ],
    [
      'more than its header names',
      changed(1, header => ({ ...header, sequence: 2 })),
      { reason: 'SequenceNotDense', line: 4, applied: 2 },
    ],
    [
      'a time that goes back',
      changed(5, record => ({ ...record, recordedAt: 4 })),
      { reason: 'SequenceNotDense', line: 5, applied: 3 },
    ],
    [
      'an event that is none',
      changed(3, record => ({ ...record, events: [null] })),
      { reason: 'LineInvalid', line: 3, applied: 1 },
    ],
    [
      'a location that is none',
      changed(3, record => ({ ...record, events: [{ kind: 'LocationOpened' }] })),
      { reason: 'LineInvalid', line: 3, applied: 1 },
    ],
    [
      'an event of a kind that there is not',
      changed(3, record => ({ ...record, events: [...record.events, { kind: 'Stolen' }] })),
      { reason: 'RecordInvalid', line: 3, applied: 1 },
    ],
    [
      'a field that no record has',
      changed(3, record => ({ ...record, by: 'Ann' })),
      { reason: 'RecordInvalid', line: 3, applied: 1 },
    ],
    [
      'a record of nothing',
      changed(3, record => ({ ...record, events: [] })),
      { reason: 'RecordInvalid', line: 3, applied: 1 },
    ],
    [
      'a quantity that is none',
      changed(3, inEvents('"quantity":1', '"quantity":-1')),
      { reason: 'RecordInvalid', line: 3, applied: 1 },
    ],
    [
      'the name of a location where its id belongs',
      changed(3, inEvents('00000000-0000-8100-8000-000000000001', 'STORE')),
      { reason: 'RecordInvalid', line: 3, applied: 1 },
    ],
    [
      'a command under two sequences',
      changed(5, record => ({ ...record, commandId: numberedId(0xd, 2) })),
      { reason: 'RecordDiffers', line: 5, applied: 3 },
    ],
    [
      'a command twice at one time',
      changed(4, record => ({ ...record, commandId: numberedId(0xd, 2) })),
      { reason: 'RecordDiffers', line: 4, applied: 2 },
    ],
    [
      'an organization that opens without its system locations',
      changed(2, record => ({ ...record, events: record.events.slice(4) })),
      { reason: 'RecordInvalid', line: 2, applied: 0 },
    ],
    [
      'an organization with one system location in two places',
      changed(2, inEvents('8200', '8100')),
      { reason: 'RecordInvalid', line: 2, applied: 0 },
    ],
    [
      'an organization whose bin is where it has sold to',
      changed(2, inEvents('8400', '8300')),
      { reason: 'RecordInvalid', line: 2, applied: 0 },
    ],
    [
      'a system location whose id is none',
      changed(2, record => ({
        ...record,
        events: record.events.map(event =>
          event.kind === 'LocationOpened' ? { ...event, location: { ...event.location, id: 'shelf' } } : event,
        ),
      })),
      { reason: 'RecordInvalid', line: 2, applied: 0 },
    ],
    [
      'system locations that are opened again',
      changed(3, record => ({
        ...record,
        events: [...JSON.parse(LINES[1] as string).events.slice(0, 4), ...record.events],
      })),
      { reason: 'RecordInvalid', line: 3, applied: 1 },
    ],
    [
      'a policy that is none',
      changed(2, inEvents('"STORE":0', '"STORE":"0"')),
      { reason: 'RecordInvalid', line: 2, applied: 0 },
    ],
  ])('refuses %s', async (_, lines, expected) => {
    expect(await rejected(lines)).toEqual({ kind: 'ImportRejected', retry: 'never', ...expected });
  });

  it('refuses what the rules refuse, and says why; what came before is in the store', async () => {
    const store = createMemoryStore();
    const lines = changed(4, inEvents('"quantity":1', '"quantity":3'));
    expect(await rejected(lines, store)).toMatchObject({
      reason: 'Refused',
      line: 4,
      applied: 2,
      rejection: { kind: 'StockInsufficient', shortages: [{ onHand: 2, requested: 3 }] },
    });
    expect((await exported(createLedger({ store }))).slice(1)).toEqual(LINES.slice(1, 3));
    expect((await importJournal({ store, lines: LINES }))._unsafeUnwrap()).toMatchObject({ written: 2 });
  });

  it('refuses what had not occurred when it was recorded', async () => {
    const lines = changed(5, record => ({
      ...record,
      events: [...record.events, { kind: 'Attributed', provenance: { occurredAt: record.recordedAt + 300_001 } }],
    }));
    expect(await rejected(lines)).toMatchObject({ reason: 'Refused', line: 5, rejection: { kind: 'OccursLater' } });
  });

  it('refuses to go on in a store that holds another journal, or more of it', async () => {
    const store = createMemoryStore();
    (await importJournal({ store, lines: LINES }))._unsafeUnwrap();
    const other = changed(4, record => ({ ...record, commandId: numberedId(0xd, 9) }));
    expect(await rejected(other, store)).toMatchObject({ reason: 'RecordDiffers', line: 4, applied: 2 });
  });

  it('ends when somebody else writes to the organization', async () => {
    const answering = (answer: Committed): LedgerStore => ({ ...createMemoryStore(), commit: () => okAsync(answer) });
    const committed = { kind: 'committed', before: [], known: [] } as const;
    for (const answer of [
      { kind: 'configChanged' },
      { ...committed, firstSequence: 2, recordedAt: 5 },
      { ...committed, firstSequence: 1, recordedAt: 6 },
    ] as const)
      expect(await rejected(LINES, answering(answer))).toMatchObject({ reason: 'Contended', line: 2 });
  });

  it.each(['load', 'commit', 'journal'] as const)('gives the fault of %s when it fails', async call => {
    const fault = storeFault('StoreUnavailable', 'gone');
    const store = { ...createMemoryStore(), [call]: () => errAsync(fault) };
    expect(await rejected(LINES, store)).toEqual(fault);
    // Also at the end of a batch that ends with another line, and of one that ends for want of room.
    expect(await rejected([...LINES.slice(0, 2), 'null'], store)).toEqual(fault);
    expect(await rejected(LINES.slice(0, 2), store)).toEqual(fault);
  });

  it('gives the fault when the store cannot be compared', async () => {
    const inner = createMemoryStore();
    (await importJournal({ store: inner, lines: LINES }))._unsafeUnwrap();
    const fault = storeFault('StoreUnavailable', 'gone');
    let reads = 0;
    const journal: LedgerStore['journal'] = query => (reads++ === 0 ? inner.journal(query) : errAsync(fault));
    const store = { ...inner, journal };
    expect(await rejected(LINES, store)).toEqual(fault);
  });
});
