import { isDeepStrictEqual } from 'node:util';

import { nextBusinessInstant, type BusinessHours } from '../calendar/business-time';
import type { EventOf } from '../events/aggregate';
import { recordEvents } from '../events/record-events';
import { rows, statement, type Transaction } from '../sql';
import { deadlinesOf, judgeClock } from './clock';
import type { LockedTicket, StoredClock } from './lock-ticket';
import { readSupportHours } from './support-hours';
import { TICKET_STAFF, type TicketStaffEvents } from './support.events';
import type { TicketClock } from './ticket-clocks';
import type { TicketPriority } from './ticket-desk';

const SAVE = statement(
  `INSERT INTO sla_clocks (ticket_id, kind, round, target_minutes, used_ms, running_since, warn_at, due_at, warned_at, breached_at,
     escalate_at, escalated_at, met_at)
   SELECT $1, kind, round, "targetMs" / 60000, "usedMs", "runningSince", "warnAt", "dueAt", "warnedAt", "breachedAt", "escalateAt",
     "escalatedAt", "metAt"
   FROM jsonb_to_recordset($2::jsonb) AS c(kind varchar, round integer, "targetMs" bigint, "usedMs" bigint,
     "runningSince" timestamptz, "warnAt" timestamptz, "dueAt" timestamptz, "warnedAt" timestamptz, "breachedAt" timestamptz,
     "escalateAt" timestamptz, "escalatedAt" timestamptz, "metAt" timestamptz)
   ON CONFLICT (ticket_id, kind, round) DO UPDATE SET target_minutes = excluded.target_minutes, used_ms = excluded.used_ms,
     running_since = excluded.running_since, warn_at = excluded.warn_at, due_at = excluded.due_at,
     warned_at = excluded.warned_at, breached_at = excluded.breached_at, escalate_at = excluded.escalate_at,
     escalated_at = excluded.escalated_at, met_at = excluded.met_at`,
);

const NEVER_STORED = { warnAt: null, dueAt: null, escalateAt: null, escalatedAt: null };

/** What a change does to the clocks of a ticket: each stays at its place, and new ones come last. */
export type Turn = (hours: BusinessHours, clocks: readonly TicketClock[]) => readonly TicketClock[];

/**
 * Brings the clocks of a locked ticket up to now and then changes them: what was breached before a change stays breached. Deadlines
 * follow the calendar as it is now.
 *
 * @returns the clocks as they are stored
 */
export async function turnClocks(
  transaction: Transaction,
  { id, priority, clocks: before }: Pick<LockedTicket, 'id' | 'priority' | 'clocks'>,
  now: Date,
  turn: Turn = (_, clocks) => clocks,
): Promise<readonly StoredClock[]> {
  const since = before.map(({ runningSince }) => runningSince ?? now).toSorted((a, b) => +a - +b);
  const hours = await readSupportHours(transaction, since[0] ?? now, now);
  const judge = (clocks: readonly TicketClock[]) =>
    clocks.map((clock) => (clock.metAt === null ? { ...clock, ...judgeClock(hours, clock, now) } : clock));
  const after = judge(turn(hours, judge(before))).map((clock, place) => {
    const stored: StoredClock = { ...NEVER_STORED, ...before[place], ...clock };
    return { ...escalated(hours, stored, priority, now), ...deadlinesOf(hours, clock) };
  });
  const changed = after.filter((clock, place) => !isDeepStrictEqual(before[place], clock));
  if (changed.length > 0) await rows(transaction, SAVE, [id, JSON.stringify(changed)]);
  const events = after.flatMap((clock, place) => eventsOf(before[place], clock));
  if (events.length > 0) await recordEvents(transaction, TICKET_STAFF, id, ...events);
  return after;
}

/**
 * A breach that nobody has mended is escalated once, while its clock runs and somebody is there to hear of it: of an urgent ticket at
 * any hour, of another one in business hours, also when the clock goes on at night or its breach was found late.
 */
function escalated(
  hours: BusinessHours,
  clock: StoredClock,
  priority: TicketPriority,
  now: Date,
): StoredClock {
  const { breachedAt, escalatedAt, runningSince } = clock;
  if (breachedAt === null || escalatedAt !== null || runningSince === null) return clock;
  const escalateAt = priority === 'urgent' ? now : nextBusinessInstant(hours, now);
  return { ...clock, escalateAt, escalatedAt: escalateAt <= now ? now : null };
}

function eventsOf(before: StoredClock | undefined, clock: StoredClock): EventOf<TicketStaffEvents>[] {
  const payload = { kind: clock.kind, round: clock.round };
  const events: EventOf<TicketStaffEvents>[] = [];
  if (clock.warnedAt && !before?.warnedAt) events.push({ type: 'ticket_staff.clock_warned', payload });
  if (clock.breachedAt && !before?.breachedAt) events.push({ type: 'ticket_staff.clock_breached', payload });
  if (clock.escalatedAt && !before?.escalatedAt)
    events.push({ type: 'ticket_staff.clock_escalated', payload });
  return events;
}
