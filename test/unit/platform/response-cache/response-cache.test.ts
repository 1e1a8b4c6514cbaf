import { describe, expect, test } from 'vitest';

import { createMetrics } from '../../../../platform/metrics';
import { decodeEntry, encodeEntry } from '../../../../platform/response-cache/entry';
import {
  createResponseCache,
  type Loaded,
  type Refusal,
} from '../../../../platform/response-cache/response-cache';
import type { Place, SharedTier } from '../../../../platform/response-cache/shared-tier';

const KIND = { ttlMs: 60_000, share: 0.5, missingTags: ['things'] };

/** What several processes share. */
function fakeTier(): SharedTier & { readonly stored: Map<string, Buffer>; leases: Set<string> } {
  const stored = new Map<string, Buffer>();
  const leases = new Set<string>();
  const keyOf = ({ build, epoch, name }: Place) => `${build}:${epoch}:${name}`;
  return {
    stored,
    leases,
    isAway: false,
    async find(place) {
      const found = stored.get(keyOf(place));
      return found && decodeEntry(found, place.name);
    },
    keep: (place, entry) => void stored.set(keyOf(place), encodeEntry(entry)),
    async lease(place) {
      if (leases.has(keyOf(place))) return 'taken';
      leases.add(keyOf(place));
      return { end: () => void leases.delete(keyOf(place)) };
    },
    forget: (place) => void stored.delete(keyOf(place)),
    async claim(build, epoch) {
      const isFirst = !stored.has(`${build}:${epoch}`);
      stored.set(`${build}:${epoch}`, Buffer.alloc(0));
      return isFirst;
    },
    close() {},
  };
}

class Missing extends Error {}
const readError = (error: unknown): Refusal => (error instanceof Missing ? 'missing' : 'failed');

function openCache({ shared = fakeTier(), build = 'b', epoch = 'e' } = {}) {
  const state = { now: 1_000_000, isFollowed: true, loads: 0 };
  const cache = createResponseCache({
    kinds: { list: KIND, search: { ...KIND, isOftenAskedOnce: true } },
    maxBytes: 1_000_000,
    build,
    shared,
    readError,
    metrics: createMetrics(),
    now: () => state.now,
  });
  cache.followedBy(() => state.isFollowed);
  cache.start({ epoch, snapshot: '100:100:', since: 0 });
  const loadOf =
    (text: string, more: Partial<Loaded> = {}) =>
    async () => {
      state.loads += 1;
      return { bytes: Buffer.from(text), etag: `"${text}"`, tags: ['things'], ...more };
    };
  const ask = async (text: string, name = 'n', kind: 'list' | 'search' = 'list') =>
    (cache.find(kind, name) ?? (await cache.fetch(kind, name, loadOf(text)))).bytes.toString();
  const commit = (xid: number, ...tags: string[]) => {
    cache.moveTo(`${xid + 1}:${xid + 1}:`);
    cache.note(xid, { tags });
  };
  const served = (kind = 'list') => cache.figures().kinds.find((it) => it.kind === kind)!.served;
  return { cache, state, shared, loadOf, ask, commit, served };
}

/** A load that ends when the test says so. */
function heldLoad(text: string) {
  let loads = 0;
  let end: (result: Loaded) => void = () => {};
  let fail: (error: Error) => void = () => {};
  return {
    load: () => {
      loads += 1;
      return new Promise<Loaded>((resolve, reject) => {
        end = resolve;
        fail = reject;
      });
    },
    end: () => end({ bytes: Buffer.from(text), etag: '"x"', tags: ['things'] }),
    fail: (error: Error) => fail(error),
    get loads() {
      return loads;
    },
  };
}

const soon = () => new Promise(setImmediate);

describe('what is kept', () => {
  test('is served until an event of one of its tags', async () => {
    const { ask, commit, state } = openCache();
    expect(await ask('old')).toBe('old');
    expect(await ask('new')).toBe('old');
    commit(100, 'others');
    expect(await ask('new')).toBe('old');
    commit(101, 'things');
    expect(await ask('new')).toBe('new');
    expect(state.loads).toBe(2);
  });

  test('is not what was loaded while a change committed', async () => {
    const { cache, ask, commit, state } = openCache();
    const held = heldLoad('old');
    const first = cache.fetch('list', 'n', held.load);
    await soon();
    commit(100, 'things');
    held.end();
    expect((await first).bytes.toString()).toBe('old');
    expect(await ask('new')).toBe('new');
    expect(state.loads).toBe(1);
  });

  test('lives no longer than the price that it shows', async () => {
    const { cache, loadOf, ask, state } = openCache();
    await cache.fetch('list', 'n', loadOf('cheap', { until: new Date(state.now + 5_000) }));
    state.now += 4_999;
    expect(await ask('dear')).toBe('cheap');
    state.now += 1;
    const failing = cache.fetch('list', 'n', () => Promise.reject(new Error('away')));
    await expect(failing).rejects.toThrow('away');
  });

  test('is loaded again after its time, which differs by a tenth', async () => {
    const { ask, state } = openCache();
    await ask('old');
    state.now += 53_999;
    expect(await ask('new')).toBe('old');
    state.now += 12_001;
    expect(await ask('new')).toBe('new');
  });

  test('is forgotten when the journal begins again', async () => {
    const { cache, ask } = openCache();
    await ask('old');
    cache.start({ epoch: 'restored', snapshot: '50:50:', since: 50 });
    expect(await ask('new')).toBe('new');
  });

  test('is not what was loaded before the journal began again', async () => {
    const { cache, ask } = openCache();
    const held = heldLoad('old');
    const first = cache.fetch('list', 'n', held.load);
    await soon();
    cache.start({ epoch: 'restored', snapshot: '50:50:', since: 50 });
    held.end();
    await first;
    expect(await ask('new')).toBe('new');
  });
});

describe('a crowd', () => {
  test('waits for one load', async () => {
    const { cache, served } = openCache();
    const held = heldLoad('x');
    const all = Array.from({ length: 1_000 }, () => cache.fetch('list', 'n', held.load));
    await soon();
    held.end();
    expect(new Set((await Promise.all(all)).map(({ bytes }) => bytes.toString()))).toEqual(new Set(['x']));
    expect(held.loads).toBe(1);
    expect(served().load).toBe(1);
  });

  test('that came before a change is answered from before it, whoever came after it is not', async () => {
    const { cache, loadOf, commit } = openCache();
    const held = heldLoad('old');
    const first = cache.fetch('list', 'n', held.load);
    await soon();
    commit(100, 'things');
    const later = [1, 2, 3].map(() => cache.fetch('list', 'n', loadOf('new')));
    held.end();
    expect((await first).bytes.toString()).toBe('old');
    for (const { bytes } of await Promise.all(later)) expect(bytes.toString()).toBe('new');
  });

  test('fails at once with a load that fails, and nothing is loaded for a moment', async () => {
    const { cache } = openCache();
    const held = heldLoad('x');
    const all = Array.from({ length: 1_000 }, () => cache.fetch('list', 'n', held.load));
    await soon();
    held.fail(new Error('away'));
    const ends = await Promise.allSettled(all);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(cache.fetch('list', 'n', held.load)).rejects.toThrow('away');
    expect(held.loads).toBe(1);
  });
});

describe('when a load fails', () => {
  const failing = () => Promise.reject(new Error('away'));

  test('an old entry that is true is served for five minutes', async () => {
    const { cache, ask, state, served } = openCache();
    await ask('old');
    state.now += 66_001;
    expect((await cache.fetch('list', 'n', failing)).bytes.toString()).toBe('old');
    expect((await cache.fetch('list', 'n', failing)).bytes.toString()).toBe('old');
    expect(served().stale).toBe(2);
    state.now += 300_001;
    await expect(cache.fetch('list', 'n', failing)).rejects.toThrow('away');
  });

  test('an entry that an event made invalid is not', async () => {
    const { cache, ask, commit, state } = openCache();
    await ask('old');
    state.now += 66_001;
    commit(100, 'things');
    await expect(cache.fetch('list', 'n', failing)).rejects.toThrow('away');
  });
});

describe('what is missing', () => {
  const missing = () => Promise.reject(new Missing('none'));

  test('is remembered until an event may have made it', async () => {
    const { cache, ask, commit, state } = openCache();
    await expect(cache.fetch('list', 'n', missing)).rejects.toThrow('none');
    await expect(ask('made')).rejects.toThrow('none');
    expect(state.loads).toBe(0);
    commit(100, 'things');
    expect(await ask('made')).toBe('made');
  });

  test('is not remembered when the event came during the load', async () => {
    const { cache, ask, commit } = openCache();
    const held = heldLoad('x');
    const first = cache.fetch('list', 'n', held.load);
    await soon();
    commit(100, 'things');
    held.fail(new Missing('none'));
    await expect(first).rejects.toThrow('none');
    expect(await ask('made')).toBe('made');
  });
});

describe('when the journal is not followed', () => {
  test('everything is loaded, and nothing of it is kept', async () => {
    const { ask, state, served } = openCache();
    await ask('old');
    state.isFollowed = false;
    expect(await ask('new')).toBe('new');
    expect(served().bypass).toBe(1);
    state.isFollowed = true;
    expect(await ask('newer')).toBe('old');
  });
});

describe('several processes', () => {
  test('share what one loaded', async () => {
    const one = openCache();
    const other = openCache({ shared: one.shared });
    await one.ask('x');
    expect(await other.ask('y')).toBe('x');
    expect(other.served().l2).toBe(1);
    one.commit(100, 'things');
    other.commit(100, 'things');
    expect(await other.ask('new')).toBe('new');
    expect(await one.ask('z')).toBe('new');
  });

  test('load once when both miss', async () => {
    const one = openCache();
    const other = openCache({ shared: one.shared });
    const held = heldLoad('x');
    const first = one.cache.fetch('list', 'n', held.load);
    await soon();
    const second = other.ask('y');
    await soon();
    held.end();
    await first;
    expect(await second).toBe('x');
    expect(one.shared.leases.size).toBe(0);
  });

  test('do not share across builds and restores', async () => {
    const one = openCache();
    await one.ask('x');
    expect(await openCache({ shared: one.shared, build: 'next' }).ask('y')).toBe('y');
    expect(await openCache({ shared: one.shared, epoch: 'restored' }).ask('z')).toBe('z');
  });

  test('share a search once it is asked for twice', async () => {
    const { ask, shared } = openCache();
    await ask('x', 'n', 'search');
    expect(shared.stored.size).toBe(0);
    await ask('x', 'n', 'search');
    expect(shared.stored.size).toBe(1);
  });
});

describe('a stored entry', () => {
  const entry = {
    name: 'n',
    tags: ['a'],
    stamp: { text: '1:2:1', xmin: 1, xmax: 2, running: new Set([1]) },
    bytes: Buffer.from('سلام'),
    gzip: Buffer.from([1, 2, 3]),
    etag: '"e"',
    freshUntil: 1,
    usableUntil: 2,
  };

  test('is read as it was written', () => {
    expect(decodeEntry(encodeEntry(entry), 'n')).toEqual(entry);
    const plain = { ...entry, gzip: undefined };
    expect(decodeEntry(encodeEntry(plain), 'n')).toEqual(plain);
  });

  test('is no entry when it is another one, cut or changed anywhere', () => {
    const stored = encodeEntry(entry);
    expect(decodeEntry(stored, 'other')).toBeUndefined();
    for (let length = 0; length < stored.length; length += 1)
      expect(decodeEntry(stored.subarray(0, length), 'n')).toBeUndefined();
    for (let place = 0; place < stored.length; place += 1) {
      const changed = Buffer.from(stored);
      changed[place] = changed[place]! ^ 1;
      expect(decodeEntry(changed, 'n')).toBeUndefined();
    }
  });
});

test('the memory of a kind has a limit', async () => {
  const { cache, ask } = openCache();
  for (let n = 0; n < 1_000; n += 1) await ask('x'.repeat(2_000), `n${n}`);
  const { bytes, entries } = cache.figures().kinds[0]!;
  expect(bytes).toBeLessThanOrEqual(500_000);
  expect(entries).toBeGreaterThan(100);
});
