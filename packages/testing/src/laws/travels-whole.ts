import {
  createLedger,
  exportJournal,
  importJournal,
  type Ledger,
  type LedgerStore,
  storesAgree,
} from '@stockfold/core';
import fc from 'fast-check';
import { setting, withSettings } from '../arbitraries/setting.ts';
import type { World } from '../arbitraries/world.ts';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { assertNone, assertThat, type Law, type OpenLedger, onLedger } from './law.ts';
import { readBalances } from './read-ledger.ts';

const day = fc.record({ busy: busyDay, settings: fc.array(setting, { maxLength: 3 }) });

/**
 * For any history: its journal, exported and imported into an empty store, is exported as the same text, byte for byte, and
 * gives the same balances; and nothing is wrong there.
 *
 * @param openStore - Opens a fresh, empty store; the law closes it.
 */
export function travelsWhole(open: OpenLedger, openStore: () => LedgerStore | Promise<LedgerStore>): Law {
  return fc.asyncProperty(day, ({ busy: { world, policy, commands, width }, settings }) =>
    onLedger(open, { organizationId: world.organizationId, policy }, async ledger => {
      await deliver(ledger, withSettings(world, commands, settings), width);
      await furnish(ledger, world);
      const lines = await exported(ledger);
      const store = await openStore();
      const copy = createLedger({ store, organizationId: world.organizationId });
      try {
        const imported = await importJournal({ store, lines });
        assertThat(
          imported.isOk(),
          imported.match(
            () => '',
            error => `it is imported: ${JSON.stringify(error)}`,
          ),
        );
        assertThat((await exported(copy)).join('') === lines.join(''), 'it is exported as the same text');
        assertNone(storesAgree(await readBalances(ledger), await readBalances(copy)));
        assertNone(
          (await copy.verify()).match(
            ({ breaches }) => breaches,
            fault => failed(fault.kind),
          ),
        );
      } finally {
        await copy.close();
      }
    }),
  );
}

/** The lines of a journal. Throws when it cannot be read. */
async function exported(ledger: Ledger): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of exportJournal(ledger)) lines.push(line.isOk() ? line.value : failed(line.error.kind));
  return lines;
}

/** Every other kind of record that there is. */
async function furnish(ledger: Ledger, { variants: [variant] }: World): Promise<void> {
  if (variant === undefined) return;
  const van = ledger.newId();
  const kind = 'RecordMovements' as const;
  await deliver(
    ledger,
    [
      { kind: 'OpenLocation', id: ledger.newId(), location: { id: van, type: 'TRANSIT', name: 'Van "é"\n' } },
      { kind: 'SetLowStock', id: ledger.newId(), rules: [{ ...variant, locationId: 'STORE', level: 3, alert: true }] },
      { kind: 'SetLowStock', id: ledger.newId(), rules: [{ ...variant, locationId: 'STORE' }] },
      {
        kind,
        id: ledger.newId(),
        tracking: [{ kind: 'StartTracking', productId: variant.productId }],
        lines: [{ ...variant, from: 'STORE', to: 'BIN', quantity: 7 }],
        override: { floors: true, reason: 'it fell' },
        notes: [{ kind: 'told', id: 'a', body: { b: [1, null], a: 'é' } }],
        request: { kind: 'Told', by: 'Ann' },
      },
      { kind, id: ledger.newId(), notes: [{ kind: 'told', id: 'a', body: null, ifSequence: 1 }] },
      { kind, id: ledger.newId(), notes: [{ kind: 'told', id: 'a', body: null }] },
    ],
    1,
  );
}

function failed(kind: string): never {
  throw new Error(`a read failed: ${kind}`);
}
