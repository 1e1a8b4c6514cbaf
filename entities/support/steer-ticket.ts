import { mayDo } from '../auth/holders';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { lockTicketAsStaff } from './lock-ticket';
import { changeStatus } from './move-ticket';
import { readTargets } from './sla-targets';
import { TICKET_STAFF } from './support.events';
import { clocksAimed } from './ticket-clocks';
import type { TicketPriority } from './ticket-desk';
import type { TicketStatus } from './ticket-status';
import { turnClocks } from './turn-clocks';

/** A ticket to which something is done. */
export interface TicketAt {
  readonly ticketId: string;
  /** When, for tests. Else it is the instant at which the ticket was locked: others may have changed it just before. */
  readonly now?: Date;
}

/**
 * Staff move a ticket along the transition table.
 *
 * @throws AppError `ticket.not_found`, `ticket.own`, `ticket.transition`, `auth.session_over`
 */
export async function changeTicketStatus(
  transaction: Transaction,
  actor: Actor,
  { ticketId, status, now: at }: TicketAt & { readonly status: TicketStatus },
): Promise<void> {
  const ticket = await lockTicketAsStaff(transaction, actor.accountId, ticketId);
  const now = at ?? new Date();
  await changeStatus(transaction, ticket, { to: status, by: 'shop', now });
  await record(transaction, actor, ticketId, { did: 'move', from: ticket.status, to: status });
}

/** Against a change of their roles or their status, which then finds the ticket with them, or is found. */
const LOCK_ASSIGNEE = statement('SELECT FROM accounts WHERE id = $1 FOR SHARE');

const MAY_WORK = statement<{ mayWork: boolean }>(`SELECT ${mayDo('ticket.work', '$1')} AS "mayWork"`, {
  mayWork: boolean,
});

const ASSIGN = statement<{ id: string }>(
  `UPDATE ticket_desks SET assignee_id = $2, passed_by = CASE WHEN $2::uuid IS NULL THEN assignee_id END
   WHERE id = $1 AND assignee_id IS NOT DISTINCT FROM $3 RETURNING id`,
  { id: uuid },
);

/** Who is to answer a ticket, and whom the caller believed to. Null: nobody, the ticket is in the queue. */
export interface Assignment {
  readonly ticketId: string;
  readonly assigneeId: string | null;
  readonly expected: string | null;
}

/**
 * Assigns a ticket, if it still is with whom the caller saw: of two people who take it at once, one gets it.
 *
 * @throws AppError `ticket.not_found`, `ticket.own`, `ticket.closed`, `ticket.assignee_unfit`, `ticket.assigned_otherwise`, `auth.session_over`
 */
export async function assignTicket(
  transaction: Transaction,
  actor: Actor,
  { ticketId, assigneeId, expected }: Assignment,
): Promise<void> {
  if (assigneeId !== null) await rows(transaction, LOCK_ASSIGNEE, [assigneeId]);
  const ticket = await lockTicketAsStaff(transaction, actor.accountId, ticketId);
  assertThat(ticket.status !== 'closed', 'ticket.closed');
  if (assigneeId !== null) {
    const { mayWork } = (await row(transaction, MAY_WORK, [assigneeId]))!;
    assertThat(mayWork, 'ticket.assignee_unfit');
    assertThat(assigneeId !== ticket.customerId, 'ticket.assignee_unfit');
  }
  if (ticket.assigneeId === assigneeId) return;
  const assigned = await row(transaction, ASSIGN, [ticketId, assigneeId, expected]);
  assertThat(assigned, 'ticket.assigned_otherwise');
  const payload = { assigneeId, isOwn: assigneeId === actor.accountId };
  await recordEvents(transaction, TICKET_STAFF, ticketId, { type: 'ticket_staff.assigned', payload });
  await record(transaction, actor, ticketId, { did: 'assign', assigneeId });
}

const SET_PRIORITY = statement('UPDATE ticket_desks SET priority = $2 WHERE id = $1');

/**
 * Gives a ticket another priority. Its clocks get the targets of that priority; what was breached before stays breached.
 *
 * @throws AppError `ticket.not_found`, `ticket.own`, `ticket.closed`, `auth.session_over`
 */
export async function changeTicketPriority(
  transaction: Transaction,
  actor: Actor,
  { ticketId, priority, now: at }: TicketAt & { readonly priority: TicketPriority },
): Promise<void> {
  const ticket = await lockTicketAsStaff(transaction, actor.accountId, ticketId);
  assertThat(ticket.status !== 'closed', 'ticket.closed');
  if (ticket.priority === priority) return;
  await rows(transaction, SET_PRIORITY, [ticketId, priority]);
  const targets = await readTargets(transaction, priority);
  const payload = { from: ticket.priority, to: priority };
  await recordEvents(transaction, TICKET_STAFF, ticketId, { type: 'ticket_staff.priority_changed', payload });
  const now = at ?? new Date();
  await turnClocks(transaction, { ...ticket, priority }, now, (hours, clocks) =>
    clocksAimed(hours, clocks, { targets, at: now }),
  );
  await record(transaction, actor, ticketId, { did: 'prioritise', priority });
}

async function record(
  transaction: Transaction,
  actor: Actor,
  ticketId: string,
  details: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  const object = { type: 'ticket', id: ticketId } as const;
  await audited(transaction, actor, { action: 'ticket.work', object, details });
}
