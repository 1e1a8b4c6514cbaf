import { lockAccount } from '../auth/lock-account';
import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { readTargets } from './sla-targets';
import { OPEN_TICKETS_AT_MOST } from './support-limits';
import { TICKET, TICKET_STAFF } from './support.events';
import type { Ticket } from './ticket';
import { openingClocks } from './ticket-clocks';
import type { TicketPriority } from './ticket-desk';
import { turnClocks } from './turn-clocks';
import { writeMessage } from './write-message';

/** A priority that staff change once they have read the ticket. Customers have no say in it. */
const FIRST_PRIORITY: TicketPriority = 'medium';

/** What a customer wants of the shop. */
export interface NewTicket extends Pick<Ticket, 'category' | 'subject'> {
  /** Derived from what makes two requests the same one: a repetition finds the ticket. */
  readonly ticketId: string;
  readonly text: string;
  /** When, for tests. Else it is the instant at which what it changes was locked. */
  readonly now?: Date;
}

const FOUND = statement<{ id: string }>('SELECT id FROM tickets WHERE id = $1', { id: uuid });

const OPEN = statement<{ open: number }>(
  `SELECT count(*) AS open FROM tickets WHERE customer_id = $1 AND status <> 'closed'`,
  { open: integer },
);

/**
 * Opens a ticket with its first message.
 *
 * @returns whether it is new
 * @throws AppError `ticket.too_many_open`, `chat.text_invalid`, `ticket.client_id_reused` for another text, subject or category, `auth.session_over`
 */
export async function openTicket(
  transaction: Transaction,
  { accountId }: { readonly accountId: string },
  { ticketId, category, subject, text: typed, now: at }: NewTicket,
): Promise<boolean> {
  // One person opens one ticket at a time, so that a repetition sees the first one and the limit holds.
  const account = await lockAccount(transaction, accountId);
  if (account?.status !== 'active') throw new AppError('auth.session_over');
  const now = at ?? new Date();
  const message = { kind: 'answer', senderId: accountId, isFromCustomer: true, clientId: ticketId } as const;
  const ticket = { id: ticketId, subject };
  const write = () =>
    writeMessage(transaction, { ...message, ticket, typed, asks: true, opening: { category, subject }, now });
  if (await row(transaction, FOUND, [ticketId])) {
    await write();
    return false;
  }
  await refuseTooManyOpen(transaction, accountId);
  const bare = { id: ticketId, customerId: accountId, category, subject, followsId: null, now };
  await insertTicket(transaction, bare);
  await write();
  return true;
}

/**
 * Refuses another ticket of a customer who has as many as one may have. It comes after the lock of the account.
 *
 * @throws AppError `ticket.too_many_open`
 */
export async function refuseTooManyOpen(transaction: Transaction, accountId: string): Promise<void> {
  const { open } = (await row(transaction, OPEN, [accountId]))!;
  assertThat(open < OPEN_TICKETS_AT_MOST, 'ticket.too_many_open', { limit: OPEN_TICKETS_AT_MOST });
}

const INSERT = statement(
  `INSERT INTO tickets (id, number, customer_id, category, subject, follows_id, created_at)
   VALUES ($1, 'TK' || lpad(nextval('ticket_numbers')::text, 8, '0'), $2, $3, $4, $5, $6)`,
);

const INSERT_DESK = statement('INSERT INTO ticket_desks (id, priority) VALUES ($1, $2)');

/** A ticket without a message yet. */
interface BareTicket extends Pick<Ticket, 'id' | 'customerId' | 'category' | 'subject' | 'followsId'> {
  readonly now: Date;
}

/** Writes a ticket with the first priority, whose clocks start now. */
export async function insertTicket(transaction: Transaction, ticket: BareTicket): Promise<void> {
  const { id, customerId, category, subject, followsId, now } = ticket;
  const priority = FIRST_PRIORITY;
  await rows(transaction, INSERT, [id, customerId, category, subject, followsId, now]);
  await rows(transaction, INSERT_DESK, [id, priority]);
  await recordEvents(transaction, TICKET, id, { type: 'ticket.opened', payload: { category, followsId } });
  await recordEvents(transaction, TICKET_STAFF, id, { type: 'ticket_staff.opened', payload: { priority } });
  const targets = await readTargets(transaction, priority);
  await turnClocks(transaction, { id, priority, clocks: [] }, now, () => openingClocks(targets, now));
}
