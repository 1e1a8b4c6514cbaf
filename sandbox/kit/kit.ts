import { join } from 'node:path';

import { createAgenda, type Agenda } from './agenda';
import { createClock, REAL_TIME, type SandboxClock } from './clock';
import { createJournal, type Journal } from './journal';
import { createNumbers } from './numbers';
import { createStore, storedValue, type Store } from './store';

/** What a provider is built with. */
export interface Kit {
  readonly store: Store;
  readonly clock: SandboxClock;
  readonly journal: Journal;
  readonly agenda: Agenda;
  /** For what is too large for the store; undefined when everything ends with the process. */
  readonly folder: string | undefined;
  /** A number that was never given before. */
  nextNumber(): number;
  /** `http://127.0.0.1:PORT`, once the sandbox listens. */
  url(): string;
  /** Aborted when the sandbox stops. */
  readonly stopping: AbortSignal;
}

/** The file in a sandbox's folder. */
export const STORE_FILE = 'state.jsonl';

/** How much a sandbox remembers, and where. */
export interface KitOptions {
  /** Of the store and of what a provider keeps beside it; without one everything ends with the process. */
  readonly folder?: string | undefined;
  readonly machineNow?: (() => number) | undefined;
  readonly journalLimit?: number | undefined;
  readonly url: () => string;
  readonly stopping: AbortSignal;
  /** Called with a failure that no caller sees. */
  readonly onFailure: (error: unknown) => void;
}

/** The parts that every sandbox has, as the last process left them. */
export function createKit({
  folder,
  machineNow = Date.now,
  journalLimit = 5_000,
  url,
  stopping,
  onFailure,
}: KitOptions): Kit {
  const store = createStore(folder && join(folder, STORE_FILE));
  const clock = createClock(machineNow, storedValue(store, 'clock', REAL_TIME));
  const journal = createJournal(store, clock.now, journalLimit);
  const nextNumber = createNumbers(store, machineNow);
  const agenda = createAgenda({ store, clock, nextNumber }, onFailure);
  return { store, clock, journal, agenda, folder, nextNumber, url, stopping };
}
