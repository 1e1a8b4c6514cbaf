import type { Part, Store } from './store';

/** One thing that happened, oldest first; `at` is the sandbox's own clock. */
export interface JournalEntry {
  readonly seq: number;
  readonly at: string;
  readonly kind: 'request' | 'state' | 'callback' | 'control';
  readonly endpoint?: string;
  readonly [detail: string]: unknown;
}

/** Everything but number and time. */
export type JournalNote = Pick<JournalEntry, 'kind'> & { readonly [detail: string]: unknown };

/** A bounded, remembered list of every request, state change, callback and control call. */
export interface Journal {
  add(note: JournalNote): void;
  entries(): readonly JournalEntry[];
  clear(): void;
}

/** A journal that keeps the newest `limit` entries. */
export function createJournal(store: Store, now: () => number, limit: number): Journal {
  const newest = (): JournalEntry[] => entries.slice(-limit);
  const part: Part<JournalEntry> = store.part<JournalEntry>('journal', {
    survivors: () => newest().map((entry) => [String(entry.seq), entry]),
    reset: () => (entries = []),
  });
  let entries: JournalEntry[] = [...part.remembered.values()].slice(-limit);
  let seq = entries.at(-1)?.seq ?? 0;
  return {
    add(note) {
      seq += 1;
      const entry: JournalEntry = { seq, at: new Date(now()).toISOString(), ...note };
      entries.push(entry);
      // Cutting rarely and in bulk keeps the cost of an entry constant.
      if (entries.length > limit * 1.25) entries = newest();
      part.put(String(seq), entry);
    },
    entries: newest,
    clear() {
      entries = [];
      part.clear();
    },
  };
}
