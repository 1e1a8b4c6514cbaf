import type { BusinessHours } from '../calendar/business-time';
import { judgeClock, meetClock, pauseClock, resumeClock, startClock, type ClockState } from './clock';
import type { TicketStatus } from './ticket-status';

/** `resolution` ends with the closing of the ticket, the others with a public answer of a person of the staff. */
export const CLOCK_KINDS = ['first_response', 'next_response', 'resolution'] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

/** A clock of a ticket. `round` counts the times that the customer waited for a next response; others have 1. */
export interface TicketClock extends ClockState {
  readonly kind: ClockKind;
  readonly round: number;
}

/** What a priority promises, in milliseconds of business time. */
export type Targets = Readonly<Record<ClockKind, number>>;

/** Where a clock stands still. Whoever has written waits for an answer, whatever the status says, until the ticket is resolved. */
const PAUSED_IN: Readonly<Record<ClockKind, readonly TicketStatus[]>> = {
  first_response: ['resolved', 'closed'],
  next_response: ['resolved', 'closed'],
  resolution: ['pending_customer', 'resolved', 'closed'],
};

/** The clocks of a ticket that a customer opens. */
export function openingClocks(targets: Targets, at: Date): TicketClock[] {
  return (['first_response', 'resolution'] as const).map((kind) => ({
    ...startClock(targets[kind], at),
    ...{ kind, round: 1 },
  }));
}

/** The clocks once the ticket has another status. */
export function clocksIn(
  hours: BusinessHours,
  clocks: readonly TicketClock[],
  { status, at }: { readonly status: TicketStatus; readonly at: Date },
): TicketClock[] {
  return clocks.map((clock) => {
    if (status === 'closed' && clock.kind === 'resolution')
      return { ...clock, ...meetClock(hours, clock, at) };
    const isPaused = PAUSED_IN[clock.kind].includes(status);
    return { ...clock, ...(isPaused ? pauseClock(hours, clock, at) : resumeClock(clock, at)) };
  });
}

/** The clocks once somebody of the staff has answered for all to see. */
export function clocksAnswered(
  hours: BusinessHours,
  clocks: readonly TicketClock[],
  at: Date,
): TicketClock[] {
  return clocks.map((clock) =>
    clock.kind === 'resolution' ? clock : { ...clock, ...meetClock(hours, clock, at) },
  );
}

/** Whether the customer waits for an answer. */
export function isAsked(clocks: readonly TicketClock[]): boolean {
  return clocks.some(({ kind, metAt }) => kind !== 'resolution' && metAt === null);
}

/** The clocks once the customer has written. Who waits already waits from the first message on that nobody has answered. */
export function clocksAsked(clocks: readonly TicketClock[], targets: Targets, at: Date): TicketClock[] {
  if (isAsked(clocks)) return [...clocks];
  const round = 1 + clocks.filter(({ kind }) => kind === 'next_response').length;
  return [...clocks, { ...startClock(targets.next_response, at), kind: 'next_response', round }];
}

/**
 * The clocks with the targets of another priority. A breach stays one. What is late only by the new targets is so from now on: nobody
 * had promised them before.
 */
export function clocksAimed(
  hours: BusinessHours,
  clocks: readonly TicketClock[],
  { targets, at }: { readonly targets: Targets; readonly at: Date },
): TicketClock[] {
  return clocks.map((clock) => {
    if (clock.metAt !== null) return clock;
    const aimed = { ...clock, targetMs: targets[clock.kind] };
    const { warnedAt, breachedAt } = judgeClock(hours, aimed, at);
    return {
      ...aimed,
      warnedAt: clock.warnedAt ?? (warnedAt && at),
      breachedAt: clock.breachedAt ?? (breachedAt && at),
    };
  });
}
