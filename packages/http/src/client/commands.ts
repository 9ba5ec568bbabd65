import {
  type Command,
  type CommandInput,
  type ExecuteError,
  parseCommand,
  type Receipt,
  type Rejection,
  type SystemLocations,
  storeFault,
} from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import * as v from 'valibot';
import { results } from '../wire/answer.ts';
import { fromWireError } from '../wire/error.ts';
import type { Answered, Send } from './transport.ts';

type Answer = Result<Receipt, ExecuteError>;

/** Sends commands in their order, and knows how far the journal has got. */
export class Commands {
  readonly #send: Send;
  readonly #system: SystemLocations;
  #sequence: number;

  /** @param sequence - The last one in the journal, as far as is known. */
  constructor(send: Send, system: SystemLocations, sequence: number) {
    this.#send = send;
    this.#system = system;
    this.#sequence = sequence;
  }

  /** Takes note of a sequence that the server has shown. */
  saw(sequence: number): void {
    this.#sequence = Math.max(this.#sequence, sequence);
  }

  /** Reads commands now, so that a caller may go on changing its objects. */
  read(inputs: readonly CommandInput[]): readonly Result<Command, Rejection>[] {
    return Array.from(inputs, input => parseCommand(input, this.#system));
  }

  /** One answer per command, in their order; a command that could not be read is not sent. */
  async run(commands: readonly Result<Command, Rejection>[]): Promise<readonly Answer[]> {
    const sound = commands.flatMap(command => (command.isOk() ? [command.value] : []));
    const answers: Answer[] = [];
    for (const batch of batches(sound)) answers.push(...(await this.#sendBatch(batch)));
    return commands.map(command => (command.isErr() ? err(command.error) : (answers.shift() as Answer)));
  }

  async #sendBatch(batch: readonly string[]): Promise<readonly Answer[]> {
    const before = this.#sequence;
    const answered = await this.#send('/organizations/self/ledger/commands', `{"commands":[${batch.join(',')}]}`);
    if (answered.isErr()) return batch.map(() => err(unknown()));
    const { status, json, isRepeated } = answered.value;
    const read = v.safeParse(results, json);
    if (status !== 200 || !read.success || read.output.results.length !== batch.length)
      return batch.map(() => err(refused(answered.value)));
    const seen = new Set<string>();
    return read.output.results.map(({ receipt, error }) => {
      if (receipt === undefined) return err((fromWireError(error) ?? unknown()) as ExecuteError);
      this.saw(receipt.sequence);
      // An answer was lost, and the record is younger than the call: it was this call's own attempt that recorded it.
      const isOwn = isRepeated && receipt.sequence > before && !seen.has(receipt.commandId);
      seen.add(receipt.commandId);
      return ok({ ...receipt, replayed: receipt.replayed && !isOwn, durability: beyond(receipt.durability) });
    });
  }
}

// Well below the server's limit of 1 MiB and 1,000 commands.
const BATCH_CHARACTERS_MAX = 500_000;
const BATCH_COMMANDS_MAX = 256;

/** Commands as JSON, in as few requests as may be. */
function* batches(commands: readonly Command[]): Iterable<readonly string[]> {
  let batch: string[] = [];
  let characters = 0;
  for (const command of commands) {
    const json = JSON.stringify(toInput(command));
    if (batch.length === BATCH_COMMANDS_MAX || (batch.length > 0 && characters + json.length > BATCH_CHARACTERS_MAX)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(json);
    characters += json.length;
  }
  if (batch.length > 0) yield batch;
}

/** A parsed command as a caller would write it. */
export function toInput(command: Command): CommandInput {
  if (command.kind !== 'OpenLocation') return command;
  const { id, type, name } = command.location;
  return { ...command, location: { id, type, name } };
}

/** What is on a server's disk is safe from whatever happens to this device. */
function beyond(durability: Receipt['durability']): Receipt['durability'] {
  return durability === 'device' ? 'synced' : durability;
}

function unknown(): ExecuteError {
  return storeFault('OutcomeUnknown', 'the answer was lost: send the same command again');
}

/** Refused before any command was looked at, unless an attempt before was not. */
function refused({ status, isRepeated }: Answered): ExecuteError {
  if (isRepeated || status === 200) return unknown();
  if (status === 401 || status === 403)
    return storeFault('StoreUnavailable', `the server refused the token (${status})`);
  return storeFault('StoreFailed', `the server refused the request (${status})`);
}
