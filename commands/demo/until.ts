import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 100;

/** What was expected did not happen in time. */
export class TookTooLong extends Error {}

/** Reads again and again until the result is as expected, and returns it. Throws {@link TookTooLong} after `withinMs`. */
export async function until<Seen>(
  read: () => Promise<Seen>,
  isExpected: (seen: Seen) => boolean,
  withinMs: number,
  /** Makes the error message from the last result. */
  complain: (seen: Seen) => string,
  pollMs = POLL_MS,
): Promise<Seen> {
  const limit = performance.now() + withinMs;
  for (;;) {
    const seen = await read();
    if (isExpected(seen)) return seen;
    if (performance.now() > limit) throw new TookTooLong(complain(seen));
    await pause(pollMs);
  }
}
