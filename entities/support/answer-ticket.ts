import { lockAccount } from '../auth/lock-account';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { findNewest, findRepeated, followTicket } from './follow-ticket';
import { lockOwnTicket, lockTicketAsStaff, type LockedTicket } from './lock-ticket';
import { moveTicket } from './move-ticket';
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

/**
 * An answer of the customer of a ticket. It brings a ticket that waited for them or was resolved back to work, and a resolved one back
 * to the queue, because whoever answered may be away. On a closed ticket it opens another one that follows it.
 *
 * @throws AppError `ticket.not_found`, `ticket.too_many_open`, `chat.text_invalid`, `ticket.client_id_reused`
 */
export async function answerAsCustomer(
  transaction: Transaction,
  { accountId }: { readonly accountId: string },
  { ticketId, clientId, text, now }: Writing,
): Promise<Answered> {
  // One person writes at a time, so that what follows a ticket does not change meanwhile, and the limit holds.
  await lockAccount(transaction, accountId);
  const asked = await lockOwnTicket(transaction, accountId, ticketId);
  const write = async (ticket: Pick<LockedTicket, 'id' | 'subject'>) => {
    const message = { kind: 'answer', senderId: accountId, isFromCustomer: true, clientId } as const;
    const written = await writeMessage(transaction, { ...message, ticket, typed: text, now });
    return { ...written, ticketId: ticket.id };
  };
  const repeated = await findRepeated(transaction, { ticketId, senderId: accountId, clientId });
  if (repeated !== undefined) return write({ ...asked, id: repeated });
  const newest = await findNewest(transaction, ticketId);
  const ticket = newest === asked.id ? asked : await lockOwnTicket(transaction, accountId, newest);
  if (ticket.status === 'closed') return write(await followTicket(transaction, ticket, now));
  const answered = await write(ticket);
  await ask(transaction, ticket, now);
  return answered;
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
 * @throws AppError `ticket.not_found`, `ticket.own`, `ticket.closed`, `chat.text_invalid`, `ticket.client_id_reused`, `auth.session_over`
 */
export async function answerAsStaff(
  transaction: Transaction,
  actor: Actor,
  { ticketId, clientId, text, now, status }: Writing & { readonly status: AfterAnswer },
): Promise<Answered> {
  const ticket = await lockTicketAsStaff(transaction, actor.accountId, ticketId);
  const message = { kind: 'answer', senderId: actor.accountId, isFromCustomer: false, clientId } as const;
  const repeated = await findRepeated(transaction, { ticketId, senderId: actor.accountId, clientId });
  assertThat(repeated === ticketId || ticket.status !== 'closed', 'ticket.closed');
  const written = await writeMessage(transaction, { ...message, ticket, typed: text, now });
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
 * @throws AppError `ticket.not_found`, `ticket.own`, `ticket.closed` where its texts are erased, `chat.text_invalid`, `ticket.client_id_reused`, `auth.session_over`
 */
export async function noteOnTicket(
  transaction: Transaction,
  actor: Actor,
  { ticketId, clientId, text, now }: Writing,
): Promise<Answered> {
  const ticket = await lockTicketAsStaff(transaction, actor.accountId, ticketId);
  const message = { kind: 'note', senderId: actor.accountId, isFromCustomer: false, clientId } as const;
  const written = await writeMessage(transaction, { ...message, ticket, typed: text, now });
  await audited(transaction, actor, {
    action: 'ticket.work',
    object: { type: 'ticket', id: ticketId },
    details: { did: 'note', seq: written.seq },
  });
  return { ...written, ticketId };
}
