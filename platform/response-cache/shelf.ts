import { LRUCache } from 'lru-cache';

import type { Kept, KindMetrics } from './cache-metrics';
import { sizeOf, type Entry } from './entry';
import type { Validity } from './validity';

/** An entry of this process. */
export interface Slot {
  readonly entry: Entry;
  /** The revision of the notes at which it was found valid. */
  validAt: number;
  isShared: boolean;
}

/** The entries of a kind in this process, as many as its part of the memory holds. */
export interface Shelf {
  readonly metrics: KindMetrics;
  /** The entry while it is valid, fresh or not. */
  valid(name: string): Slot | undefined;
  keep(entry: Entry, isShared: boolean): void;
  /** The entry, valid or not, without a use of it. */
  peek(name: string): Entry | undefined;
  /** All entries, those used last first. */
  entries(): Iterable<Entry>;
  kept(): Kept;
  clear(): void;
}

/** @param maxBytes what all its entries may take together */
export function openShelf(maxBytes: number, metrics: KindMetrics, validity: Validity): Shelf {
  const maxSize = Math.max(1, Math.floor(maxBytes));
  const slots = new LRUCache<string, Slot>({
    maxSize,
    // What is larger than a tenth would empty the shelf for one answer.
    maxEntrySize: Math.max(1, Math.floor(maxSize / 10)),
    sizeCalculation: ({ entry }) => sizeOf(entry),
    dispose: (_slot, _key, reason) => {
      if (reason === 'evict') metrics.evicted();
    },
  });
  return {
    metrics,
    valid(name) {
      const slot = slots.get(name);
      if (!slot || slot.validAt === validity.revision) return slot;
      if (!validity.isValid(slot.entry)) {
        slots.delete(name);
        metrics.discarded();
        return undefined;
      }
      slot.validAt = validity.revision;
      return slot;
    },
    keep(entry, isShared) {
      slots.set(entry.name, { entry, validAt: validity.revision, isShared });
    },
    peek: (name) => slots.peek(name)?.entry,
    *entries() {
      for (const { entry } of slots.values()) yield entry;
    },
    kept: () => ({ bytes: slots.calculatedSize, entries: slots.size }),
    clear: () => slots.clear(),
  };
}
