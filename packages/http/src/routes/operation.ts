import type { Scale } from '@stockfold/core';
import type * as v from 'valibot';
import type { Scope } from '../options.ts';

/** A schema of whatever is read or written. */
export type AnySchema = v.GenericSchema<unknown, unknown>;

/** One answer: what it means, and its body, if it has one. */
export type Answer = Readonly<{ description: string; schema?: AnySchema; headers?: Readonly<Record<string, string>> }>;

/** What a route answers with. */
export type Produced = 'application/json' | 'text/event-stream';

/** One route, as it is served and as it is documented. */
export type Operation<Body = unknown> = Readonly<{
  /** Its name in generated clients. */
  id: string;
  group:
    | 'Locations'
    | 'Balances'
    | 'Movements'
    | 'Policy'
    | 'Holds'
    | 'Tracking'
    | 'Low stock'
    | 'Counts'
    | 'History'
    | 'Journal'
    | 'Webhooks'
    | 'Ledger'
    | 'v3';
  method: 'get' | 'post' | 'put' | 'delete';
  /** With `:name` for each parameter. */
  path: string;
  scope: Scope;
  summary: string;
  /** What is worth saying beyond the summary. */
  description?: string;
  /** Parameters after the `?`, by name. */
  query?: Readonly<Record<string, Readonly<{ description: string; required?: boolean; schema: AnySchema }>>>;
  body?: v.GenericSchema<unknown, Body>;
  /** The scale of the amounts, where a body says it itself. */
  scaleIn?: (body: unknown) => Scale;
  /** JSON when absent; problems are JSON anyway. */
  produces?: Produced;
  /** By status; every problem is documented once, for all. */
  answers: Readonly<Record<number, Answer>>;
}>;
