import type { SandboxClock } from './clock';
import type { Journal } from './journal';
import { storedMap, type Store } from './store';

/** What time alone did to a record. */
export interface Ageing<T> {
  readonly change: Partial<T>;
  readonly why: string;
}

/** The things that a provider keeps, such as messages. What is handed out is up to date with the clock. */
export interface Records<T> {
  add(record: T, why: string): void;
  find(id: string): T | undefined;
  /** Newest first. */
  all(): T[];
  /** Applies a change and writes it to the journal with its reason; returns the record as it is now. */
  change(record: T, change: Partial<T>, why: string): T;
}

/** How one kind of record behaves. */
export interface RecordsOptions<T> {
  /** The part of the store. */
  readonly name: string;
  /** The field that identifies a record. The journal names it so, too. */
  readonly id: keyof T & string;
  /** Above this many the oldest record that is over is forgotten, or the oldest of all. */
  readonly limit: number;
  readonly isOver: (record: T) => boolean;
  /** The state that the journal shows. */
  readonly state: (record: T) => string;
  /**
   * The next thing that time did to a record up to now, or undefined. It runs before a record is read, so that
   * windows need no timers and a moved clock acts at once.
   */
  readonly age?: (record: T, now: number) => Ageing<T> | undefined;
}

/** The records that a restart left, and those to come. */
export function createRecords<T extends object>(
  { store, journal, clock }: { store: Store; journal: Journal; clock: SandboxClock },
  { name, id: idField, limit, isOver, state, age }: RecordsOptions<T>,
): Records<T> {
  const records = storedMap<T>(store, name);
  const idOf = (record: T) => String(record[idField]);
  const note = (record: T, from: string | null, why: string) =>
    journal.add({ kind: 'state', [idField]: idOf(record), from, to: state(record), why });

  function change(record: T, difference: Partial<T>, why: string): T {
    const next = { ...record, ...difference };
    records.set(idOf(next), next);
    note(next, state(record), why);
    return next;
  }

  function upToDate(record: T): T {
    let current = record;
    for (;;) {
      const due = age?.(current, clock.now());
      if (!due) return current;
      current = change(current, due.change, due.why);
    }
  }

  function forgetOne(): void {
    let oldest: T | undefined;
    for (const record of records.values()) {
      oldest ??= record;
      if (!isOver(record)) continue;
      oldest = record;
      break;
    }
    if (oldest) records.delete(idOf(oldest));
  }

  return {
    add(record, why) {
      if (records.size >= limit) forgetOne();
      records.set(idOf(record), record);
      note(record, null, why);
    },
    find(id) {
      const record = records.get(id);
      return record && upToDate(record);
    },
    all: () => Array.from(records.values(), upToDate).toReversed(),
    change,
  };
}
