import { describeError, type MovementLineInput, restock, sale, type Variant } from '@stockfold/core';
import express, { type ErrorRequestHandler, type Express, type Response } from 'express';
import { CATALOGUE, nameOf } from './catalogue.ts';
import { explainError } from './explain-error.ts';
import type { Shop } from './open-shop.ts';
import { send } from './send.ts';

type MakeLine = (variant: Variant, quantity: number) => MovementLineInput;
type Sent = Readonly<{ item?: unknown; quantity?: unknown }>;

/** The service: orders and deliveries are put under ids that the client has made, so a retry is the same request. */
export function createApp({ ledger, orders }: Shop): Express {
  const app = express();
  app.use(express.json({ limit: '64kb' }));

  app.put('/orders/:id', ({ params, body }, response) =>
    record(params.id, body, (variant, quantity) => sale('STORE', variant, quantity), response),
  );
  app.put('/deliveries/:id', ({ params, body }, response) =>
    record(params.id, body, (variant, quantity) => restock('STORE', variant, quantity), response),
  );
  app.get('/orders', async (_, response) => {
    response.json(await orders.newest());
  });
  app.get('/orders/:id', async ({ params }, response) => {
    const order = isId(params.id) ? await orders.find(params.id) : null;
    if (order === null) response.status(404).json({ kind: 'OrderUnknown' });
    else response.json(order);
  });
  app.get('/stock', async (_, response) => {
    const page = await ledger.balances({ locationId: 'STORE' });
    if (page.isErr()) throw new Error(describeError(page.error));
    response.json(page.value.items.map(({ variantId, onHand }) => ({ item: nameOf(variantId), onHand })));
  });
  app.use(failed);
  return app;

  async function record(id: string, body: unknown, makeLine: MakeLine, response: Response): Promise<void> {
    const lines = readLines(body, makeLine);
    if (lines === null) {
      response.status(400).json({ kind: 'BodyInvalid', items: Object.keys(CATALOGUE) });
      return;
    }
    const recorded = await send(ledger, { kind: 'RecordMovements', id, lines });
    if (recorded.isOk()) {
      const { sequence, replayed } = recorded.value;
      response.status(replayed ? 200 : 201).json({ id, sequence, replayed });
      return;
    }
    const { status, body: told } = explainError(recorded.error);
    if (status === 503) response.set('Retry-After', '1');
    response.status(status).json(told);
  }
}

/** `{ "lines": [{ "item": "mug", "quantity": 2 }] }`. Whether a quantity is one, the ledger says. */
function readLines(body: unknown, makeLine: MakeLine): readonly MovementLineInput[] | null {
  const { lines } = (body ?? {}) as { lines?: unknown };
  if (!Array.isArray(lines) || lines.length === 0) return null;
  const made = lines.map((line: Sent | null) => {
    const name = typeof line?.item === 'string' && Object.hasOwn(CATALOGUE, line.item) ? line.item : '';
    const variant = CATALOGUE[name];
    return variant === undefined ? null : makeLine(variant, line?.quantity as number);
  });
  return made.includes(null) ? null : (made as readonly MovementLineInput[]);
}

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

const failed: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  // What `express.json` could not read has a status; anything else is for the log.
  const status: number = error.expose === true ? error.status : 500;
  if (status === 500) console.error(error);
  response.status(status).json({ kind: status === 500 ? 'InternalError' : 'BodyInvalid' });
};
