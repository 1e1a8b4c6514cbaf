import { storedValue, type Store } from './store';

const NUMBERS_BEGIN = Date.UTC(2020, 0, 1);
const MINUTE_MS = 60_000;

/**
 * Gives numbers that were never given before. They begin with the machine's time, so they stay unique when only
 * the shop's state is kept and the sandbox's is deleted.
 */
export function createNumbers(store: Store, machineNow: () => number): () => number {
  const last = storedValue(store, 'number', 0, { survivesReset: true });
  return () => {
    last.set(Math.max(last.get() + 1, machineNow() - NUMBERS_BEGIN));
    return last.get();
  };
}

/** Counts the calls of somebody per minute of the sandbox's clock. It forgets at a restart. */
export interface CallCounter {
  /** Whether this call still fits under the limit; null is no limit. */
  admits(caller: string, limit: number | null): boolean;
  reset(): void;
}

/** A counter in fixed minutes. */
export function createCallCounter(now: () => number): CallCounter {
  let minute = -1;
  const counts = new Map<string, number>();
  return {
    admits(caller, limit) {
      if (limit === null) return true;
      const current = Math.floor(now() / MINUTE_MS);
      if (current !== minute) counts.clear();
      minute = current;
      const count = (counts.get(caller) ?? 0) + 1;
      counts.set(caller, count);
      return count <= limit;
    },
    reset: () => counts.clear(),
  };
}
