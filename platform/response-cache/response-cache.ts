import { setTimeout as delay } from 'node:timers/promises';

import { LRUCache } from 'lru-cache';

import type { Metrics } from '../metrics';
import { cacheMetrics, type Kept, type Origin } from './cache-metrics';
import { compressed, type Entry } from './entry';
import { createFlights } from './flights';
import type { Lease, Place, SharedTier } from './shared-tier';
import { openShelf, type Shelf } from './shelf';
import type { Snapshot } from './snapshot';
import { createValidity, matchesPattern, type Invalidation, type JournalStart } from './validity';

const STALE_IF_ERROR_MS = 300_000;
/** Entries end at different times, so that they are not all loaded at once. */
const JITTER = 0.1;
/** When those look into Redis whose entry another process loads. */
const LOOKS_MS = [5, 10, 20, 40, 80, 160];
const MOST_MISSING = 10_000;
const MISSING_MS = 30_000;
/** After a load that failed, how long none is tried. */
const PAUSE_MS = 250;
const MOST_FAILURES = 1_000;

/** How answers of a kind are kept. */
export interface Kind {
  readonly ttlMs: number;
  /** Its part of the memory, from 0 to 1. */
  readonly share: number;
  /** Whether an answer enters Redis only when a process was asked for it twice. */
  readonly isOftenAskedOnce?: true;
  /** The tags of what could not be found: an event with one of them may have made it. */
  readonly missingTags: readonly string[];
}

/** What a load found. */
export interface Loaded {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly tags: readonly string[];
  /** When what it shows changes by plan, without a commit. */
  readonly until?: Date | undefined;
}

/** What a thrown error means: nothing was found, the request was refused, or the load failed. */
export type Refusal = 'missing' | 'refused' | 'failed';

export interface ResponseCacheOptions<KindName extends string> {
  readonly kinds: Readonly<Record<KindName, Kind>>;
  readonly maxBytes: number;
  readonly build: string;
  readonly shared: SharedTier;
  readonly readError: (error: unknown) => Refusal;
  readonly metrics: Metrics;
  readonly now?: () => number;
}

/** Where the journal is followed to. */
export interface JournalProgress extends JournalStart {
  readonly epoch: string;
}

/** What staff see of a kind in this process. */
export interface KindFigures<KindName extends string> extends Kept {
  readonly kind: KindName;
  readonly served: Readonly<Record<Origin, number>>;
}

/** Answers of public routes, as the bytes that are sent. What is in it is served only while the journal says that it is true. */
export interface ResponseCache<KindName extends string> {
  /** An entry of this process that is fresh. It is what most requests need. */
  find(kind: KindName, name: string): Entry | undefined;
  /**
   * The entry from Redis or from a load, which runs once for all who wait for it.
   *
   * @param name names the request: equal names have equal answers
   */
  fetch(kind: KindName, name: string, load: () => Promise<Loaded>): Promise<Entry>;
  /** Puts an entry into Redis, also one that was put there before: Redis may have lost it since. */
  share(kind: KindName, entry: Entry): void;
  /** True for one process, once, where Redis has nothing of this build and this database. */
  claimShared(): Promise<boolean>;
  /** Begins to follow the journal, or begins again because events were skipped or the database is another. */
  start(from: JournalProgress): void;
  /** All events up to this snapshot were noted. */
  moveTo(snapshot: string): void;
  note(xid: number, invalidation: Invalidation): void;
  /** Asked at each request: false switches the cache off. */
  followedBy(lives: () => boolean): void;
  /** Entries of this process whose names fit a pattern, those used last first. */
  list(pattern: string, most: number): Judged[];
  /** What is known of an entry, wherever it is. */
  inspect(kind: KindName, name: string): Promise<Inspected>;
  figures(): {
    readonly isOn: boolean;
    readonly isShared: boolean;
    readonly kinds: readonly KindFigures<KindName>[];
  };
}

/** An entry, and whether the journal says that it is true. */
export interface Judged {
  readonly entry: Entry;
  readonly isValid: boolean;
}

/** An entry in this process and in Redis. */
export interface Inspected {
  readonly local: Judged | undefined;
  readonly shared: Judged | undefined;
}

interface Missing extends Pick<Entry, 'name' | 'tags' | 'stamp'> {
  readonly error: unknown;
}

export function createResponseCache<KindName extends string>(
  options: ResponseCacheOptions<KindName>,
): ResponseCache<KindName> {
  const { kinds, maxBytes, build, shared, readError, metrics, now = Date.now } = options;
  const names = Object.keys(kinds) as KindName[];
  const longestMs = Math.max(...names.map((kind) => kinds[kind].ttlMs)) * (1 + JITTER) + STALE_IF_ERROR_MS;
  // A minute for loads, and for processes that follow the journal a little later.
  const validity = createValidity({ keepMs: longestMs + 60_000, now });
  const flights = createFlights<Entry>();
  const missing = new LRUCache<string, Missing>({ max: MOST_MISSING, ttl: MISSING_MS });
  const failures = new LRUCache<string, { readonly error: unknown }>({ max: MOST_FAILURES, ttl: PAUSE_MS });
  const metricsOf = cacheMetrics(metrics, names, (kind) => shelves[kind as KindName].kept());
  const shelves = Object.fromEntries(
    names.map((kind) => [kind, openShelf(maxBytes * kinds[kind].share, metricsOf(kind), validity)]),
  ) as Record<KindName, Shelf>;
  let epoch = '';
  /** Counts the beginnings. A load from before the last one is not kept. */
  let generation = 0;
  let isFollowed: (() => boolean) | undefined;

  const isOn = () => validity.stamp !== undefined && isFollowed?.() === true;

  const placeOf = (kind: KindName, name: string): Place => ({ build, epoch, kind, name });

  function find(kind: KindName, name: string): Entry | undefined {
    if (!isOn()) return undefined;
    const shelf = shelves[kind];
    const slot = shelf.valid(name);
    if (!slot || slot.entry.freshUntil <= now()) return undefined;
    shelf.metrics.served('l1');
    if (!slot.isShared) {
      slot.isShared = true;
      shared.keep(placeOf(kind, name), slot.entry);
    }
    return slot.entry;
  }

  /** A valid entry from Redis. */
  async function findShared(shelf: Shelf, place: Place): Promise<Entry | undefined> {
    const entry = await shared.find(place);
    if (!entry) return undefined;
    if (validity.isValid(entry) && entry.usableUntil > now()) return entry;
    shelf.metrics.discarded();
    return undefined;
  }

  const isFresh = (entry: Entry | undefined): entry is Entry =>
    entry !== undefined && entry.freshUntil > now();

  /** Waits for the entry that another process loads. */
  async function awaitShared(shelf: Shelf, place: Place): Promise<Entry | undefined> {
    for (const pause of LOOKS_MS) {
      await delay(pause);
      const entry = await findShared(shelf, place);
      if (isFresh(entry)) return entry;
      if (shared.isAway) return undefined;
    }
    return undefined;
  }

  async function loadEntry(
    kind: KindName,
    name: string,
    stamp: Snapshot,
    ask: () => Promise<Loaded>,
  ): Promise<Entry> {
    const startedAt = now();
    const began = performance.now();
    const { bytes, etag, tags, until } = await ask();
    shelves[kind].metrics.loaded((performance.now() - began) / 1_000);
    const planned = until?.getTime() ?? Infinity;
    const jitter = 1 + JITTER * (2 * Math.random() - 1);
    const freshUntil = Math.min(startedAt + kinds[kind].ttlMs * jitter, planned);
    const usableUntil = Math.min(freshUntil + STALE_IF_ERROR_MS, planned);
    return { name, tags, stamp, bytes, gzip: await compressed(bytes), etag, freshUntil, usableUntil };
  }

  async function load(kind: KindName, name: string, ask: () => Promise<Loaded>): Promise<Entry> {
    const shelf = shelves[kind];
    const { stamp } = validity;
    const begun = generation;
    const failed = failures.get(name);
    if (!isOn() || !stamp) {
      if (failed) throw failed.error;
      shelf.metrics.served('bypass');
      try {
        return await loadEntry(kind, name, NOTHING_SEEN, ask);
      } catch (error) {
        pauseAfter(name, error);
        throw error;
      }
    }
    const gone = missing.get(name);
    if (gone && validity.isValid(gone)) throw gone.error;

    const place = placeOf(kind, name);
    const known = shelf.valid(name)?.entry ?? (await findShared(shelf, place));
    if (isFresh(known)) return serve(shelf, known, 'l2');
    if (failed) return instead(shelf, known, failed.error);

    const isShared = !kinds[kind].isOftenAskedOnce;
    const lease: Lease = isShared ? await shared.lease(place) : 'unknown';
    try {
      const theirs = lease === 'taken' ? await awaitShared(shelf, place) : undefined;
      if (theirs) return serve(shelf, theirs, 'l2');
      const entry = await loadEntry(kind, name, stamp, ask);
      if (begun === generation && isOn() && validity.isValid(entry)) {
        shelf.keep(entry, isShared);
        if (isShared) shared.keep(place, entry);
      } else shelf.metrics.discarded();
      shelf.metrics.served('load');
      return entry;
    } catch (error) {
      if (readError(error) === 'missing' && begun === generation)
        missing.set(name, { name, tags: kinds[kind].missingTags, stamp, error });
      pauseAfter(name, error);
      return instead(shelf, known, error);
    } finally {
      if (typeof lease === 'object') lease.end();
    }
  }

  /** Lets nothing be loaded for a moment after a load that failed. */
  function pauseAfter(name: string, error: unknown): void {
    if (readError(error) === 'failed') failures.set(name, { error });
  }

  /** What is served where a load threw: an entry that is too old but true, or else the error. */
  function instead(shelf: Shelf, known: Entry | undefined, error: unknown): Entry {
    const isUsable = known !== undefined && isOn() && known.usableUntil > now() && validity.isValid(known);
    if (readError(error) !== 'failed' || !isUsable) throw error;
    shelf.metrics.served('stale');
    return known;
  }

  const judged = (entry: Entry): Judged => ({ entry, isValid: validity.isValid(entry) });

  return {
    find,
    fetch: (kind, name, ask) =>
      flights.run(
        name,
        () => load(kind, name, ask),
        (entry) => !isOn() || validity.isValid(entry),
      ),
    share(kind, entry) {
      if (isOn() && validity.isValid(entry)) shared.keep(placeOf(kind, entry.name), entry);
    },
    claimShared: async () => isOn() && (await shared.claim(build, epoch)) === true,
    start({ epoch: present, ...from }) {
      epoch = present;
      generation += 1;
      for (const kind of names) shelves[kind].clear();
      missing.clear();
      validity.start(from);
    },
    moveTo: (snapshot) => validity.moveTo(snapshot),
    note: (xid, invalidation) => validity.note(xid, invalidation),
    followedBy(lives) {
      isFollowed = lives;
    },
    list(pattern, most) {
      const found: Judged[] = [];
      for (const kind of names)
        for (const entry of shelves[kind].entries()) {
          if (found.length === most) return found;
          if (matchesPattern(entry.name, pattern)) found.push(judged(entry));
        }
      return found;
    },
    async inspect(kind, name) {
      const here = shelves[kind].peek(name);
      const there = await shared.find(placeOf(kind, name));
      return { local: here && judged(here), shared: there && judged(there) };
    },
    figures: () => ({
      isOn: isOn(),
      isShared: !shared.isAway,
      kinds: names.map((kind) => ({ kind, ...shelves[kind].kept(), served: shelves[kind].metrics.counts() })),
    }),
  };
}

function serve(shelf: Shelf, entry: Entry, origin: Origin): Entry {
  shelf.keep(entry, true);
  shelf.metrics.served(origin);
  return entry;
}

/** The stamp of an entry that is never kept. */
const NOTHING_SEEN = { text: '1:1:', xmin: 1, xmax: 1, running: new Set<number>() };
