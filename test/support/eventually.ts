import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_MS = 25;

/**
 * Repeats until the result is as expected, and returns it. When that does not come about in time
 * the error tells what was there last.
 */
export async function eventually<Value>(
  look: () => Promise<Value> | Value,
  isThere: (value: Value) => boolean,
  withinMs = 15_000,
): Promise<Value> {
  const until = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (isThere(value)) return value;
    if (Date.now() > until) {
      throw new Error(`not so within ${withinMs} ms; at last it was ${JSON.stringify(value)}`);
    }
    await pause(LOOK_AGAIN_MS);
  }
}
