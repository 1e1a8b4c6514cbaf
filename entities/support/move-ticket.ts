import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { rows, statement, type Transaction } from '../sql';
import type { LockedTicket } from './lock-ticket';
import { TICKET } from './support.events';
import { clocksIn } from './ticket-clocks';
import { pathTo, type TicketStatus } from './ticket-status';
import type { Side } from './ticket.view';
import { turnClocks, type Turn } from './turn-clocks';

const MOVE = statement(
  `UPDATE tickets SET status = $2::varchar, resolutions = resolutions + CASE $2 WHEN 'resolved' THEN 1 ELSE 0 END,
     resolved_at = CASE $2 WHEN 'resolved' THEN $3::timestamptz WHEN 'closed' THEN resolved_at END,
     closed_at = CASE $2 WHEN 'closed' THEN $3::timestamptz END
   WHERE id = $1`,
);

/** Where a ticket is to come. */
export interface Move {
  readonly to: TicketStatus;
  /** Who wants it; absent where time does. */
  readonly by?: Side;
  readonly now: Date;
}

/** A ticket in another status, and what that does to its clocks. */
interface Moved<Ticket> {
  readonly ticket: Ticket;
  readonly turn: Turn;
}

/**
 * Moves a locked ticket along the transition table. The caller turns the clocks, together with whatever else happens to them.
 *
 * @throws AppError `ticket.transition`
 */
export async function moveTicket<Ticket extends Pick<LockedTicket, 'id' | 'status'>>(
  transaction: Transaction,
  ticket: Ticket,
  { to, by, now }: Move,
): Promise<Moved<Ticket>> {
  const path = pathTo(ticket.status, to);
  assertThat(path, 'ticket.transition');
  let from = ticket.status;
  for (const status of path) {
    await rows(transaction, MOVE, [ticket.id, status, now]);
    const payload = { from, to: status, ...(by && { by }) };
    await recordEvents(transaction, TICKET, ticket.id, { type: 'ticket.status_changed', payload });
    from = status;
  }
  const turn: Turn = (hours, clocks) =>
    path.reduce((turned, status) => clocksIn(hours, turned, { status, at: now }), [...clocks]);
  return { ticket: { ...ticket, status: to }, turn };
}

/**
 * {@link moveTicket} where nothing else happens to the clocks.
 *
 * @throws AppError `ticket.transition`
 */
export async function changeStatus(
  transaction: Transaction,
  ticket: LockedTicket,
  move: Move,
): Promise<LockedTicket> {
  const moved = await moveTicket(transaction, ticket, move);
  const clocks = await turnClocks(transaction, ticket, move.now, moved.turn);
  return { ...moved.ticket, clocks };
}
