import type { SandboxClock } from './clock';
import { storedMap, type Store } from './store';

/** What a provider does by itself at an instant of the sandbox's clock, also after a restart. */
export interface Agenda {
  /** Names what a task does. The result plans one: at an instant, with data that JSON can carry. */
  task<T>(name: string, run: (data: T) => unknown): (at: number, data: T) => void;
  /** Runs what is due and waits for the rest. */
  start(): void;
  stop(): void;
}

interface Planned {
  readonly id: string;
  readonly task: string;
  readonly at: number;
  readonly data: unknown;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The tasks that a restart left, and those to come. A task that a kill interrupts is not repeated. */
export function createAgenda(
  { store, clock, nextNumber }: { store: Store; clock: SandboxClock; nextNumber: () => number },
  onFailure: (error: unknown) => void,
): Agenda {
  const planned = storedMap<Planned>(store, 'agenda');
  const tasks = new Map<string, (data: unknown) => unknown>();
  let isRunning = false;
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    clearTimeout(timer);
    if (!isRunning || planned.size === 0) return;
    const earliest = Math.min(...Array.from(planned.values(), ({ at }) => at));
    const inMs = Math.max(0, earliest - clock.now());
    // While the clock stands still nothing becomes due; a change of the clock arms again.
    if (inMs > 0 && clock.setting().frozenAt !== null) return;
    timer = setTimeout(runDue, Math.min(inMs, LONGEST_TIMER_MS)).unref();
  }

  function runDue(): void {
    const due = Array.from(planned.values()).filter(({ at }) => at <= clock.now());
    for (const { id, task, data } of due.toSorted((a, b) => a.at - b.at)) {
      planned.delete(id);
      void Promise.resolve(data).then(tasks.get(task)).catch(onFailure);
    }
    arm();
  }

  clock.onChange(arm);
  return {
    task<T>(name: string, run: (data: T) => unknown) {
      tasks.set(name, run as (data: unknown) => unknown);
      return (at: number, data: T) => {
        const id = String(nextNumber());
        planned.set(id, { id, task: name, at, data });
        arm();
      };
    },
    start() {
      isRunning = true;
      arm();
    },
    stop() {
      isRunning = false;
      clearTimeout(timer);
    },
  };
}
