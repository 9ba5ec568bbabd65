import {
  type CommandInput,
  expecting,
  restock,
  SYSTEM_LOCATION_TYPES,
  sale,
  startTracking,
  stopTracking,
  transfer,
} from '@stockfold/core';
import type { Request } from './request.ts';
import { START_AT_MS } from './scheduler.ts';
import { numberedId, type Op, type SimulatedShop, type SimulatedWorld, shopOf } from './world.ts';

/** A step of a client: a command to be recorded, a request to a capability, a look at the balances, or a rest. */
export type Step =
  | Readonly<{ kind: 'execute'; command: CommandInput }>
  /** `requestAt`: what is asked when the client comes to it, by its clock; the same as long as it is not answered. */
  | Readonly<{ kind: 'ask'; id: string; requestAt: (now: number) => Request }>
  | Readonly<{ kind: 'read' }>
  | Readonly<{ kind: 'wait'; ms: number }>;

/** The steps of every client. The first client begins by stocking the shelf. */
export function scriptsOf(world: SimulatedWorld): readonly (readonly Step[])[] {
  const shop = shopOf(world);
  return world.clients.map((ops, client) => {
    const steps = ops.map((op, index) => stepOf(world, shop, { op, client, index }));
    return client === 0 ? [{ kind: 'execute', command: stocking(world, shop) }, ...steps] : steps;
  });
}

const STOCKING_ID = numberedId(0xd, 0);

function stocking({ stock: [some, more] }: SimulatedWorld, { variants: [first, second] }: SimulatedShop): CommandInput {
  return {
    kind: 'RecordMovements',
    id: STOCKING_ID,
    tracking: [startTracking(first.productId), startTracking(second.productId)],
    lines: [
      ...(some > 0 ? [restock('STORE', first, some)] : []),
      ...(more > 0 ? [restock('STORE', second, more)] : []),
    ],
  };
}

type Place = Readonly<{ op: Op; client: number; index: number }>;

function stepOf(world: SimulatedWorld, shop: SimulatedShop, { op, client, index }: Place): Step {
  if (op.kind === 'read' || op.kind === 'wait') return op;
  if (op.kind === 'reserve' || op.kind === 'post' || op.kind === 'release')
    return holdStep(shop, op, { client, index });
  if (op.kind === 'reverse') return reverseStep(world, op, { client, index });
  if (op.kind === 'count') return countStep(shop, op, { client, index });
  if (op.kind !== 'repeat' && op.kind !== 'reuse')
    return { kind: 'execute', command: commandOf(shop, { op, client, index }) };
  const first = earlierCommand(world, shop, op);
  if (op.kind === 'repeat' || first.kind !== 'RecordMovements') return { kind: 'execute', command: first };
  const lines = (first.lines ?? []).map(line => ({ ...line, quantity: line.quantity + 1 }));
  return { kind: 'execute', command: { ...first, lines } };
}

function holdStep({ variants: [first] }: SimulatedShop, op: Extract<Op, { hold: number }>, at: Position): Step {
  const id = idOf(at);
  const holdId = numberedId(0xf, op.hold);
  if (op.kind !== 'reserve') {
    const lines = [{ holdId, quantity: op.pieces ?? undefined }];
    return { kind: 'ask', id, requestAt: () => ({ kind: 'hold', ask: holds => holds[op.kind]({ id, lines }) }) };
  }
  const lines = [{ holdId, locationId: 'STORE', ...first, quantity: op.pieces }];
  const expiresAt = op.untilMs == null ? undefined : START_AT_MS + op.untilMs;
  const placed = { id, owner: `client ${at.client}`, expiresAt, lines };
  return { kind: 'ask', id, requestAt: () => ({ kind: 'hold', ask: holds => holds.reserve(placed) }) };
}

function reverseStep(world: SimulatedWorld, op: Extract<Op, { kind: 'reverse' }>, at: Position): Step {
  const id = idOf(at);
  const force = op.force ? { reason: FORCED.reason } : undefined;
  const commandId = op.op === null ? STOCKING_ID : idOf(earlierOp(world, { client: op.client, op: op.op }));
  const input = { id, commandId, force };
  return { kind: 'ask', id, requestAt: () => ({ kind: 'reversal', input }) };
}

function countStep({ variants: [variant] }: SimulatedShop, op: Extract<Op, { kind: 'count' }>, at: Position): Step {
  const id = idOf(at);
  const seen = { id, location: 'STORE', variant, counted: op.pieces } as const;
  return { kind: 'ask', id, requestAt: now => ({ kind: 'count', input: { ...seen, observedAt: now - op.agoMs } }) };
}

type Position = Readonly<{ client: number; index: number }>;

function idOf({ client, index }: Position): string {
  return numberedId(0xd, 1 + client * 100 + index);
}

const NO_COMMAND: ReadonlySet<Op['kind']> = new Set([
  'read',
  'wait',
  'repeat',
  'reuse',
  'reserve',
  'post',
  'release',
  'reverse',
  'count',
]);

/** The command of some client's op; one that is no command, or not there, stands for the stocking. */
function earlierCommand(
  world: SimulatedWorld,
  shop: SimulatedShop,
  at: Readonly<{ client: number; op: number }>,
): CommandInput {
  const { op, ...position } = earlierOp(world, at);
  return op !== undefined && !NO_COMMAND.has(op.kind) ? commandOf(shop, { op, ...position }) : stocking(world, shop);
}

function earlierOp(world: SimulatedWorld, at: Readonly<{ client: number; op: number }>) {
  const client = at.client % world.clients.length;
  const ops = world.clients[client] ?? [];
  const index = at.op % Math.max(ops.length, 1);
  return { op: ops[index], client, index };
}

// Later than any clock of a simulated process shows, and earlier, however far it jumps.
const FAR_AHEAD = 8_000_000_000_000_000;
const LONG_AGO = -FAR_AHEAD;
const FORCED = { floors: true, reason: 'the goods have left the shop' } as const;

function commandOf(shop: SimulatedShop, { op, client, index }: Place): CommandInput {
  const id = idOf({ client, index });
  const [first, second] = shop.variants;
  switch (op.kind) {
    case 'sell':
    case 'force':
    case 'restock': {
      const line = op.kind === 'restock' ? restock : sale;
      const lines = [first, second].flatMap((variant, which) => {
        const pieces = op.pieces[which] ?? 0;
        return pieces > 0 ? [line('STORE', variant, pieces)] : [];
      });
      const override = op.kind === 'force' ? FORCED : undefined;
      return { kind: 'RecordMovements', id, lines, override };
    }
    case 'policy': {
      const variants = op.first === undefined ? undefined : { [first.variantId]: op.first };
      return { kind: 'SetPolicy', id, policy: { floors: { STORE: op.store }, variants, holds: op.holds } };
    }
    case 'transfer': {
      const [from = 'STORE', to = 'BIN'] = [SYSTEM_LOCATION_TYPES[op.from], SYSTEM_LOCATION_TYPES[op.to]];
      return { kind: 'RecordMovements', id, lines: [transfer(from, to, first, op.pieces)] };
    }
    case 'track': {
      const change = op.start ? startTracking : stopTracking;
      return { kind: 'RecordMovements', id, tracking: [change(second.productId)], lines: [sale('STORE', first, 1)] };
    }
    case 'misname': {
      const variant = op.fresh ? { productId: first.productId, variantId: numberedId(0xc, 3) } : first;
      return {
        kind: 'RecordMovements',
        id,
        lines: [transfer('BIN', 'SOLD', { ...variant, productId: second.productId }, 1)],
      };
    }
    case 'expect':
      return {
        kind: 'RecordMovements',
        id,
        expect: [expecting('STORE', first, op.onHand)],
        lines: [sale('STORE', first, 1)],
      };
    case 'note': {
      const { ifSequence, isWritten } = op;
      const written = { kind: 'hold', id: `n${op.note}`, body: isWritten ? { client, index } : null, ifSequence };
      return { kind: 'RecordMovements', id, lines: [sale('STORE', first, 1)], notes: [written] };
    }
    case 'attribute': {
      const provenance = { source: `till ${op.source}`, occurredAt: op.ahead ? FAR_AHEAD : LONG_AGO };
      return { kind: 'RecordMovements', id, lines: [sale('STORE', first, 1)], provenance };
    }
    case 'open':
      return { kind: 'OpenLocation', id, location: { id: numberedId(0xe, op.location), type: 'STORE', name: 'annex' } };
    case 'repeat':
    case 'reuse':
    case 'read':
    case 'wait':
    case 'reserve':
    case 'post':
    case 'release':
    case 'reverse':
    case 'count':
      throw new Error(`an op of kind ${op.kind} has no command of its own`);
  }
}
