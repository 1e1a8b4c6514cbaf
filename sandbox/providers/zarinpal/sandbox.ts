import { createCallbackRules, type CallbackRule } from './callback-rules';
import { createCallbacks, type Callback, type Callbacks } from './callbacks';
import { createClock, type ClockSetting, type SandboxClock } from './clock';
import { createFaults, type Fault, type Faults } from './faults';
import { createJournal, type Journal, type JournalEntry } from './journal';
import { createMerchantTable, type MerchantTable } from './merchant-table';
import type { Merchant } from './merchants';
import { createCallCounter, type CallCounter } from './rate-limit';
import type { Session } from './session';
import { createSessions, type Sessions } from './sessions';
import { forgetfulStore, openStore, readRecords, type Store, type StoreRecord } from './store';
import { DEFAULT_SWITCHES, type Switches } from './switches';

/** Everything that the sandbox knows; endpoints, pages and controls are functions of it. */
export interface Sandbox {
  readonly clock: SandboxClock;
  readonly sessions: Sessions;
  readonly merchants: MerchantTable;
  readonly faults: Faults;
  readonly callbacks: Callbacks;
  readonly calls: CallCounter;
  readonly journal: Journal;
  switches(): Switches;
  /** Changes some switches; `null` puts all of them back. */
  setSwitches(change: Partial<Switches> | null): void;
  /** A number that was never given out before: transactions, `ref_id`s and refunds share them. */
  nextNumber(): number;
  clearJournal(): void;
  /** Writes what has changed; called before every answer. */
  flush(): void;
  /** Forgets sessions, faults, rules and journal; clock, switches and merchants become as at first. */
  reset(): void;
  close(): void;
  isClosed(): boolean;
}

/** How much the sandbox remembers, and where. */
export interface SandboxOptions {
  readonly stateFile?: string | undefined;
  readonly now?: (() => number) | undefined;
  readonly sessionLimit?: number | undefined;
  readonly journalLimit?: number | undefined;
}

const NUMBERS_BEGIN = Date.UTC(2020, 0, 1);

/** The sandbox as its state file left it. */
export function openSandbox({
  stateFile,
  now = Date.now,
  sessionLimit = 10_000,
  journalLimit = 5_000,
}: SandboxOptions = {}): Sandbox {
  const memory = remember(stateFile ? readRecords(stateFile) : []);
  let store: Store = forgetfulStore;
  let isClosed = false;
  let changedSwitches = (memory.one('switches') ?? {}) as Partial<Switches>;
  let switches: Switches = { ...DEFAULT_SWITCHES, ...changedSwitches };
  let lastNumber = (memory.one('number') ?? 0) as number;

  const clock = createClock(now, memory.one('clock') as ClockSetting | undefined, (setting) =>
    store.put('clock', setting),
  );
  const journal = createJournal(
    clock.now,
    memory.journal,
    (entry) => store.put(`journal/${entry.seq}`, entry),
    journalLimit,
  );
  const faults = createFaults((memory.one('faults') ?? []) as Fault[], (all) => store.put('faults', all));
  const rules = createCallbackRules((memory.one('callback-rules') ?? []) as CallbackRule[], (all) =>
    store.put('callback-rules', all),
  );
  const callbacks = createCallbacks(rules, journal, (memory.one('held') ?? []) as Callback[], (held) =>
    store.put('held', held),
  );
  const merchants = createMerchantTable(memory.many<Merchant>('merchant/'), (id, merchant) =>
    store.put(`merchant/${id}`, merchant),
  );
  // Beginning with the time keeps numbers unique even when the state was thrown away and the shop's was not.
  const nextNumber = () => {
    lastNumber = Math.max(lastNumber + 1, now() - NUMBERS_BEGIN);
    store.put('number', lastNumber);
    return lastNumber;
  };
  const sessions = createSessions(memory.many<Session>('session/'), {
    now: clock.now,
    switches: () => switches,
    nextNumber,
    journal,
    limit: sessionLimit,
    onChange: (authority, session) => store.put(`session/${authority}`, session),
  });

  const calls = createCallCounter(clock.now);

  function setSwitches(change: Partial<Switches> | null): void {
    changedSwitches = change === null ? {} : { ...changedSwitches, ...change };
    switches = { ...DEFAULT_SWITCHES, ...changedSwitches };
    store.put('switches', changedSwitches);
  }

  function clearJournal(): void {
    journal.clear();
    store.put('journal', null);
  }

  function* survivors(): Generator<StoreRecord> {
    yield ['switches', changedSwitches];
    yield ['number', lastNumber];
    yield ['clock', clock.setting()];
    yield ['faults', faults.all()];
    yield ['callback-rules', rules.all()];
    yield ['held', callbacks.held()];
    for (const merchant of merchants.all()) yield [`merchant/${merchant.id}`, merchant];
    for (const session of sessions.remembered()) yield [`session/${session.authority}`, session];
    for (const entry of journal.entries()) yield [`journal/${entry.seq}`, entry];
  }
  if (stateFile) store = openStore(stateFile, survivors);

  return {
    clock,
    sessions,
    merchants,
    faults,
    callbacks,
    calls,
    journal,
    switches: () => switches,
    setSwitches,
    nextNumber,
    clearJournal,
    flush: () => store.flush(),
    reset() {
      sessions.clear();
      faults.clear();
      callbacks.clear();
      calls.reset();
      merchants.reset();
      clock.reset();
      setSwitches(null);
      clearJournal();
    },
    close() {
      isClosed = true;
      callbacks.stop();
      store.close();
      store = forgetfulStore;
    },
    isClosed: () => isClosed,
  };
}

function remember(records: readonly StoreRecord[]) {
  const values = new Map<string, unknown>();
  let journal: JournalEntry[] = [];
  for (const [key, value] of records) {
    if (key === 'journal') journal = [];
    else if (key.startsWith('journal/')) journal.push(value as JournalEntry);
    else if (value === null) values.delete(key);
    else values.set(key, value);
  }
  return {
    journal,
    one: (key: string) => values.get(key),
    many: <T>(prefix: string) =>
      [...values].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value as T),
  };
}
