/** How the sandbox's time differs from the machine's: shifted, or standing still at an instant. */
export interface ClockSetting {
  readonly offsetMs: number;
  readonly frozenAt: number | null;
}

/** The only clock that sessions, windows and refunds read. All instants are milliseconds since 1970. */
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
}

const REAL_TIME: ClockSetting = { offsetMs: 0, frozenAt: null };

/** A clock that starts with a remembered setting and reports every change of it. */
export function createClock(
  machineNow: () => number,
  remembered: ClockSetting = REAL_TIME,
  onChange: (setting: ClockSetting) => void = () => {},
): SandboxClock {
  let setting = remembered;
  const now = () => setting.frozenAt ?? machineNow() + setting.offsetMs;
  const change = (next: ClockSetting) => {
    setting = next;
    onChange(next);
  };
  return {
    now,
    freeze: (at = now()) => change({ ...setting, frozenAt: at }),
    thaw: () => change({ offsetMs: now() - machineNow(), frozenAt: null }),
    advance(ms) {
      if (setting.frozenAt === null) change({ ...setting, offsetMs: setting.offsetMs + ms });
      else change({ ...setting, frozenAt: setting.frozenAt + ms });
    },
    reset: () => change(REAL_TIME),
    setting: () => setting,
  };
}
