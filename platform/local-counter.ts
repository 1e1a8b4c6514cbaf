const MOST_KEYS = 50_000;

/** What a key's window holds so far and how long it still runs. */
export interface Count {
  readonly total: number;
  readonly restMs: number;
}

/** Counts per key in windows of this process. Keys beyond 50,000 push out the oldest, so memory stays bounded. */
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
