/**
 * How long to wait after so many attempts at a message have failed, in milliseconds: ten times a minute, nine times ten
 * minutes, then an hour, for about 70 hours in all. Null after that: the subscription is given up.
 *
 * @see Zettle Pusher API, "Retry policy".
 */
export function retryDelay(failures: number): number | null {
  if (failures <= 10) return 60_000;
  if (failures <= 19) return 600_000;
  return failures <= 87 ? 3_600_000 : null;
}
