import { err, ok, type Result } from 'neverthrow';
import type { Path } from './rejection.ts';

declare const brand: unique symbol;

/** A safe integer of the variant's smallest unit (pieces, grams, cents of a metre); never a float. */
export type Quantity = number & { readonly [brand]: 'Quantity' };

/** The most one movement may carry, in smallest units; the limit Shopify sets for a balance. */
export const QUANTITY_MAX = 1_000_000_000;

/** The input is no quantity: not a number, not positive, too many decimals, or above {@link QUANTITY_MAX}. */
export type QuantityInvalid = Readonly<{
  kind: 'QuantityInvalid';
  reason: 'not a number' | 'not positive' | 'too many decimals' | 'too large';
}>;

/** How many decimals a unit has: 0 for pieces, 3 for kilograms kept as grams. */
export type Scale = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/**
 * Reads what is moved: 1 smallest unit or more.
 *
 * @param input - A number or a plain decimal string (`12`, `'12'`, `'1.25'`); no sign, exponent or blank.
 * @param scale - Decimals of the unit; with 2, `'1.25'` is 125 smallest units.
 * @returns Smallest units, exactly; `QuantityInvalid` with the reason, so nothing is ever rounded.
 */
export function parseQuantity(input: unknown, scale: Scale = 0): Result<Quantity, QuantityInvalid> {
  if (typeof input === 'number' && scale === 0) return checkUnits(input);
  if (typeof input === 'number') return parseNumber(input, scale);
  if (typeof input === 'string') return parseDecimal(input, scale);
  return invalid('not a number');
}

/** Whether a number is a quantity of smallest units. */
export function isQuantity(units: number): units is Quantity {
  return Number.isInteger(units) && units > 0 && units <= QUANTITY_MAX;
}

/**
 * Writes smallest units as an exact decimal string.
 *
 * @param quantity - Smallest units; a balance may be negative.
 * @param scale - Decimals of the unit; with 2, 125 is `'1.25'`.
 */
export function formatQuantity(quantity: number, scale: Scale = 0): string {
  if (scale === 0) return String(quantity);
  const digits = String(Math.abs(quantity)).padStart(scale + 1, '0');
  return `${quantity < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** What stands outside is no amount of a scale. */
export type AmountInvalid = Readonly<{
  kind: 'AmountInvalid';
  reason: 'not a number' | 'too many decimals' | 'too large';
  /** Where it stands, as the caller of {@link toUnits} said. */
  path: Path;
}>;

/**
 * Reads an amount as people write it, a balance too: it may be 0 or negative.
 *
 * @param input - A plain decimal string (`'-1.25'`), or a number, which is taken by the shortest decimal that means it; no
 *   plus sign, exponent or blank.
 * @param scale - Decimals of the unit; with 2, `1.25` is 125 smallest units.
 * @param path - Where it stands: what a refusal names.
 * @returns Smallest units, exactly; `AmountInvalid` for more decimals than the scale has, for what leaves the safe
 *   integers, and for a number with more than the 15 digits that every number holds: send those as a string.
 * @see IEEE 754-2019, 5.12.2: 15 significant digits survive the way into a double and back.
 */
export function toUnits(input: unknown, scale: Scale = 0, path: Path = []): Result<number, AmountInvalid> {
  const refuse = (reason: AmountInvalid['reason']) => err({ kind: 'AmountInvalid', reason, path } as const);
  if (typeof input === 'number' && !Number.isFinite(input)) return refuse('not a number');
  if (typeof input !== 'number' && typeof input !== 'string') return refuse('not a number');
  const text = String(input);
  const [, sign, whole = '', fraction = ''] = (text.length <= 34 && SIGNED_DECIMAL.exec(text)) || [];
  if (sign === undefined) return refuse(typeof input === 'number' ? tooFar(input) : 'not a number');
  if (fraction.length > scale) return refuse('too many decimals');
  const units = Number(whole + fraction.padEnd(scale, '0'));
  const unitsMax = typeof input === 'number' && scale > 0 ? NUMBER_UNITS_MAX : Number.MAX_SAFE_INTEGER;
  if (units > unitsMax) return refuse('too large');
  // 0 has no sign.
  return ok(sign === '-' && units > 0 ? -units : units);
}

/**
 * Writes smallest units as a number, where one means exactly them.
 *
 * @param units - Smallest units; may be negative.
 * @param scale - Decimals of the unit; with 2, 125 is `1.25`.
 * @returns The number, which {@link toUnits} reads back as it was; the string of {@link formatQuantity} for an amount of
 *   more than 15 digits, of which a number with decimals would be another.
 */
export function fromUnits(units: number, scale: Scale = 0): number | string {
  if (scale === 0) return units;
  const text = formatQuantity(units, scale);
  return Math.abs(units) <= NUMBER_UNITS_MAX ? Number(text) : text;
}

const SIGNED_DECIMAL = /^(-?)(\d{1,16})(?:\.(\d{1,16}))?$/;
const NUMBER_UNITS_MAX = 999_999_999_999_999;

/** Why a number that is written with an exponent, or with more digits than fit, is none. */
function tooFar(input: number): AmountInvalid['reason'] {
  return Math.abs(input) < 1 ? 'too many decimals' : 'too large';
}

// Digits only: the length is bounded first, so a hostile string costs nothing.
const DECIMAL = /^(\d{1,16})(?:\.(\d{1,16}))?$/;

function parseNumber(input: number, scale: Scale): Result<Quantity, QuantityInvalid> {
  if (!(input > 0 && input <= QUANTITY_MAX)) return checkUnits(input);
  const text = String(input);
  // What JavaScript writes with an exponent or with 17 digits has more decimals than any scale.
  return DECIMAL.test(text) ? parseDecimal(text, scale) : invalid('too many decimals');
}

function parseDecimal(text: string, scale: Scale): Result<Quantity, QuantityInvalid> {
  const match = text.length <= 33 ? DECIMAL.exec(text) : null;
  if (match === null) return invalid(/^-\d/.test(text) ? 'not positive' : 'not a number');
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > scale) return invalid('too many decimals');
  return checkUnits(Number(whole + fraction.padEnd(scale, '0')));
}

function checkUnits(units: number): Result<Quantity, QuantityInvalid> {
  if (isQuantity(units)) return ok(units);
  if (Number.isNaN(units)) return invalid('not a number');
  if (units <= 0) return invalid('not positive');
  return invalid(units > QUANTITY_MAX ? 'too large' : 'too many decimals');
}

function invalid(reason: QuantityInvalid['reason']): Result<never, QuantityInvalid> {
  return err({ kind: 'QuantityInvalid', reason });
}
