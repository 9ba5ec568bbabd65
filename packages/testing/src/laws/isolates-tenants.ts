import { isolatesTenants as breachesOf, type CommandInput, type Ledger, type Uuid } from '@stockfold/core';
import fc from 'fast-check';
import { commands } from '../arbitraries/commands.ts';
import { id } from '../arbitraries/id.ts';
import { deliver } from './deliver.ts';
import { assertNone, type Law, type OpenLedger } from './law.ts';
import { readBalances, readLedger } from './read-ledger.ts';

/**
 * Invariant 7: for any two organizations in one store, neither is answered other than if it were alone. The neighbour
 * uses the same ids for everything, since ids are only good within an organization.
 *
 * @param openStore - Opens a fresh store, and gives what opens ledgers on it.
 */
export function isolatesTenants(openStore: () => OpenLedger | Promise<OpenLedger>): Law {
  return fc.asyncProperty(neighbours, async ({ run: { world, commands }, neighbour }) => {
    const common = { systemLocations: world.locations, clock: () => 0 };
    const ownOptions = { ...common, organizationId: world.organizationId };
    const otherOptions = { ...common, organizationId: neighbour, policy: { floors: { STORE: 0 } } };
    const open = await openStore();
    const [own, other] = [await open(ownOptions), await open(otherOptions)];
    const alone = await (await openStore())(otherOptions);
    try {
      await deliver(own, [...commands, openingOf(neighbour)], 1);
      const before = await everythingOf(own);
      const reversed = [...commands].reverse();
      for (const ledger of [alone, other]) await deliver(ledger, reversed, 1);
      assertNone(breachesOf(before, await everythingOf(own)));
      assertNone(breachesOf(await everythingOf(alone), await everythingOf(other)));
    } finally {
      for (const ledger of [own, other, alone]) await ledger.close();
    }
  });
}

/** Gives the one a location that the other has not. */
function openingOf(unused: Uuid): CommandInput {
  return { kind: 'OpenLocation', id: unused, location: { id: unused, type: 'STORE', name: 'Branch' } };
}

const neighbours = fc
  .record({ run: commands, neighbour: id })
  .filter(({ run, neighbour }) => run.world.organizationId !== neighbour);

async function everythingOf(ledger: Ledger) {
  const view = await readLedger(ledger);
  const past = await readBalances(ledger, Math.max(0, view.records.length - 1));
  return { view, past, locations: (await ledger.locations()).unwrapOr([]) };
}
