import type { JournalEvent } from '../../entities/events/read-journal';
import { TICKET_STAFF, type TicketStaffEvents } from '../../entities/support/support.events';
import { CLOCK_KINDS } from '../../entities/support/ticket-clocks';
import type { Metrics } from '../../platform/metrics';

const BECAME: Readonly<Record<string, string>> = {
  'ticket_staff.clock_warned': 'warned',
  'ticket_staff.clock_breached': 'breached',
  'ticket_staff.clock_escalated': 'escalated',
} satisfies Partial<Record<keyof TicketStaffEvents, string>>;

/**
 * Counts what becomes of tickets by what the journal says, wherever it was done: a clock is marked by a step, a request or a socket. One
 * relay leads, so each event is counted once; after a crash some are counted again.
 */
export function ticketCounters(metrics: Metrics): (events: readonly JournalEvent[]) => void {
  const clocks = metrics.counter(
    'asoud_ticket_clocks_total',
    'Clocks of tickets that have warned, were breached or escalated',
    ['clock', 'became'],
  );
  const assignments = metrics.counter(
    'asoud_ticket_assignments_total',
    'Tickets that somebody was handed, has taken or was given, or that went back into the queue',
    ['how'],
  );
  return (events) => {
    for (const { aggregateType, type, payload } of events) {
      if (aggregateType !== TICKET_STAFF.type || payload === null) continue;
      const became = BECAME[type];
      const clock = CLOCK_KINDS.find((kind) => kind === payload['kind']);
      if (became && clock) clocks.inc({ clock, became });
      if (type === 'ticket_staff.assigned') assignments.inc({ how: howAssigned(payload) });
    }
  };
}

function howAssigned(payload: Partial<TicketStaffEvents['ticket_staff.assigned']>): string {
  if (payload.assigneeId === null) return 'put_back';
  if (payload.isHandedOut === true) return 'handed_out';
  return payload.isOwn === true ? 'taken' : 'given';
}
