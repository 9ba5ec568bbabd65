import { err, ok, type Result } from 'neverthrow';

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
