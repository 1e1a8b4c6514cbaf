import { createHash } from 'node:crypto';

import { messageText } from '../chat/message-text';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer, nullable, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { LockedTicket } from './lock-ticket';
import { TICKET, TICKET_STAFF } from './support.events';
import type { Ticket } from './ticket';
import type { TicketMessageKind } from './ticket-message';

/** What somebody writes on a locked ticket. */
export interface NewTicketMessage {
  readonly ticket: Pick<LockedTicket, 'id' | 'subject'>;
  readonly kind: TicketMessageKind;
  readonly senderId: string;
  readonly isFromCustomer: boolean;
  /** Made by the client: sent again, it is the same message. */
  readonly clientId: string;
  readonly typed: string;
  /** Of a customer: whether it is the first that nobody has answered. */
  readonly asks?: boolean;
  /** What a ticket was opened with: a repetition has the same. */
  readonly opening?: Pick<Ticket, 'category' | 'subject'>;
  readonly now: Date;
}

/** The message of a client id: new, or the one that was sent first. */
export interface WrittenMessage {
  readonly seq: number;
  readonly isNew: boolean;
}

const FIRST = statement<{ seq: number; requestDigest: string | null }>(
  `SELECT seq, request_digest AS "requestDigest" FROM ticket_messages
   WHERE sender_id = $1 AND ticket_id = $2 AND client_id = $3`,
  { seq: integer, requestDigest: nullable(text) },
);

/** The message that was sent with a client id before, on a locked ticket. */
async function readFirst(
  transaction: Transaction,
  { ticket, senderId, clientId }: NewTicketMessage,
  digest: string,
): Promise<WrittenMessage | undefined> {
  const first = await row(transaction, FIRST, [senderId, ticket.id, clientId]);
  if (!first) return undefined;
  assertThat(first.requestDigest === null || first.requestDigest === digest, 'ticket.client_id_reused');
  return { seq: first.seq, isNew: false };
}

const WRITE = {
  answer: statement<{ seq: number }>(
    `WITH counted AS (UPDATE tickets SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq AS seq)
     INSERT INTO ticket_messages (ticket_id, kind, seq, sender_id, is_from_customer, client_id, request_digest, text, created_at)
     SELECT $1, 'answer', seq, $2, $3, $4, $5, $6, $7 FROM counted RETURNING seq`,
    { seq: integer },
  ),
  note: statement<{ seq: number }>(
    `WITH counted AS (UPDATE ticket_desks SET last_note_seq = last_note_seq + 1 WHERE id = $1 RETURNING last_note_seq AS seq)
     INSERT INTO ticket_messages (ticket_id, kind, seq, sender_id, is_from_customer, client_id, request_digest, text, created_at)
     SELECT $1, 'note', seq, $2, $3, $4, $5, $6, $7 FROM counted RETURNING seq`,
    { seq: integer },
  ),
};

/**
 * Writes on a locked ticket, exactly once for a client id of this person on this ticket. The text follows the rules of chat.
 *
 * @throws AppError `chat.text_invalid`, `ticket.client_id_reused`, `ticket.closed` where the texts of the ticket are erased
 */
export async function writeMessage(
  transaction: Transaction,
  message: NewTicketMessage,
): Promise<WrittenMessage> {
  const { ticket, kind, senderId, isFromCustomer, clientId, typed, asks, opening, now } = message;
  const { id: ticketId } = ticket;
  const content = messageText(typed, false);
  const digest = createHash('sha256')
    .update(
      JSON.stringify([
        kind,
        isFromCustomer,
        content,
        ...(opening ? [opening.category, opening.subject] : []),
      ]),
    )
    .digest('hex');
  const first = await readFirst(transaction, message, digest);
  if (first) return first;
  // Its texts are erased. Nothing would erase another one.
  assertThat(ticket.subject !== '', 'ticket.closed');
  const values = [ticketId, senderId, isFromCustomer, clientId, digest, content, now];
  const { seq } = (await row(transaction, WRITE[kind], values))!;
  if (kind === 'note') {
    const payload = { seq, senderId };
    await recordEvents(transaction, TICKET_STAFF, ticketId, { type: 'ticket_staff.noted', payload });
  } else {
    const by = isFromCustomer ? 'customer' : 'shop';
    const payload = { seq, by, ...(asks !== undefined && { asks }) } as const;
    await recordEvents(transaction, TICKET, ticketId, { type: 'ticket.answered', payload });
  }
  return { seq, isNew: true };
}
