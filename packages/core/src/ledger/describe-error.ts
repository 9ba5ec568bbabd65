import type { BalanceKey } from '../model/balance.ts';
import { formatPath, type Shortage } from '../model/rejection.ts';
import type { LedgerError } from './ledger.ts';

/**
 * An error in a sentence, for a log or a terminal. Programs go by `kind` and its fields.
 *
 * @returns Ids and amounts in smallest units, and never anything else that a caller sent.
 */
export function describeError(error: LedgerError): string {
  switch (error.kind) {
    case 'CommandInvalid':
      return error.violations.map(({ path, message }) => `${formatPath(path) || 'the command'}: ${message}`).join('; ');
    case 'CommandIdReused':
      return `command ${error.commandId} was recorded before with another ${list(error.differs.map(formatPath))}`;
    case 'OccursLater':
      return `the command says that it occurs ${error.occurredAt - error.now} milliseconds from now`;
    case 'LocationAlreadyOpen':
      return `location ${error.locationId} is open already`;
    case 'LocationUnknown':
      return `there is no location ${list(error.locations.map(location => location.locationId))}`;
    case 'VariantOfOtherProduct':
      return `variant ${list(error.variants.map(variant => variant.variantId))} belongs to another product`;
    case 'ProductNotTracked':
      return `product ${list(error.products.map(product => product.productId))} is not tracked`;
    case 'NoteStale':
      return `note ${list(error.notes.map(({ kind, id }) => `${kind}/${id}`))} was written by another command`;
    case 'BalanceStale':
      return error.balances
        .map(stale => `${nameOf(stale)} has ${stale.actual}, not the ${stale.expected} that was expected`)
        .join('; ');
    case 'BalanceOverflow':
      return `the balance of ${list(error.balances.map(nameOf))} would leave the safe integers`;
    case 'StockInsufficient':
      return error.shortages
        .map(
          short =>
            `${nameOf(short)} has ${short.onHand}${heldOf(short)} and a floor of ${short.floor}: ${short.requested} is too much`,
        )
        .join('; ');
    case 'QueryInvalid':
      return `the query has a wrong ${error.field}`;
    case 'Contended':
      return `other writers were faster, ${error.attempts} times; the same command may be sent again`;
    case 'Overloaded':
      return `${error.waiting} commands wait already; the same command may be sent again`;
    default:
      return error.message;
  }
}

function nameOf({ variantId, locationId }: BalanceKey): string {
  return `variant ${variantId} at location ${locationId}`;
}

function heldOf({ reserved }: Shortage): string {
  return reserved === 0 ? '' : `, of which ${reserved} are held,`;
}

function list(items: readonly string[]): string {
  return [...new Set(items)].join(', ');
}
