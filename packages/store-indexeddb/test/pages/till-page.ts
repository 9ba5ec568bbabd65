import {
  createLedger,
  type ExecuteError,
  type Ledger,
  type Receipt,
  restock,
  sale,
  startTracking,
} from '@stockfold/core';
import { createIndexedDbStore, createJournaledStore, type IndexedDbStore, type Loss } from '@stockfold/store-indexeddb';
import { createTestWorker } from './test-worker.ts';

const MUG = {
  productId: '65314d7e-5f0f-11ec-bf63-0242ac130002',
  variantId: '78194842-5f0f-11ec-bf63-0242ac130002',
};

let store: IndexedDbStore;
let ledger: Ledger;
const losses: Loss[] = [];

/** What a test can make the page do; all of it can be sent over the wire. */
const till = {
  open: async ({ name, isJournaled }: { name: string; isJournaled: boolean }) => {
    const onLost = (loss: Loss) => losses.push(loss);
    store = isJournaled
      ? createJournaledStore({ name, worker: createTestWorker(), onLost })
      : createIndexedDbStore({ name, onLost });
    ledger = createLedger({ store, policy: { floors: { STORE: 0 } } });
    await till.journal();
    return till.losses();
  },
  losses: () => losses,
  restock: async (id: string, quantity: number) =>
    (
      await ledger.execute({
        kind: 'RecordMovements',
        id,
        tracking: [startTracking(MUG.productId)],
        lines: [restock('STORE', MUG, quantity)],
      })
    ).match(value => value, fail),
  /** Sells one mug under each id, several at a time, and posts every answer. */
  sell: async (ids: readonly string[], atOnce: number) => {
    const left = [...ids];
    const kinds: Record<string, number> = {};
    const sellOn = async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        const sentAt = now();
        const result = await ledger.execute({ kind: 'RecordMovements', id, lines: [sale('STORE', MUG, 1)] });
        const answer = result.match<{ kind: string }>(recorded, refused);
        kinds[answer.kind] = (kinds[answer.kind] ?? 0) + 1;
        void post({ kind: 'execute', commandId: id, lines: [lineOf()], sentAt, answeredAt: now(), answer });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sellOn));
    await posted;
    return kinds;
  },
  /** Takes the room that this site may have, in a database of its own. */
  ballast: async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('ballast');
      request.onupgradeneeded = () => request.result.createObjectStore('bytes', { autoIncrement: true });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (let isFull = false; !isFull; ) {
      const tx = db.transaction('bytes', 'readwrite');
      const bytes = Array.from({ length: 8 }, () => crypto.getRandomValues(new Uint8Array(65_536)));
      for (const part of bytes) tx.objectStore('bytes').put(part);
      isFull = await new Promise<boolean>(resolve => {
        tx.oncomplete = () => resolve(false);
        tx.onabort = () => resolve(true);
      });
    }
    db.close();
  },
  /** Brings new variants, 1,000 at a time, until a command is refused. */
  fill: async (commands: number) => {
    let last: Receipt | null = null;
    for (let count = 0; count < commands; count++) {
      const lines = Array.from({ length: 1_000 }, () =>
        restock('STORE', { productId: MUG.productId, variantId: crypto.randomUUID() }, 1),
      );
      const tracking = [startTracking(MUG.productId)];
      const result = await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines });
      if (result.isErr()) return { last, error: result.error.kind };
      last = result.value;
    }
    return { last, error: null };
  },
  journal: async () => {
    const records = [];
    for (let after = 0; ; ) {
      const { items, next } = (await ledger.journal({ after, limit: 1_000 })).match(value => value, fail);
      records.push(...items);
      if (next === null) return records;
      after = Number(next);
    }
  },
  tryToRead: async () =>
    (await ledger.journal({ limit: 1 })).match(
      () => 'read',
      ({ kind }) => kind,
    ),
  verify: async () => (await ledger.verify()).match(value => value, fail),
  onHand: async () =>
    (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId })).match(value => value, fail).onHand,
  close: async () => (await ledger.close()).match(value => value, fail),
};

export type Till = typeof till;

Object.assign(globalThis, { till });

function lineOf() {
  const { STORE: from, SOLD: to } = ledger.systemLocations;
  return { ...MUG, from, to, quantity: 1 };
}

function recorded({ sequence, recordedAt, replayed }: Receipt) {
  return { kind: 'recorded', sequence, recordedAt, replayed };
}

function refused({ kind }: ExecuteError) {
  return { kind: kind === 'StockInsufficient' ? 'short' : kind };
}

/** So that the test is told what went wrong. */
function fail(error: { kind: string; message?: string; cause?: unknown }): never {
  throw new Error(`${error.kind}: ${error.message ?? ''} ${String(error.cause ?? '')}`);
}

const unposted: unknown[] = [];
let posted: Promise<unknown> = Promise.resolve();

/** One request at a time with all that there is to tell: a browser refuses a page that has thousands under way. */
function post(call: unknown): Promise<unknown> {
  unposted.push(call);
  posted = posted.then(() => {
    const calls = unposted.splice(0);
    return calls.length === 0 ? undefined : fetch('/calls', { method: 'POST', body: JSON.stringify(calls) });
  });
  return posted;
}

/** One clock for all pages of a machine. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
