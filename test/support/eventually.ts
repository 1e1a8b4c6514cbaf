import { setTimeout as pause } from 'node:timers/promises';

import { PATIENCE, PATIENCE_MS } from './patience';

/**
 * Repeats until the result is as expected, and returns it.
 * @throws when that takes too long, with the last result
 */
export async function eventually<Value>(
  read: () => Promise<Value> | Value,
  isThere: (value: Value) => boolean,
): Promise<Value> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (isThere(value)) return value;
    if (Date.now() > until) {
      throw new Error(`not so within ${PATIENCE_MS} ms; the last result was ${JSON.stringify(value)}`);
    }
    await pause(PATIENCE.interval);
  }
}
