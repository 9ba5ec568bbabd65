import type { CommandId } from './id.ts';

/** The most characters of the name of a source. */
export const SOURCE_LENGTH_MAX = 64;

/** The most characters of an id elsewhere, and of a reason. */
export const PROVENANCE_TEXT_MAX = 256;

/**
 * How far ahead of the clock that records a command may say that it occurred, in milliseconds: two clocks are rarely
 * the same.
 *
 * @see RFC 4120, section 1.6: "typically 5 minutes" of skew between the clocks of a network.
 */
export const CLOCK_SKEW_MAX_MS = 300_000;

/** The furthest from 1970 that a `Date` reaches, in milliseconds, before it and after it. */
export const TIME_MAX_MS = 8_640_000_000_000_000;

/** Where a command comes from; a field that nobody knows is absent. It changes nothing of what the command does. */
export type Provenance = Readonly<{
  /** Which system or person it came through: what a feed leaves out by `exceptSource`. */
  source?: string;
  /** What it is called there: an order, a delivery note. Not unique: an order may be many movements. */
  externalId?: string;
  reason?: string;
  /** The command that it follows from. It may stand in another journal, or in none yet: nobody looks. */
  causedBy?: CommandId;
  /**
   * When it happened, in milliseconds since 1970, however long ago: a paper slip may be older than the journal. The
   * order of the journal stays that of the recording.
   */
  occurredAt?: number;
}>;

/** Provenance as a caller writes it; texts are one line, of at most {@link SOURCE_LENGTH_MAX} or {@link PROVENANCE_TEXT_MAX}. */
export type ProvenanceInput = Readonly<{
  source?: string | null | undefined;
  externalId?: string | null | undefined;
  reason?: string | null | undefined;
  causedBy?: string | null | undefined;
  /** At most {@link CLOCK_SKEW_MAX_MS} ahead of the clock that records, or the command is refused with `OccursLater`. */
  occurredAt?: number | null | undefined;
}>;
