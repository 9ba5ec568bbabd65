import type { BalanceKey } from './balance.ts';
import type { ProductId } from './id.ts';

/**
 * When stock of a variant at a location is low: a setting, which moves nothing. With neither a level nor an alert
 * there is no rule, and nothing is kept.
 *
 * @see Zettle Inventory API, custom low stock.
 */
export type LowStockRule = BalanceKey &
  Readonly<{
    productId: ProductId;
    /** Stock is low when it is less than this: smallest units, 0 or more. Null for no level of its own. */
    level: number | null;
    /** Whether somebody wants to be told. */
    alert: boolean;
  }>;

/** Whether stock is low: less than its level. Without a level it never is. Amounts are smallest units. */
export function isLow(level: number | null, onHand: number): boolean {
  return level !== null && onHand < level;
}

/** Whether a rule says nothing: setting it takes away the one that was there. */
export function isNoRule({ level, alert }: LowStockRule): boolean {
  return level === null && !alert;
}
