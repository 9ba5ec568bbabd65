import {
  type Breach,
  Fold,
  floorOf,
  follows,
  keepsFloor,
  type LocationType,
  linesOf,
  type MovementLine,
  NO_FLOORS,
  onHandOf,
  type Policy,
  recordsOnce,
  type StoredRecord,
} from '@stockfold/core';

/** The lines of a command with the ids of its locations spelt out; quantities are smallest units. */
export type SentLine = Readonly<{ productId: string; variantId: string; from: string; to: string; quantity: number }>;

/**
 * One attempt of a client, and what it was told. Times may be of any unit, by one monotonic clock for all clients; on
 * one machine `process.hrtime` is such a clock for all processes.
 */
export type Call =
  | Readonly<{
      kind: 'execute';
      commandId: string;
      lines: readonly SentLine[];
      sentAt: number;
      answeredAt: number;
      /** `unknown` for an attempt that was not answered, or whose outcome nobody knows. */
      answer:
        | Readonly<{ kind: 'recorded'; sequence: number; recordedAt: number; replayed: boolean }>
        | Readonly<{ kind: 'short' }>
        | Readonly<{ kind: 'unknown' }>;
    }>
  | Readonly<{
      kind: 'read';
      variantId: string;
      locationId: string;
      sentAt: number;
      answeredAt: number;
      onHand: number;
      asOf: number;
    }>;

type Execute = Extract<Call, { kind: 'execute' }>;
type Read = Extract<Call, { kind: 'read' }>;

/**
 * What is wrong with a history: a breach of an invariant, or a promise to a client that was not kept. Amounts are smallest
 * units.
 */
export type HistoryFlaw =
  | Breach
  | Readonly<{ promise: 'acknowledged stays' | 'applied once' | 'refused is not recorded'; call: Execute }>
  | Readonly<{ promise: 'real time'; call: Call; after: number }>
  | Readonly<{ promise: 'a read is of one moment'; call: Read; folded: number }>
  | Readonly<{ promise: 'a refusal is right at some moment of the call'; call: Execute }>;

/**
 * Whether what some clients were told is strictly serializable: the journal is the order, so nothing is searched for
 * and the cost is that of sorting the calls.
 *
 * Each acknowledged command stands where its receipt says, with its content, and was applied once; each read is the
 * fold of the journal up to its `asOf`; whatever was answered before a call began comes before it; and each refusal
 * for want of stock is right at a moment between the call and its answer.
 *
 * @param records - The whole journal, in order.
 * @returns The flaws; none when the history holds.
 * @see Jepsen's analysis of TigerBeetle 0.16.11, on checking by timestamps in linear time.
 */
export function checkHistory(records: readonly StoredRecord[], calls: readonly Call[]): readonly HistoryFlaw[] {
  const executes = calls.filter(call => call.kind === 'execute');
  return [
    ...records.flatMap((record, index) => follows(records[index - 1] ?? { sequence: 0, recordedAt: 0 }, record)),
    ...recordsOnce(records),
    ...keepsFloor(records),
    ...receiptsHold(records, executes),
    ...refusedIsAbsent(records, calls),
    ...realTimeHolds(records, calls),
    ...momentsHold(records, calls),
  ];
}

function receiptsHold(records: readonly StoredRecord[], calls: readonly Execute[]): readonly HistoryFlaw[] {
  const applied = new Set<string>();
  return calls.flatMap((call): readonly HistoryFlaw[] => {
    if (call.answer.kind !== 'recorded') return [];
    const record = records[call.answer.sequence - 1];
    const isThere =
      record?.commandId === call.commandId &&
      record.recordedAt === call.answer.recordedAt &&
      contentOf(linesOf(record)) === contentOf(call.lines);
    if (!isThere) return [{ promise: 'acknowledged stays', call }];
    if (call.answer.replayed) return [];
    const isSecond = applied.has(call.commandId);
    applied.add(call.commandId);
    return isSecond ? [{ promise: 'applied once', call }] : [];
  });
}

/**
 * What was only ever refused is not there; after an attempt with an unknown outcome it may be. And what somebody had
 * been told is there is not refused any more: it is answered with its receipt.
 */
function refusedIsAbsent(records: readonly StoredRecord[], calls: readonly Call[]): readonly HistoryFlaw[] {
  const sequences = new Map<string, number>(records.map(record => [record.commandId, record.sequence]));
  const executes = calls.filter(call => call.kind === 'execute');
  const maybe = new Set(executes.filter(call => call.answer.kind !== 'short').map(call => call.commandId));
  const told = toldHeads(calls);
  return executes
    .filter(({ commandId, answer, sentAt }) => {
      const sequence = sequences.get(commandId);
      if (sequence === undefined) return false;
      return !maybe.has(commandId) || (answer.kind === 'short' && sequence <= told(sentAt));
    })
    .map(call => ({ promise: 'refused is not recorded', call }));
}

/** Whatever was answered before a command was first sent, or a read began, comes before it. */
function realTimeHolds(records: readonly StoredRecord[], calls: readonly Call[]): readonly HistoryFlaw[] {
  const sequences = new Map<string, number>(records.map(record => [record.commandId, record.sequence]));
  const sent = firstSentAt(calls);
  const told = toldHeads(calls);
  return calls.flatMap((call): readonly HistoryFlaw[] => {
    const after = told(call.kind === 'read' ? call.sentAt : (sent.get(call.commandId) ?? call.sentAt));
    const isLate =
      call.kind === 'read' ? call.asOf < after : (sequences.get(call.commandId) ?? Number.POSITIVE_INFINITY) <= after;
    return isLate ? [{ promise: 'real time', call, after }] : [];
  });
}

function firstSentAt(calls: readonly Call[]): ReadonlyMap<string, number> {
  const sent = new Map<string, number>();
  for (const call of calls)
    if (call.kind === 'execute')
      sent.set(call.commandId, Math.min(call.sentAt, sent.get(call.commandId) ?? call.sentAt));
  return sent;
}

/** The highest sequence that any client had been told of before a moment. */
function toldHeads(calls: readonly Call[]): (moment: number) => number {
  const answers = calls
    .flatMap(call => {
      if (call.kind === 'read') return [{ at: call.answeredAt, head: call.asOf }];
      return call.answer.kind === 'recorded' ? [{ at: call.answeredAt, head: call.answer.sequence }] : [];
    })
    .sort((a, b) => a.at - b.at);
  let highest = 0;
  const heads = answers.map(({ head }) => {
    highest = Math.max(highest, head);
    return highest;
  });
  return moment => {
    let low = 0;
    for (let high = answers.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((answers[middle]?.at ?? 0) < moment) low = middle + 1;
      else high = middle;
    }
    return heads[low - 1] ?? 0;
  };
}

/** A refusal, and the longest that the journal can have been at its answer. */
type Refusal = Readonly<{ call: Execute; until: number }>;

/** Goes through the journal once, and looks at each moment for the reads and the refusals that are of it. */
function momentsHold(records: readonly StoredRecord[], calls: readonly Call[]): readonly HistoryFlaw[] {
  const reads = new Map<number, Read[]>();
  for (const call of calls) if (call.kind === 'read') push(reads, call.asOf, call);
  const refusals = refusalsByStart(records, calls);
  const shelf = new Shelf(records[0]);
  const flaws = readsOfTheLost(records, calls);
  let open: readonly Refusal[] = [];
  for (let head = 0; head <= records.length; head++) {
    if (head > 0) shelf.add(records[head - 1] as StoredRecord);
    for (const call of reads.get(head) ?? []) {
      const folded = shelf.onHand(call);
      if (folded !== call.onHand) flaws.push({ promise: 'a read is of one moment', call, folded });
    }
    open = [...open, ...(refusals.get(head) ?? [])].filter(({ call }) => !shelf.isShortOf(call.lines));
    flaws.push(...open.filter(({ until }) => until <= head).map(({ call }) => unexplained(call)));
    open = open.filter(({ until }) => until > head);
  }
  return [...flaws, ...open.map(({ call }) => unexplained(call))];
}

/** Reads as of a sequence that the journal does not have, or has not any more. */
function readsOfTheLost(records: readonly StoredRecord[], calls: readonly Call[]): HistoryFlaw[] {
  return calls
    .filter(call => call.kind === 'read' && call.asOf > records.length)
    .map(call => ({ promise: 'a read is of one moment', call: call as Read, folded: Number.NaN }));
}

function unexplained(call: Execute): HistoryFlaw {
  return { promise: 'a refusal is right at some moment of the call', call };
}

/** By the head that had been told of before the call. */
function refusalsByStart(
  records: readonly StoredRecord[],
  calls: readonly Call[],
): ReadonlyMap<number, readonly Refusal[]> {
  const told = toldHeads(calls);
  const sent = firstSentAt(calls);
  const sentAt = records.map(record => sent.get(record.commandId) ?? Number.NEGATIVE_INFINITY);
  const starts = new Map<number, Refusal[]>();
  // An empty journal holds no policy to judge a refusal by.
  if (records.length === 0) return starts;
  for (const call of calls) {
    if (call.kind !== 'execute' || call.answer.kind !== 'short') continue;
    const start = told(call.sentAt);
    let until = start;
    // A record that was sent after the answer was not there at the answer, and neither was any after it.
    while (until < records.length && (sentAt[until] as number) <= call.answeredAt) until++;
    push(starts, start, { call, until });
  }
  return starts;
}

function push<T>(lists: Map<number, T[]>, at: number, item: T): void {
  const list = lists.get(at);
  if (list === undefined) lists.set(at, [item]);
  else list.push(item);
}

/** The balances and floors at one moment of the journal. */
class Shelf {
  readonly #fold = new Fold();
  readonly #types = new Map<string, LocationType>();
  #policy: Policy = NO_FLOORS;

  /** @param first - What its policy is holds before it too: a ledger refuses by the policy that it would found with. */
  constructor(first: StoredRecord | undefined) {
    if (first !== undefined) this.#configure(first);
  }

  add(record: StoredRecord): void {
    this.#configure(record);
    this.#fold.addRecord(record);
  }

  #configure({ events }: StoredRecord): void {
    for (const event of events) {
      if (event.kind === 'PolicySet') this.#policy = event.policy;
      if (event.kind === 'LocationOpened') this.#types.set(event.location.id, event.location.type);
    }
  }

  onHand(key: Readonly<{ variantId: string; locationId: string }>): number {
    return onHandOf(this.#fold.onHand, key as Parameters<typeof onHandOf>[1]);
  }

  /** Whether the lines would take a balance below its floor. */
  isShortOf(lines: readonly SentLine[]): boolean {
    const wanted = new Fold().add(lines as readonly MovementLine[]);
    return [...wanted.entries()].some(({ variantId, locationId, onHand: delta }) => {
      const type = this.#types.get(locationId);
      if (type === undefined || delta >= 0) return false;
      const floor = floorOf(this.#policy, { variantId, locationId }, type);
      return this.onHand({ variantId, locationId }) + delta < floor;
    });
  }
}

function contentOf(lines: readonly SentLine[]): string {
  return JSON.stringify(lines.map(line => [line.productId, line.variantId, line.from, line.to, line.quantity]));
}
