export {
  BODY_BYTES_MAX,
  createHttpHandler,
  type HttpHandler,
  type HttpHandlerOptions,
  type Identity,
  type Scope,
} from './create-http-handler.ts';
export type { LocationBody, ShortBody, VariantBalance } from './inventory.ts';
export type { ApiViolation } from './problem.ts';
