import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { createLedger, type Ledger, restock, startTracking, stopTracking } from '@stockfold/core';
import { createHttpHandler, type HttpHandler, type ShortBody } from '@stockfold/http';
import { CliError } from './cli-error.ts';
import { BULK, LOCATIONS, type MirroredRequest, NAMES, ORGANIZATION, PUT, VARIANTS } from './mirrored-page.ts';
import { openStore } from './open-store.ts';
import { table } from './table.ts';

/** The main job, end to end: opening stock, the two requests of the mirrored page, and the proof of the books. */
export async function demo(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stockfold-demo-'));
  const file = join(folder, 'stock.db');
  const store = await openStore(file);
  const ledger = createLedger({ store, organizationId: ORGANIZATION, systemLocations: LOCATIONS });
  try {
    console.log(`A ledger in a new SQLite file, ${file}\n`);
    await stockUp(ledger);
    const handler = createHttpHandler({
      ledgerFor: () => ledger,
      authenticate: () => ({ organizationId: ORGANIZATION, scopes: ['READ:PRODUCT', 'WRITE:PRODUCT'] }),
    });
    await show(handler, ledger, PUT);
    await show(handler, ledger, BULK);
    await prove(ledger);
  } finally {
    await ledger.close();
    await rm(folder, { recursive: true });
  }
}

/** Opening stock, such that the page's numbers come out; the second product's tracking is stopped again. */
async function stockUp(ledger: Ledger): Promise<void> {
  const [first, second, third, fourth] = VARIANTS;
  const results = await ledger.executeAll([
    {
      kind: 'RecordMovements',
      id: ledger.newId(),
      tracking: [startTracking(first.productId), startTracking(third.productId)],
      lines: [restock('STORE', first, 238), restock('STORE', second, 12_033)],
    },
    {
      kind: 'RecordMovements',
      id: ledger.newId(),
      lines: [restock('STORE', third, 238), restock('STORE', fourth, 12_033)],
    },
    { kind: 'RecordMovements', id: ledger.newId(), tracking: [stopTracking(third.productId)] },
  ]);
  for (const result of results)
    if (result.isErr()) throw new CliError(`the opening stock was refused: ${result.error.kind}.`);
  console.log('Restocked the STORE location: 238 and 12033 of two variants, for each of two products.\n');
}

async function show(handler: HttpHandler, ledger: Ledger, { method, path, body }: MirroredRequest): Promise<void> {
  const before = await onHand(ledger);
  const request = new Request(`http://stockfold.test${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const response = await handler(request);
  const answer = (await response.json()) as ShortBody;
  console.log(styleText('bold', `${method} ${path}`));
  console.log(`${JSON.stringify(body, null, 2)}\n`);
  console.log(styleText(response.ok ? 'green' : 'red', `${response.status} ${response.ok ? 'OK' : 'refused'}`));
  console.log(`${JSON.stringify(answer, null, 2)}\n`);
  if (!response.ok) throw new CliError(`${method} ${path} was refused.`);
  const rows = answer.variants.map(({ locationType, variantUuid, balance }) => {
    const old = before.get(variantUuid) ?? 0;
    return [
      NAMES.get(variantUuid) ?? variantUuid,
      locationType,
      String(old),
      String(Number(balance) - old),
      String(balance),
    ];
  });
  console.log(`${table(['variant', 'location', 'before', 'change', 'after'], rows)}\n`);
}

async function onHand(ledger: Ledger): Promise<ReadonlyMap<string, number>> {
  const page = await ledger.balances({ locationId: 'STORE', variantIds: VARIANTS.map(variant => variant.variantId) });
  if (page.isErr()) throw new CliError(`the balances could not be read: ${page.error.kind}.`);
  return new Map(page.value.items.map(item => [item.variantId, item.onHand]));
}

async function prove(ledger: Ledger): Promise<void> {
  const proof = await ledger.verify();
  if (proof.isErr()) throw new CliError(`verify() could not read the ledger: ${proof.error.kind}.`);
  const { ok, records, balances, breaches } = proof.value;
  if (!ok) throw new CliError(`verify() found ${breaches.length} breaches: ${JSON.stringify(breaches)}`);
  console.log(`verify(): the journal's ${records} records fold to the ${balances} balances; every invariant holds.`);
}
