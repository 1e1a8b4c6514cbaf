import { reachOf, type Role } from '../auth/policy';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { array, integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { lockOwnTicket, lockTicket, lockTicketAlone, type LockedTicket } from './lock-ticket';
import { moveTicket } from './move-ticket';
import { readTargets } from './sla-targets';
import { TICKET, TICKET_STAFF } from './support.events';
import { clocksAimed } from './ticket-clocks';
import type { TicketPriority } from './ticket-desk';
import type { TicketStatus } from './ticket-status';
import { turnClocks } from './turn-clocks';

/** A ticket, and when something is done to it. */
interface TicketAt {
  readonly ticketId: string;
  readonly now: Date;
}

async function move(
  transaction: Transaction,
  ticket: LockedTicket,
  to: TicketStatus,
  now: Date,
): Promise<LockedTicket> {
  const moved = await moveTicket(transaction, ticket, to, now);
  const clocks = await turnClocks(transaction, ticket, now, moved.turn);
  return { ...moved.ticket, clocks };
}

/**
 * The customer has what they wanted. Of a resolved ticket nothing changes.
 *
 * @throws AppError `ticket.not_found`, `ticket.transition` for a closed one
 */
export async function resolveOwnTicket(
  transaction: Transaction,
  { accountId }: { readonly accountId: string },
  { ticketId, now }: TicketAt,
): Promise<void> {
  await move(transaction, await lockOwnTicket(transaction, accountId, ticketId), 'resolved', now);
}

/**
 * Staff move a ticket along the transition table.
 *
 * @throws AppError `ticket.not_found`, `ticket.transition`, `auth.session_over`
 */
export async function changeTicketStatus(
  transaction: Transaction,
  actor: Actor,
  { ticketId, status, now }: TicketAt & { readonly status: TicketStatus },
): Promise<void> {
  const ticket = await lockTicket(transaction, actor.accountId, ticketId);
  await move(transaction, ticket, status, now);
  await record(transaction, actor, ticketId, { did: 'move', from: ticket.status, to: status });
}

const ROLES = statement<{ roles: string[] }>(
  `SELECT ARRAY(SELECT role::text FROM account_roles WHERE account_id = a.id) AS roles FROM accounts a
   WHERE a.id = $1 AND a.status = 'active'`,
  { roles: array(text) },
);

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
 * @throws AppError `ticket.not_found`, `ticket.closed`, `ticket.assignee_unfit`, `ticket.assigned_otherwise`, `auth.session_over`
 */
export async function assignTicket(
  transaction: Transaction,
  actor: Actor,
  { ticketId, assigneeId, expected }: Assignment,
): Promise<void> {
  const ticket = await lockTicket(transaction, actor.accountId, ticketId);
  assertThat(ticket.status !== 'closed', 'ticket.closed');
  if (assigneeId !== null) {
    const { roles = [] } = (await row(transaction, ROLES, [assigneeId])) ?? {};
    assertThat(reachOf('ticket.work', roles as Role[]) === 'any', 'ticket.assignee_unfit');
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
 * @throws AppError `ticket.not_found`, `ticket.closed`, `auth.session_over`
 */
export async function changeTicketPriority(
  transaction: Transaction,
  actor: Actor,
  { ticketId, priority, now }: TicketAt & { readonly priority: TicketPriority },
): Promise<void> {
  const ticket = await lockTicket(transaction, actor.accountId, ticketId);
  assertThat(ticket.status !== 'closed', 'ticket.closed');
  if (ticket.priority === priority) return;
  await rows(transaction, SET_PRIORITY, [ticketId, priority]);
  const targets = await readTargets(transaction, priority);
  const payload = { from: ticket.priority, to: priority };
  await recordEvents(transaction, TICKET_STAFF, ticketId, { type: 'ticket_staff.priority_changed', payload });
  await turnClocks(transaction, { ...ticket, priority }, now, (_, clocks) => clocksAimed(clocks, targets));
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

const RATE = statement<{ score: number }>(
  `INSERT INTO ticket_ratings (ticket_id, resolution, score, created_at) VALUES ($1, $2, $3, $4)
   ON CONFLICT DO NOTHING RETURNING score`,
  { score: integer },
);

const RATED = statement<{ score: number }>(
  'SELECT score FROM ticket_ratings WHERE ticket_id = $1 AND resolution = $2',
  { score: integer },
);

/**
 * The customer rates the last resolution, once. Repeating the same score changes nothing.
 *
 * @throws AppError `ticket.not_found`, `ticket.not_resolved`, `ticket.rated_already`
 */
export async function rateTicket(
  transaction: Transaction,
  { accountId }: { readonly accountId: string },
  { ticketId, score, now }: TicketAt & { readonly score: number },
): Promise<void> {
  const { status, resolutions } = await lockOwnTicket(transaction, accountId, ticketId);
  assertThat(status === 'resolved' || status === 'closed', 'ticket.not_resolved');
  if (await row(transaction, RATE, [ticketId, resolutions, score, now])) {
    const payload = { resolution: resolutions, score };
    await recordEvents(transaction, TICKET, ticketId, { type: 'ticket.rated', payload });
    return;
  }
  const rated = (await row(transaction, RATED, [ticketId, resolutions]))!;
  assertThat(rated.score === score, 'ticket.rated_already');
}

const OPEN_ONES = statement<{ id: string }>(
  `SELECT id FROM tickets WHERE customer_id = $1 AND status <> 'closed' ORDER BY id`,
  { id: uuid },
);

/** Closes all tickets of an account that is erased. The erasure itself blanks their texts. */
export async function closeAllTickets(transaction: Transaction, accountId: string, now: Date): Promise<void> {
  for (const { id } of await rows(transaction, OPEN_ONES, [accountId])) {
    const ticket = (await lockTicketAlone(transaction, id))!;
    if (ticket.status === 'closed') continue;
    await move(transaction, await move(transaction, ticket, 'resolved', now), 'closed', now);
  }
}
