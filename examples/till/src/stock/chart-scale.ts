/** Round numbers from 0 to `max` or just above it, at most five of them. */
export function roundTicks(max: number): readonly number[] {
  const rough = Math.max(1, max) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough) ?? 1);
  const count = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STEPS = [HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 364 * DAY];

/** A moment to write below a chart. */
export type TimeTick = Readonly<{ at: number; text: string }>;

/**
 * Full hours, or the beginnings of days, between two moments.
 *
 * @param most - How many there is room for.
 */
export function timeTicks(from: number, to: number, most: number): readonly TimeTick[] {
  const step = STEPS.find(size => (to - from) / size <= most) ?? to - from + 1;
  // Days begin at midnight here, and not in Greenwich.
  const offset = new Date(from).getTimezoneOffset() * 60_000;
  const first = Math.ceil((from - offset) / step) * step + offset;
  const format = new Intl.DateTimeFormat(
    undefined,
    step < DAY
      ? { hour: '2-digit', minute: '2-digit' }
      : to - from <= 8 * DAY
        ? { weekday: 'short' }
        : { day: 'numeric', month: 'short' },
  );
  const ticks: TimeTick[] = [];
  for (let at = first; at <= to; at += step) ticks.push({ at, text: format.format(at) });
  return ticks;
}
