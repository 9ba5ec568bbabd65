import { linesOf, type MovementLine, type StoredRecord, type SystemLocations } from '@stockfold/core';
import { nameOf } from './catalogue.ts';
import { ADJUSTMENT } from './open-shop.ts';
import { isUndo } from './undo.ts';

/** A record in the words of a shop. */
export type Story = Readonly<{ title: string; lines: readonly Readonly<{ text: string; change: number }>[] }>;

/** Tells what a record did to the shelf. */
export function tellRecord(record: StoredRecord, system: SystemLocations): Story {
  const lines = linesOf(record);
  const first = lines[0];
  if (first === undefined) return { title: 'Opened the shop', lines: [] };
  return {
    title: isUndo(record.commandId)
      ? `${titleOf({ from: first.to, to: first.from }, system)} undone`
      : titleOf(first, system),
    lines: lines.map(line => ({ text: nameOf(line.variantId), change: changeOf(line, system) })),
  };
}

/** What a line adds to the shelf; below zero what it takes, 0 when it goes by another way. */
export function changeOf({ from, to, quantity }: MovementLine, { STORE }: SystemLocations): number {
  if (to === STORE) return quantity;
  return from === STORE ? -quantity : 0;
}

function titleOf({ from, to }: Pick<MovementLine, 'from' | 'to'>, { SUPPLIER, SOLD, BIN }: SystemLocations): string {
  if (to === SOLD) return 'Sale';
  if (from === SOLD) return 'Refund';
  if (from === SUPPLIER) return 'Restock';
  if (to === SUPPLIER) return 'Return';
  if (to === BIN) return 'Discard';
  return from === ADJUSTMENT || to === ADJUSTMENT ? 'Count' : 'Transfer';
}
