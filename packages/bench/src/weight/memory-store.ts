import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Contest, Sample } from '../row.ts';

const MEASURE = fileURLToPath(new URL('./measure.ts', import.meta.url));

/** What the memory store keeps of each, against how much it may: the reference is a limit and no measurement. */
export const memoryStoreWeight: Contest = {
  rows: [rowOf('movement', 'perMovement'), rowOf('balance', 'perBalance'), rowOf('command-id', 'perCommandId')],
  repetitionsMax: 1,
  open: async () => ({
    ours: measure,
    reference: async () => ({ perMovement: 120, perBalance: 60, perCommandId: 100 }),
    close: async () => undefined,
  }),
};

function rowOf(name: string, figure: string): Contest['rows'][number] {
  return { name: `weight/${name}`, figure, unit: 'bytes', target: { atMost: 1 } };
}

/** In a process of its own: nobody else's garbage is weighed. */
async function measure(): Promise<Sample> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', MEASURE]);
  return JSON.parse(stdout);
}
