const MOST_KEYS = 50_000;

/** The count of a key's current window, and how long the window still runs. */
export interface Count {
  readonly total: number;
  readonly restMs: number;
}

/** Counts per key, in this process only. At most 50,000 keys are kept; the oldest window is dropped first. */
export function createLocalCounter(
  now: () => number,
): (key: string, amount: number, windowMs: number) => Count {
  const windows = new Map<string, { total: number; endsAt: number }>();

  return (key, amount, windowMs) => {
    const time = now();
    const known = windows.get(key);
    const current = known && known.endsAt > time ? known : { total: 0, endsAt: time + windowMs };
    current.total += amount;
    if (current !== known) {
      windows.delete(key);
      windows.set(key, current);
      if (windows.size > MOST_KEYS) windows.delete(windows.keys().next().value!);
    }
    return { total: current.total, restMs: current.endsAt - time };
  };
}
