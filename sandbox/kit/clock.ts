import type { StoredValue } from './store';

/** How the sandbox's time differs from the machine's: shifted, or standing still at an instant. */
export interface ClockSetting {
  readonly offsetMs: number;
  readonly frozenAt: number | null;
}

/** The only clock that a provider reads. All instants are milliseconds since 1970. */
export interface SandboxClock {
  now(): number;
  /** Stands still at the given instant, or where it is. */
  freeze(at?: number): void;
  /** Runs on from the instant at which it stands. */
  thaw(): void;
  /** Moves by this many milliseconds; backwards is possible, but what has expired stays expired. */
  advance(ms: number): void;
  /** Runs with the machine's clock again. */
  reset(): void;
  setting(): ClockSetting;
  /** Calls back after every change of the setting. */
  onChange(listener: () => void): void;
}

/** The setting of a clock that was never moved. */
export const REAL_TIME: ClockSetting = { offsetMs: 0, frozenAt: null };

/** A clock beside the machine's. */
export function createClock(machineNow: () => number, setting: StoredValue<ClockSetting>): SandboxClock {
  const listeners: (() => void)[] = [];
  const now = () => setting.get().frozenAt ?? machineNow() + setting.get().offsetMs;
  const change = (next: ClockSetting) => {
    setting.set(next);
    for (const listener of listeners) listener();
  };
  return {
    now,
    freeze: (at = now()) => change({ ...setting.get(), frozenAt: at }),
    thaw: () => change({ offsetMs: now() - machineNow(), frozenAt: null }),
    advance(ms) {
      const { offsetMs, frozenAt } = setting.get();
      change(
        frozenAt === null ? { offsetMs: offsetMs + ms, frozenAt } : { offsetMs, frozenAt: frozenAt + ms },
      );
    },
    reset: () => change(REAL_TIME),
    setting: () => setting.get(),
    onChange: (listener) => void listeners.push(listener),
  };
}

/** The clock as the control API shows it. */
export function clockView(clock: SandboxClock): { now: string; frozen: boolean; offsetMs: number } {
  const { offsetMs, frozenAt } = clock.setting();
  return { now: new Date(clock.now()).toISOString(), frozen: frozenAt !== null, offsetMs };
}
