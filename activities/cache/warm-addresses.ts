import type { HeatedAddress } from '../../entities/cache/hot-addresses';

/** What came of a request. `busy`: the API refused it because it has enough to do, or failed. `away`: it gave no answer. */
export type AskedOutcome = 'hit' | 'load' | 'gone' | 'busy' | 'away';

/** A request's outcome and how long it took. */
export interface Asked {
  readonly outcome: AskedOutcome;
  readonly ms: number;
}

/** What a run needs of the world. */
export interface WarmingWorld {
  ask(address: HeatedAddress): Promise<Asked>;
  pause(ms: number): Promise<unknown>;
  now(): number;
  /** Keeps how far the run is. */
  keep(state: WarmingState): void;
  /** Throws when the run was cancelled. */
  throwIfOver(): void;
  gone(names: readonly string[]): Promise<void>;
}

/** What a run may take, and when the API counts as slow. */
export interface WarmingBudget {
  readonly atOnce: number;
  readonly ms: number;
  /** A p95 below this is never slow. */
  readonly neverSlowMs: number;
  /** A p95 above this is always slow. */
  readonly alwaysSlowMs: number;
  /** The next pauses are twice as long each. */
  readonly firstPauseMs: number;
}

/** Where a run is, and what it has counted so far. It is its heartbeat, so another worker can go on. */
export interface WarmingState {
  readonly isChecking: boolean;
  /** The index of the next address. */
  readonly at: number;
  readonly addresses: number;
  readonly outcomes: Readonly<Record<AskedOutcome, number>>;
  /** The heat of what was answered, and of what the cache had, before and after. */
  readonly before: Heat;
  readonly after: Heat;
  readonly pauses: number;
  readonly spentMs: number;
}

interface Heat {
  readonly answered: number;
  readonly hit: number;
}

/** How a run ended. */
export type WarmingEnd = 'done' | 'budget' | 'slow';

/** Requests are judged together: one may be slow by chance. */
export const WINDOW = 20;
/** After so many pauses in a row the API is left alone. */
const MOST_PAUSES = 5;

const NO_HEAT: Heat = { answered: 0, hit: 0 };

export const BEGINNING: WarmingState = {
  isChecking: false,
  at: 0,
  addresses: 0,
  outcomes: { hit: 0, load: 0, gone: 0, busy: 0, away: 0 },
  before: NO_HEAT,
  after: NO_HEAT,
  pauses: 0,
  spentMs: 0,
};

/**
 * Asks for addresses, the hottest first, a few at once, and then asks once more to see what the cache has now. When the API gets slow, it
 * pauses for longer and longer and goes on with one request at once. When that does not help, it ends: warming must never cost a buyer
 * anything.
 */
export async function warmAddresses(
  addresses: readonly HeatedAddress[],
  { atOnce, ms: budgetMs, neverSlowMs, alwaysSlowMs, firstPauseMs }: WarmingBudget,
  world: WarmingWorld,
  from: WarmingState = BEGINNING,
): Promise<{ readonly state: WarmingState; readonly endedBy: WarmingEnd }> {
  const startedAt = world.now() - from.spentMs;
  let state: WarmingState = { ...from, addresses: addresses.length };
  let quietestMs = Infinity;
  let lanes = atOnce;
  let pausesInARow = 0;

  for (;;) {
    const window = addresses.slice(state.at, state.at + WINDOW);
    if (window.length === 0) {
      if (state.isChecking || addresses.length === 0) return { state, endedBy: 'done' };
      state = { ...state, isChecking: true, at: 0 };
      continue;
    }
    world.throwIfOver();
    if (world.now() - startedAt >= budgetMs) return { state, endedBy: 'budget' };

    const asked = await askAll(window, lanes, world);
    const gone = window.filter((_, index) => asked[index]!.outcome === 'gone');
    if (gone.length > 0) await world.gone(gone.map(({ name }) => name));
    state = counted(state, window, asked, world.now() - startedAt);

    const p95 = percentile95(asked.map(({ ms }) => ms));
    const isSlow =
      asked.some(({ outcome }) => outcome === 'busy' || outcome === 'away') ||
      p95 > Math.min(alwaysSlowMs, Math.max(neverSlowMs, 2 * quietestMs));
    quietestMs = Math.min(quietestMs, p95);
    if (isSlow) {
      if (pausesInARow === MOST_PAUSES) return { state, endedBy: 'slow' };
      lanes = 1;
      state = { ...state, pauses: state.pauses + 1 };
      world.keep(state);
      await world.pause(firstPauseMs * 2 ** pausesInARow);
      pausesInARow += 1;
    } else {
      lanes = Math.min(atOnce, lanes + 1);
      pausesInARow = 0;
      world.keep(state);
    }
  }
}

async function askAll(
  window: readonly HeatedAddress[],
  lanes: number,
  { ask }: WarmingWorld,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const left = [...window.entries()];
  const lane = async () => {
    for (let next = left.shift(); next; next = left.shift()) asked[next[0]] = await ask(next[1]);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return asked;
}

function counted(
  state: WarmingState,
  window: readonly HeatedAddress[],
  asked: readonly Asked[],
  spentMs: number,
): WarmingState {
  const outcomes = { ...state.outcomes };
  let { answered, hit } = state.isChecking ? state.after : state.before;
  for (const [index, { outcome }] of asked.entries()) {
    const { heat } = window[index]!;
    if (!state.isChecking) outcomes[outcome] += 1;
    if (outcome !== 'gone') answered += heat;
    if (outcome === 'hit') hit += heat;
  }
  return {
    ...state,
    [state.isChecking ? 'after' : 'before']: { answered, hit },
    outcomes,
    at: state.at + window.length,
    spentMs,
  };
}

/** The greatest but one of twenty. */
function percentile95(durations: readonly number[]): number {
  const sorted = durations.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0;
}
