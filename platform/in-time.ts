import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/**
 * The result of a call to a neighbour that must not be waited for.
 *
 * @throws Error when it takes longer than the limit
 */
export async function inTime<Result>(call: Promise<Result>, limitMs: number): Promise<Result> {
  const patience = new AbortController();
  const late = delay(limitMs, undefined, { signal: patience.signal }).then(async () => {
    // Timers run before replies are read. After a busy moment of this process, the reply may be there already.
    await nextTurn();
    throw new Error(`no reply in ${limitMs} ms`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([call, late]);
  } finally {
    patience.abort();
  }
}
