const MOST_KEYS = 50_000;

/** What a key's window holds so far and how long it still runs. */
export interface Count {
  readonly count: number;
  readonly restMs: number;
}

/** Counts per key in windows of this process. Keys beyond 50,000 push out the oldest, so memory stays bounded. */
export function createLocalCounter(now: () => number = Date.now): (key: string, windowMs: number) => Count {
  const windows = new Map<string, { count: number; endsAt: number }>();

  return (key, windowMs) => {
    const time = now();
    const known = windows.get(key);
    const current = known && known.endsAt > time ? known : { count: 0, endsAt: time + windowMs };
    current.count += 1;
    if (current !== known) {
      windows.delete(key);
      windows.set(key, current);
      if (windows.size > MOST_KEYS) windows.delete(windows.keys().next().value!);
    }
    return { count: current.count, restMs: current.endsAt - time };
  };
}
