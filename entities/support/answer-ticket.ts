import { lockAccount } from '../auth/lock-account';
import { assertThat } from '../errors';
import { boolean } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { findNewest, findRepeated, followTicket } from './follow-ticket';
import { lockOwnTicket, lockTicketAsStaff, type LockedTicket } from './lock-ticket';
import { moveTicket } from './move-ticket';
import { putBack } from './put-back-tickets';
import { readTargets } from './sla-targets';
import { clocksAnswered, clocksAsked, isAsked } from './ticket-clocks';
import type { TicketStatus } from './ticket-status';
import { turnClocks, type Turn } from './turn-clocks';
import { writeMessage, type WrittenMessage } from './write-message';

/** What somebody writes. */
export interface Writing {
  readonly ticketId: string;
  readonly clientId: string;
  readonly text: string;
  /** When, for tests. Else it is the instant at which what it changes was locked. */
  readonly now?: Date;
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
  { ticketId, clientId, text, now: at }: Writing,
): Promise<Answered> {
  // One person writes at a time, so that what follows a ticket does not change meanwhile, and the limit holds.
  await lockAccount(transaction, accountId);
  const asked = await lockOwnTicket(transaction, accountId, ticketId);
  const now = at ?? new Date();
  const write = async (ticket: Pick<LockedTicket, 'id' | 'subject'>, asks: boolean) => {
    const message = { kind: 'answer', senderId: accountId, isFromCustomer: true, clientId } as const;
    const written = await writeMessage(transaction, { ...message, ticket, typed: text, asks, now });
    return { ...written, ticketId: ticket.id };
  };
  const repeated = await findRepeated(transaction, { ticketId, senderId: accountId, clientId });
  if (repeated !== undefined) return write({ ...asked, id: repeated }, false);
  const newest = await findNewest(transaction, ticketId);
  const ticket = newest === asked.id ? asked : await lockOwnTicket(transaction, accountId, newest);
  if (ticket.status === 'closed') return write(await followTicket(transaction, ticket, now), true);
  const answered = await write(ticket, !isAsked(ticket.clocks));
  await ask(transaction, ticket, now);
  return answered;
}

async function ask(transaction: Transaction, ticket: LockedTicket, now: Date): Promise<void> {
  const { status } = ticket;
  const waited = status === 'pending_customer' || status === 'resolved';
  const moved = waited
    ? await moveTicket(transaction, ticket, { to: 'in_progress', by: 'customer', now })
    : undefined;
  if (status === 'resolved') await putBack(transaction, ticket);
  const targets = await readTargets(transaction, ticket.priority);
  const turn: Turn = (hours, clocks) => clocksAsked(moved?.turn(hours, clocks) ?? clocks, targets, now);
  await turnClocks(transaction, ticket, now, turn);
}

/** Where an answer of the shop leaves a ticket. */
export const AFTER_ANSWERS = ['pending_customer', 'pending_agent', 'in_progress', 'resolved'] as const;
export type AfterAnswer = (typeof AFTER_ANSWERS)[number] & TicketStatus;

/** What somebody of the staff answers. */
export interface StaffAnswer extends Writing {
  /** The number of the newest answer that they have seen. */
  readonly seen?: number | undefined;
  readonly status: AfterAnswer;
}

const ASKED_SINCE = statement<{ hasAsked: boolean }>(
  `SELECT EXISTS (
     SELECT FROM ticket_messages WHERE ticket_id = $1 AND kind = 'answer' AND seq > $2 AND is_from_customer
   ) AS "hasAsked"`,
  { hasAsked: boolean },
);

async function hasAskedSince(transaction: Transaction, ticketId: string, seq: number): Promise<boolean> {
  return (await row(transaction, ASKED_SINCE, [ticketId, seq]))!.hasAsked;
}

/**
 * A public answer of somebody of the staff. It meets the clock of the response that the customer waits for. A repetition moves
 * nothing. Where the customer has written something that the writer had not seen, they still wait for an answer to that: no clock is
 * met, and the ticket is to be worked on.
 *
 * @throws AppError `ticket.not_found`, `ticket.own`, `ticket.closed`, `chat.text_invalid`, `ticket.client_id_reused`, `auth.session_over`
 */
export async function answerAsStaff(
  transaction: Transaction,
  actor: Actor,
  { ticketId, clientId, text, now: at, seen, status }: StaffAnswer,
): Promise<Answered> {
  const ticket = await lockTicketAsStaff(transaction, actor.accountId, ticketId);
  const now = at ?? new Date();
  const message = { kind: 'answer', senderId: actor.accountId, isFromCustomer: false, clientId } as const;
  const repeated = await findRepeated(transaction, { ticketId, senderId: actor.accountId, clientId });
  assertThat(repeated === ticketId || ticket.status !== 'closed', 'ticket.closed');
  const written = await writeMessage(transaction, { ...message, ticket, typed: text, now });
  if (written.isNew) {
    const isCrossed = seen !== undefined && (await hasAskedSince(transaction, ticketId, seen));
    const to = isCrossed ? 'in_progress' : status;
    const isReopened = ticket.status === 'resolved' && to !== 'resolved';
    const reopen = { to: 'in_progress', by: 'shop', now } as const;
    const reopened = isReopened ? await moveTicket(transaction, ticket, reopen) : undefined;
    const moved = await moveTicket(transaction, reopened?.ticket ?? ticket, { to, by: 'shop', now });
    const turn: Turn = (hours, clocks) => {
      const running = reopened?.turn(hours, clocks) ?? clocks;
      return moved.turn(hours, isCrossed ? running : clocksAnswered(hours, running, now));
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
  { ticketId, clientId, text, now: at }: Writing,
): Promise<Answered> {
  const ticket = await lockTicketAsStaff(transaction, actor.accountId, ticketId);
  const now = at ?? new Date();
  const message = { kind: 'note', senderId: actor.accountId, isFromCustomer: false, clientId } as const;
  const written = await writeMessage(transaction, { ...message, ticket, typed: text, now });
  await audited(transaction, actor, {
    action: 'ticket.work',
    object: { type: 'ticket', id: ticketId },
    details: { did: 'note', seq: written.seq },
  });
  return { ...written, ticketId };
}
