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
};
