const MINUTE_MS = 60_000;

/** Counts a merchant's calls per minute of the sandbox's clock while there is a limit; kept in memory only. */
export interface CallCounter {
  /** Whether this call still fits under the limit. */
  admits(merchantId: string, limit: number | null): boolean;
  reset(): void;
}

/** A counter in fixed minutes, which is as much as is known about Zarinpal's own. */
export function createCallCounter(now: () => number): CallCounter {
  let minute = -1;
  let counts = new Map<string, number>();
  return {
    admits(merchantId, limit) {
      if (limit === null) return true;
      const current = Math.floor(now() / MINUTE_MS);
      if (current !== minute) {
        minute = current;
        counts = new Map();
      }
      const count = (counts.get(merchantId) ?? 0) + 1;
      counts.set(merchantId, count);
      return count <= limit;
    },
    reset: () => counts.clear(),
  };
}
