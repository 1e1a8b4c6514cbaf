/** One thing that happened, oldest first; `at` is the sandbox's own clock. */
export interface JournalEntry {
  readonly seq: number;
  readonly at: string;
  readonly kind: 'request' | 'state' | 'callback' | 'control';
  readonly authority?: string;
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
export function createJournal(
  now: () => number,
  remembered: readonly JournalEntry[],
  onAdd: (entry: JournalEntry) => void,
  limit: number,
): Journal {
  let entries = remembered.slice(-limit);
  let seq = entries.at(-1)?.seq ?? 0;
  return {
    add(note) {
      seq += 1;
      const entry: JournalEntry = { seq, at: new Date(now()).toISOString(), ...note };
      entries.push(entry);
      // Cutting rarely and in bulk keeps an entry's cost constant.
      if (entries.length > limit * 1.25) entries = entries.slice(-limit);
      onAdd(entry);
    },
    entries: () => entries.slice(-limit),
    clear() {
      entries = [];
    },
  };
}
