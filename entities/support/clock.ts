import { addBusinessMs, businessMsBetween, type BusinessHours } from '../calendar/business-time';

/** After this part of its target a clock warns. */
const WARNING_PART = 0.8;

/** A clock that counts business time towards a target. */
export interface ClockState {
  readonly targetMs: number;
  /** Business time of the parts that ended with a pause. */
  readonly usedMs: number;
  /** Null while it is paused, and once it was met. */
  readonly runningSince: Date | null;
  readonly warnedAt: Date | null;
  readonly breachedAt: Date | null;
  readonly metAt: Date | null;
}

/** When a clock that runs will warn and be breached; null for one that does not run. */
export interface ClockDeadlines {
  readonly warnAt: Date | null;
  readonly dueAt: Date | null;
}

/** A clock that starts now. */
export function startClock(targetMs: number, at: Date): ClockState {
  return { targetMs, usedMs: 0, runningSince: at, warnedAt: null, breachedAt: null, metAt: null };
}

/** When a clock warns and is breached, if nothing stops it. */
export function deadlinesOf(hours: BusinessHours, clock: ClockState): ClockDeadlines {
  const { runningSince, targetMs, usedMs } = clock;
  if (runningSince === null) return { warnAt: null, dueAt: null };
  const after = (ms: number) => addBusinessMs(hours, runningSince, ms - usedMs);
  return { warnAt: after(Math.round(targetMs * WARNING_PART)), dueAt: after(targetMs) };
}

/** The clock with the warning and the breach that have happened by now. Neither is ever taken back. */
export function judgeClock(hours: BusinessHours, clock: ClockState, at: Date): ClockState {
  const { warnAt, dueAt } = deadlinesOf(hours, clock);
  const warnedAt = clock.warnedAt ?? (warnAt !== null && warnAt <= at ? warnAt : null);
  const breachedAt = clock.breachedAt ?? (dueAt !== null && dueAt <= at ? dueAt : null);
  return { ...clock, warnedAt, breachedAt };
}

/** Books the business time since the clock began to run. A clock that does not run stays as it is. */
export function pauseClock(hours: BusinessHours, clock: ClockState, at: Date): ClockState {
  if (clock.runningSince === null) return clock;
  const usedMs = clock.usedMs + businessMsBetween(hours, clock.runningSince, at);
  return { ...judgeClock(hours, clock, at), usedMs, runningSince: null };
}

/** Lets a paused clock run on. One that runs or was met stays as it is. */
export function resumeClock(clock: ClockState, at: Date): ClockState {
  return clock.metAt === null && clock.runningSince === null ? { ...clock, runningSince: at } : clock;
}

/** Ends the clock because what it waited for has happened, in time or late. */
export function meetClock(hours: BusinessHours, clock: ClockState, at: Date): ClockState {
  return clock.metAt === null ? { ...pauseClock(hours, clock, at), metAt: at } : clock;
}
