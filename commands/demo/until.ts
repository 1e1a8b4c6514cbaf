import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_MS = 100;

/** Repeats until the result is as expected, and returns it. */
export async function until<Seen>(
  look: () => Promise<Seen>,
  isThere: (seen: Seen) => boolean,
  withinMs: number,
  /** The sentence for when it did not come about, given what was seen last. */
  complain: (seen: Seen) => string,
): Promise<Seen> {
  const limit = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isThere(seen)) return seen;
    if (performance.now() > limit) throw new Error(complain(seen));
    await pause(LOOK_AGAIN_MS);
  }
}
