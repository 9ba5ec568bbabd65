import type { Balance } from './balance.ts';
import type { JournalRecord, Receipt } from './journal.ts';
import type { Rejection } from './rejection.ts';

/** One balance that a command would move. Amounts are smallest units. */
export type PreviewedBalance = Balance &
  Readonly<{
    /** As it is, in smallest units; `onHand` is what it would be. */
    before: number;
  }>;

/** What would become of a command, on the rows as they are. Nothing was recorded. */
export type Preview =
  /** Its record, as yet without a place in the journal, and each balance that it moves. */
  | Readonly<{ kind: 'WouldRecord'; record: JournalRecord; balances: readonly PreviewedBalance[] }>
  /** It was recorded before: nothing would move, and this is the receipt that it would get. */
  | Readonly<{ kind: 'WouldReplay'; receipt: Receipt }>
  /** Every reason, one or more, in the order of {@link Rejection}: `execute` would answer with the first. */
  | Readonly<{ kind: 'WouldRefuse'; reasons: readonly Rejection[] }>;
