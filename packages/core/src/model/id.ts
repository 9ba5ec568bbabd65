import { err, ok, type Result } from 'neverthrow';

declare const brand: unique symbol;

/** A UUID in lower case that {@link parseUuid} has looked at once. */
export type Uuid = string & { readonly [brand]: 'Uuid' };

/** The tenant: one serial journal. Every key in every store begins with it. */
export type OrganizationId = Uuid;
/** A place where stock is, really or on paper. */
export type LocationId = Uuid;
/** What is sold. Tracking is switched per product. */
export type ProductId = Uuid;
/** The stock-keeping unit. It belongs to one product. */
export type VariantId = Uuid;
/** The idempotency key of a command, kept as long as the journal. */
export type CommandId = Uuid;

/** The input is no UUID of RFC 9562. */
export type UuidInvalid = Readonly<{ kind: 'UuidInvalid' }>;

// Fixed length and anchored, so no input is slow. Versions 1 to 8 of the RFC's variant: nil and max name nothing.
const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Reads a UUID of any version from 1 to 8, in either case.
 *
 * @returns The UUID in lower case, so that one id has one spelling in every store; `UuidInvalid` for anything else.
 * @see RFC 9562, section 4: "case insensitive on input", output in lower case.
 */
export function parseUuid(input: unknown): Result<Uuid, UuidInvalid> {
  const uuid = readUuid(input);
  return uuid === null ? err({ kind: 'UuidInvalid' }) : ok(uuid);
}

/** As {@link parseUuid}, null for what is none: for ids that come once, such as those of commands. */
export function readUuid(input: unknown): Uuid | null {
  if (typeof input !== 'string' || input.length !== 36) return null;
  const lower = input.toLowerCase();
  return PATTERN.test(lower) ? (lower as Uuid) : null;
}

const INTERNED_MAX = 20_000;
const interned = new Map<string, Uuid>();

/**
 * As {@link readUuid}, for ids that come again and again: a line has four. The pattern is matched once, and equal ids
 * are one string from then on, which maps find by its address.
 */
export function internUuid(input: string): Uuid | null {
  const known = interned.get(input);
  if (known !== undefined) return known;
  const uuid = readUuid(input);
  if (uuid === null) return null;
  if (interned.size >= INTERNED_MAX) interned.clear();
  interned.set(uuid, uuid);
  return uuid;
}

/** The organization of a ledger that names none: for an application with a single tenant. */
export const DEFAULT_ORGANIZATION_ID: OrganizationId = '00000000-0000-8000-8000-000000000001' as OrganizationId;
