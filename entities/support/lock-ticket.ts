import { assertThat } from '../errors';
import { boolean, instant, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { ClockDeadlines } from './clock';
import type { Ticket } from './ticket';
import type { TicketClock } from './ticket-clocks';
import type { TicketDesk } from './ticket-desk';

/** A ticket whose row this transaction has locked, with everything that its rules look at. */
export interface LockedTicket
  extends
    Pick<Ticket, 'id' | 'number' | 'customerId' | 'category' | 'subject' | 'status' | 'resolutions'>,
    Pick<TicketDesk, 'priority' | 'assigneeId'> {
  readonly clocks: readonly StoredClock[];
}

/** A clock, when it is due, and when its breach is escalated. */
export interface StoredClock extends TicketClock, ClockDeadlines {
  readonly escalateAt: Date | null;
  readonly escalatedAt: Date | null;
}

/** The account comes before the ticket, as in an erasure. */
const LOCK = statement<{ id: string }>(
  `SELECT id FROM tickets
   WHERE id = (SELECT $1::uuid FROM accounts WHERE id = $2 AND status = 'active' FOR KEY SHARE)
   FOR NO KEY UPDATE`,
  { id: uuid },
);

const LOCK_ALONE = statement<{ id: string }>('SELECT id FROM tickets WHERE id = $1 FOR NO KEY UPDATE', {
  id: uuid,
});

const READ = statement<Omit<LockedTicket, 'clocks'>>(
  `SELECT t.id, t.number, t.customer_id AS "customerId", t.category, t.subject, t.status, t.resolutions, d.priority,
     d.assignee_id AS "assigneeId"
   FROM tickets t JOIN ticket_desks d ON d.id = t.id WHERE t.id = $1`,
  {
    id: uuid,
    number: text,
    customerId: uuid,
    category: text,
    subject: text,
    status: text,
    resolutions: integer,
    priority: text,
    assigneeId: nullable(uuid),
  },
);

const CLOCKS = statement<StoredClock>(
  `SELECT kind, round, target_minutes * 60000::bigint AS "targetMs", used_ms AS "usedMs", running_since AS "runningSince",
     warned_at AS "warnedAt", breached_at AS "breachedAt", met_at AS "metAt", escalate_at AS "escalateAt",
     escalated_at AS "escalatedAt", warn_at AS "warnAt", due_at AS "dueAt"
   FROM sla_clocks WHERE ticket_id = $1 ORDER BY kind, round`,
  {
    kind: text,
    round: integer,
    targetMs: integer,
    usedMs: integer,
    runningSince: nullable(instant),
    warnedAt: nullable(instant),
    breachedAt: nullable(instant),
    metAt: nullable(instant),
    escalateAt: nullable(instant),
    escalatedAt: nullable(instant),
    warnAt: nullable(instant),
    dueAt: nullable(instant),
  },
);

/** Everything that changes a ticket locks it by one of the functions below, so that its changes have one order. */
async function lockTicket(
  transaction: Transaction,
  accountId: string,
  ticketId: string,
): Promise<LockedTicket> {
  assertThat(await row(transaction, LOCK, [ticketId, accountId]), 'ticket.not_found');
  return read(transaction, ticketId);
}

/** In the order of their ids, and before the ticket: what is written about a customer comes before their erasure or after it. */
const LOCK_PEOPLE = statement<{ id: string }>(
  `SELECT id FROM accounts WHERE id IN ($1, (SELECT customer_id FROM tickets WHERE id = $2)) ORDER BY id FOR KEY SHARE`,
  { id: uuid },
);

/**
 * Locks a ticket for a change by somebody of the staff. No erasure of its customer goes on meanwhile.
 *
 * @throws AppError `ticket.not_found`, also for somebody whose account is not active, `ticket.own` for its customer
 */
export async function lockTicketAsStaff(
  transaction: Transaction,
  accountId: string,
  ticketId: string,
): Promise<LockedTicket> {
  await rows(transaction, LOCK_PEOPLE, [accountId, ticketId]);
  const ticket = await lockTicket(transaction, accountId, ticketId);
  assertThat(ticket.customerId !== accountId, 'ticket.own');
  return ticket;
}

/**
 * Locks a ticket for a change by its customer.
 *
 * @throws AppError `ticket.not_found`, also for the ticket of another person, and for somebody whose account is not active
 */
export async function lockOwnTicket(
  transaction: Transaction,
  accountId: string,
  ticketId: string,
): Promise<LockedTicket> {
  const ticket = await lockTicket(transaction, accountId, ticketId);
  assertThat(ticket.customerId === accountId, 'ticket.not_found');
  return ticket;
}

/** Locks a ticket for a workflow, or in an erasure that has locked the account. Undefined where there is no such ticket. */
export async function lockTicketAlone(
  transaction: Transaction,
  ticketId: string,
): Promise<LockedTicket | undefined> {
  return (await row(transaction, LOCK_ALONE, [ticketId])) && read(transaction, ticketId);
}

/** Statements of their own: they see what was committed while the lock was waited for. */
async function read(transaction: Transaction, ticketId: string): Promise<LockedTicket> {
  const ticket = (await row(transaction, READ, [ticketId]))!;
  return { ...ticket, clocks: await rows(transaction, CLOCKS, [ticketId]) };
}

const LOCK_QUEUE = statement<{ isLocked: boolean }>(
  `WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('tickets-handed-out', 0)))
   SELECT true AS "isLocked" FROM locked`,
  { isLocked: boolean },
);

/** One ticket is handed out after another, or two at once would both go to whoever has the fewest. It comes before all other locks. */
export async function lockQueue(transaction: Transaction): Promise<void> {
  await rows(transaction, LOCK_QUEUE);
}
