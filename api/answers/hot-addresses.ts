import { LRUCache } from 'lru-cache';

import type { CountedAddress } from '../../entities/cache/hot-addresses';

const MOST_COUNTED = 2_000;
const MOST_TAKEN = 200;
/** Anybody can invent searches, so they never take the room of pages and lists. */
const MOST_SEARCHES_TAKEN = 50;
/** A search that fewer repeat is nobody's habit. */
const FEWEST_SEARCHES = 3;
const LONGEST_NAME = 1_000;

/**
 * Counts the addresses that callers of this process ask for. Only what the process had already is counted: an address that is asked for
 * once, such as an invented search, never gets here. What was asked for longest ago gives way to the next one.
 */
export interface HotAddresses {
  count(request: Omit<CountedAddress, 'asked'>): void;
  /** The most asked for since the last time, at most 200. Counting begins again. */
  take(): CountedAddress[];
}

export function createHotAddresses(): HotAddresses {
  const counted = new LRUCache<string, Omit<CountedAddress, 'asked'> & { asked: number }>({
    max: MOST_COUNTED,
  });
  return {
    count({ name, kind, address, language }) {
      const known = counted.get(name);
      if (known) known.asked += 1;
      else if (name.length <= LONGEST_NAME) counted.set(name, { name, kind, address, language, asked: 1 });
    },
    take() {
      const hottest = [...counted.values()].toSorted((one, other) => other.asked - one.asked);
      counted.clear();
      const searches = hottest.filter(({ kind, asked }) => kind === 'search' && asked >= FEWEST_SEARCHES);
      const taken = new Set(searches.slice(0, MOST_SEARCHES_TAKEN));
      return hottest.filter((it) => it.kind !== 'search' || taken.has(it)).slice(0, MOST_TAKEN);
    },
  };
}
