import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';
import { lockOwnTicket, lockTicket, type LockedTicket } from './lock-ticket';
import { moveTicket } from './move-ticket';
import { insertTicket } from './open-ticket';
import { readTargets } from './sla-targets';
import { TICKET_STAFF } from './support.events';
import { clocksAnswered, clocksAsked } from './ticket-clocks';
import type { TicketStatus } from './ticket-status';
import { turnClocks, type Turn } from './turn-clocks';
import { writeMessage, type WrittenMessage } from './write-message';

/** What somebody writes. */
export interface Writing {
  readonly ticketId: string;
  readonly clientId: string;
  readonly text: string;
  readonly now: Date;
}

/** Where an answer was written: on the ticket, or on the one that follows it because it was closed. */
export interface Answered extends WrittenMessage {
  readonly ticketId: string;
}

const CHAIN = `WITH RECURSIVE chain AS (
    SELECT id, 1 AS place FROM tickets WHERE id = $1
    UNION ALL SELECT t.id, c.place + 1 FROM chain c JOIN tickets t ON t.follows_id = c.id
  )`;

/** The newest of the tickets that follow each other. */
const NEWEST = statement<{ id: string }>(`${CHAIN} SELECT id FROM chain ORDER BY place DESC LIMIT 1`, {
  id: uuid,
});

/** Where somebody has sent this before. */
const REPEATED = statement<{ id: string }>(
  `${CHAIN} SELECT c.id FROM chain c
     JOIN ticket_messages m ON m.ticket_id = c.id AND m.sender_id = $2 AND m.client_id = $3 LIMIT 1`,
  { id: uuid },
);

/**
 * An answer of the customer of a ticket. It brings a ticket that waited for them or was resolved back to work, and a resolved one back
 * to the queue, because whoever answered may be away. On a closed ticket it opens another one that follows it.
 *
 * @throws AppError `ticket.not_found`, `chat.text_invalid`, `ticket.client_id_reused`
 */
export async function answerAsCustomer(
  transaction: Transaction,
  { accountId }: { readonly accountId: string },
  { ticketId, clientId, text, now }: Writing,
): Promise<Answered> {
  const asked = await lockOwnTicket(transaction, accountId, ticketId);
  const write = async (id: string) => {
    const message = { kind: 'answer', senderId: accountId, isFromCustomer: true, clientId } as const;
    const written = await writeMessage(transaction, { ...message, ticketId: id, typed: text, now });
    return { ...written, ticketId: id };
  };
  const repeated = await row(transaction, REPEATED, [ticketId, accountId, clientId]);
  if (repeated) return write(repeated.id);
  // Everything that follows the ticket was opened under its lock.
  const newest = (await row(transaction, NEWEST, [ticketId]))!.id;
  const ticket = newest === asked.id ? asked : await lockOwnTicket(transaction, accountId, newest);
  if (ticket.status === 'closed') return write(await follow(transaction, ticket, now));
  const answered = await write(ticket.id);
  await ask(transaction, ticket, now);
  return answered;
}

async function follow(transaction: Transaction, closed: LockedTicket, now: Date): Promise<string> {
  const id = derivedId('ticket-after', closed.id);
  const { customerId, category, priority } = closed;
  // Long after it was closed a ticket has no subject left.
  const subject = closed.subject || closed.number;
  const ticket = { id, customerId, category, subject, priority, followsId: closed.id, now };
  await insertTicket(transaction, ticket);
  return id;
}

async function ask(transaction: Transaction, ticket: LockedTicket, now: Date): Promise<void> {
  const { status } = ticket;
  const waited = status === 'pending_customer' || status === 'resolved';
  const moved = waited ? await moveTicket(transaction, ticket, 'in_progress', now) : undefined;
  if (status === 'resolved') await unassign(transaction, ticket);
  const targets = await readTargets(transaction, ticket.priority);
  const turn: Turn = (hours, clocks) => clocksAsked(moved?.turn(hours, clocks) ?? clocks, targets, now);
  await turnClocks(transaction, ticket, now, turn);
}

const UNASSIGN = statement('UPDATE ticket_desks SET assignee_id = NULL WHERE id = $1');

async function unassign(transaction: Transaction, { id, assigneeId }: LockedTicket): Promise<void> {
  if (assigneeId === null) return;
  await rows(transaction, UNASSIGN, [id]);
  const payload = { assigneeId: null };
  await recordEvents(transaction, TICKET_STAFF, id, { type: 'ticket_staff.assigned', payload });
}

/** Where an answer of the shop leaves a ticket. */
export const AFTER_ANSWERS = ['pending_customer', 'pending_agent', 'in_progress', 'resolved'] as const;
export type AfterAnswer = (typeof AFTER_ANSWERS)[number] & TicketStatus;

/**
 * A public answer of somebody of the staff. It meets the clock of the response that the customer waits for. A repetition moves
 * nothing.
 *
 * @throws AppError `ticket.not_found`, `ticket.closed`, `chat.text_invalid`, `ticket.client_id_reused`, `auth.session_over`
 */
export async function answerAsStaff(
  transaction: Transaction,
  actor: Actor,
  { ticketId, clientId, text, now, status }: Writing & { readonly status: AfterAnswer },
): Promise<Answered> {
  const ticket = await lockTicket(transaction, actor.accountId, ticketId);
  const message = { kind: 'answer', senderId: actor.accountId, isFromCustomer: false, clientId } as const;
  const repeated = await row(transaction, REPEATED, [ticketId, actor.accountId, clientId]);
  assertThat(repeated?.id === ticketId || ticket.status !== 'closed', 'ticket.closed');
  const written = await writeMessage(transaction, { ...message, ticketId, typed: text, now });
  if (written.isNew) {
    const isReopened = ticket.status === 'resolved' && status !== 'resolved';
    const reopened = isReopened ? await moveTicket(transaction, ticket, 'in_progress', now) : undefined;
    const moved = await moveTicket(transaction, reopened?.ticket ?? ticket, status, now);
    const turn: Turn = (hours, clocks) => {
      const answered = clocksAnswered(hours, reopened?.turn(hours, clocks) ?? clocks, now);
      return moved.turn(hours, answered);
    };
    await turnClocks(transaction, ticket, now, turn);
  }
  await audited(transaction, actor, {
    action: 'ticket.work',
    object: { type: 'ticket', id: ticketId },
    details: { did: 'answer', seq: written.seq, status },
  });
  return { ...written, ticketId };
}

/**
 * A note for other staff. The customer never sees it, and no clock counts it as an answer.
 *
 * @throws AppError `ticket.not_found`, `chat.text_invalid`, `ticket.client_id_reused`, `auth.session_over`
 */
export async function noteOnTicket(
  transaction: Transaction,
  actor: Actor,
  { ticketId, clientId, text, now }: Writing,
): Promise<Answered> {
  await lockTicket(transaction, actor.accountId, ticketId);
  const message = { kind: 'note', senderId: actor.accountId, isFromCustomer: false, clientId } as const;
  const written = await writeMessage(transaction, { ...message, ticketId, typed: text, now });
  await audited(transaction, actor, {
    action: 'ticket.work',
    object: { type: 'ticket', id: ticketId },
    details: { did: 'note', seq: written.seq },
  });
  return { ...written, ticketId };
}
