export type { ListBody, LocationBody, ShortBody, VariantBalance } from './answers.ts';
export { createHttpHandler, type HttpHandler } from './create-http-handler.ts';
export type { HttpHandlerOptions, Identity, Scope } from './options.ts';
export type { ApiViolation } from './problem.ts';
export { BODY_BYTES_MAX } from './read-bytes.ts';
