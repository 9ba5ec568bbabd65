import type { EnumerationOptions } from '../../src/index.ts';

type Scenario = EnumerationOptions['scenario'];

/** Short stories in which every fault and every pair of faults is placed. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'two processes sell the last two pieces': {
    processes: 2,
    stock: [2, 0],
    floor: true,
    clients: [[{ kind: 'sell', pieces: [2, 0] }], [{ kind: 'sell', pieces: [1, 0] }]],
  },
  'a sale, sent again by another client, and a restock': {
    processes: 2,
    stock: [1, 1],
    floor: true,
    clients: [
      [{ kind: 'sell', pieces: [1, 1] }],
      [
        { kind: 'repeat', client: 0, op: 0 },
        { kind: 'restock', pieces: [1, 0] },
      ],
    ],
  },
  'tracking stops while it is sold, and a location opens': {
    processes: 2,
    stock: [1, 1],
    floor: false,
    clients: [
      [{ kind: 'track', start: false }],
      [
        { kind: 'sell', pieces: [0, 1] },
        { kind: 'open', location: 0 },
      ],
    ],
  },
  'a restock is taken back': {
    processes: 1,
    stock: [1, 0],
    floor: true,
    clients: [[{ kind: 'reverse', client: 0, op: null, force: false }]],
  },
};

/** Stories of so many calls that each fault is placed alone. */
export const LONG_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a shelf is counted while it is sold from, and the first restock is taken back by force': {
    processes: 2,
    stock: [2, 0],
    floor: true,
    clients: [
      [
        { kind: 'count', pieces: 1, agoMs: 0 },
        { kind: 'count', pieces: 2, agoMs: 40 },
      ],
      [
        { kind: 'sell', pieces: [1, 0] },
        { kind: 'reverse', client: 0, op: null, force: true },
      ],
    ],
  },
  'a piece is held, posted, and counted': {
    processes: 2,
    stock: [2, 0],
    floor: true,
    holds: true,
    clients: [
      [
        { kind: 'reserve', hold: 0, pieces: 1 },
        { kind: 'post', hold: 0, pieces: null },
      ],
      [{ kind: 'count', pieces: 1, agoMs: 0 }],
    ],
  },
};
