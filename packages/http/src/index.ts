export { createHttpLedger, type HttpLedgerOptions } from './client/create-http-ledger.ts';
export type { TransportOptions } from './client/transport.ts';
export { createHttpHandler, type HttpHandler } from './create-http-handler.ts';
export type { LocationBody, ShortBody, VariantBalance } from './inventory.ts';
export { BODY_BYTES_MAX } from './limit-body.ts';
export type { HttpHandlerOptions, Identity, Scope } from './options.ts';
export type { ApiViolation } from './problem.ts';
