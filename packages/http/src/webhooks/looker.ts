import type { SetTimer } from '@stockfold/core';

/** What one look came to: there is more now, more at some time (milliseconds since 1970), or nothing until it is woken. */
export type Outcome = 'more' | number | null;

export type LookerOptions = Readonly<{
  look: () => Promise<Outcome>;
  setTimer: SetTimer;
  /** Milliseconds since 1970. */
  clock: () => number;
}>;

/** Looks when it is woken, one look at a time; woken while it looks, it looks once more. */
export class Looker {
  readonly #options: LookerOptions;
  #running: Promise<void> | null = null;
  #isStale = false;
  #isOver = false;
  #pausedUntil = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: LookerOptions) {
    this.#options = options;
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#running === null;
  }

  /** Whether it was closed, so that nothing further is to be begun. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when there is nothing more to look at for now. */
  wake(): Promise<void> {
    this.#isStale = true;
    // In a turn of its own: the run forgets itself at its end, which is never before it is remembered here.
    this.#running ??= Promise.resolve().then(() => this.#run());
    return this.#running;
  }

  /** When what is under way has come to rest. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Begins no further look, and waits for the one under way. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#cancelTimer();
    await this.#running;
  }

  /** Looks at nothing for some milliseconds, however often it is woken. */
  pause(ms: number): Outcome {
    this.#pausedUntil = this.#options.clock() + ms;
    return this.#pausedUntil;
  }

  async #run(): Promise<void> {
    try {
      while (this.#isStale && !this.#isOver) {
        this.#isStale = false;
        this.#cancelTimer();
        const { look, clock } = this.#options;
        const outcome = this.#pausedUntil > clock() ? this.#pausedUntil : await look();
        if (outcome === 'more') this.#isStale = true;
        else if (outcome !== null && !this.#isOver) this.#wakeAt(outcome);
      }
    } finally {
      // In the same breath as the last look: a call in between would be told that somebody is looking already.
      this.#running = null;
    }
  }

  #wakeAt(time: number): void {
    const { setTimer, clock } = this.#options;
    this.#cancelTimer = setTimer(() => void this.wake(), Math.max(0, time - clock()));
  }
}
