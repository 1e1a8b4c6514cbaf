import type { Metrics } from '../metrics';

/** Where an answer came from: this process, Redis, a load, an old entry because the load failed, or a load because the cache was off. */
export type Origin = 'l1' | 'l2' | 'load' | 'stale' | 'bypass';

const ORIGINS: readonly Origin[] = ['l1', 'l2', 'load', 'stale', 'bypass'];

/** What is measured of one kind of answers. */
export interface KindMetrics {
  served(origin: Origin): void;
  evicted(): void;
  /** An entry was not valid any more, or was not kept because what it shows changed during its load. */
  discarded(): void;
  loaded(seconds: number): void;
  /** How often each origin served, since the process began. */
  counts(): Readonly<Record<Origin, number>>;
}

/** What the process keeps of a kind. */
export interface Kept {
  readonly bytes: number;
  readonly entries: number;
}

/** @param kept reads what the process keeps of a kind */
export function cacheMetrics(
  metrics: Metrics,
  kinds: readonly string[],
  kept: (kind: string) => Kept,
): (kind: string) => KindMetrics {
  const requests = metrics.counter(
    'answer_cache_requests_total',
    'Answers by kind and where they came from.',
    ['kind', 'origin'],
  );
  const evictions = metrics.counter(
    'answer_cache_evictions_total',
    'Entries that left this process for want of room.',
    ['kind'],
  );
  const discards = metrics.counter('answer_cache_discards_total', 'Entries that the journal made invalid.', [
    'kind',
  ]);
  const seconds = metrics.histogram('answer_cache_load_seconds', 'How long loads took.', ['kind']);
  const gauge = (name: string, help: string, read: (of: Kept) => number) =>
    metrics.gauge(name, help, ['kind'], function collect() {
      for (const kind of kinds) this.set({ kind }, read(kept(kind)));
    });
  gauge('answer_cache_bytes', 'What the entries in this process take of its memory.', ({ bytes }) => bytes);
  gauge('answer_cache_entries', 'How many entries are in this process.', ({ entries }) => entries);

  return (kind) => {
    const counts = { l1: 0, l2: 0, load: 0, stale: 0, bypass: 0 };
    const counters = Object.fromEntries(
      ORIGINS.map((origin) => [origin, requests.labels({ kind, origin })]),
    ) as unknown as Record<Origin, { inc(): void }>;
    return {
      served(origin) {
        counts[origin] += 1;
        counters[origin].inc();
      },
      evicted: () => evictions.inc({ kind }),
      discarded: () => discards.inc({ kind }),
      loaded: (took) => seconds.observe({ kind }, took),
      counts: () => ({ ...counts }),
    };
  };
}
