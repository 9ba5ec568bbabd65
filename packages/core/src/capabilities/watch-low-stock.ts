import { type SetTimer, setRuntimeTimer } from '../ledger/deadline.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';
import { PAGE_LIMIT_MAX } from '../ledger/query.ts';
import { type LowStockCrossing, type TellLowStock, tellLowStock } from './low-stock.ts';

/** Whom to tell of low stock, and from where on. */
export type LowStockWatchOptions = Readonly<{
  /**
   * Of records after this sequence: to go on where an earlier watch ended, that of the last record of which every
   * crossing was taken. Of what is recorded from now on when absent.
   */
  after?: number | undefined;
  /** Once for each crossing, in the order of the journal, in a breath of its own. */
  onCrossing: (crossing: LowStockCrossing) => void;
  /** The ledger could not be read; it is tried again, and nothing is left out. */
  onFault?: ((fault: LedgerError) => void) | undefined;
  /** After a fault, in milliseconds; 1,000 when absent. */
  retryMs?: number | undefined;
  /** For that: `setTimeout` when absent. */
  setTimer?: SetTimer | undefined;
}>;

/**
 * Tells when stock becomes low and when it has recovered, whoever recorded it, in this process or another.
 *
 * @returns A function that ends it.
 */
export function watchLowStock(ledger: Ledger, options: LowStockWatchOptions): () => void {
  const watch = new LowStockWatch(ledger, options);
  return () => watch.end();
}

class LowStockWatch {
  readonly #ledger: Ledger;
  readonly #options: LowStockWatchOptions;
  readonly #tell: TellLowStock;
  readonly #unwatch: () => void;
  /** All up to here was told; null until it is known where now is. */
  #after: number | null;
  #isStale = false;
  #isLooking = false;
  #isOver = false;
  #cancelTimer: () => void = () => undefined;

  constructor(ledger: Ledger, options: LowStockWatchOptions) {
    this.#ledger = ledger;
    this.#options = options;
    this.#after = options.after ?? null;
    this.#tell = tellLowStock(ledger);
    // To watch no balance at all is to be told of every commit.
    this.#unwatch = ledger.watch({ variantIds: [] }, ({ asOf, fault }) => {
      if (fault !== null) return this.#options.onFault?.(fault);
      this.#after ??= asOf;
      this.#wake();
    });
  }

  end(): void {
    this.#isOver = true;
    this.#cancelTimer();
    this.#unwatch();
  }

  #wake(): void {
    this.#isStale = true;
    if (!this.#isLooking) void this.#look();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#isStale && !this.#isOver) {
      this.#isStale = false;
      this.#cancelTimer();
      const fault = await this.#readOn(this.#after as number);
      if (fault !== null && !this.#isOver) this.#retry(fault);
    }
    this.#isLooking = false;
  }

  /** Tells of one page of the journal; the fault that it ended at. */
  async #readOn(after: number): Promise<LedgerError | null> {
    const page = await this.#ledger.journal({ after, limit: PAGE_LIMIT_MAX });
    if (page.isErr()) return page.error;
    for (const record of page.value.items) {
      const crossings = await this.#tell(record);
      if (crossings.isErr()) return crossings.error;
      for (const crossing of crossings.value) this.#show(crossing);
      this.#after = record.sequence;
    }
    this.#isStale ||= page.value.next !== null;
    return null;
  }

  /** A listener that throws stops nobody. */
  #show(crossing: LowStockCrossing): void {
    void Promise.resolve().then(() => {
      if (!this.#isOver) this.#options.onCrossing(crossing);
    });
  }

  #retry(fault: LedgerError): void {
    const { onFault, setTimer = setRuntimeTimer, retryMs = 1_000 } = this.#options;
    onFault?.(fault);
    this.#cancelTimer = setTimer(() => this.#wake(), retryMs);
  }
}
