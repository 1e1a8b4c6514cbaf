import type { EntityManager } from 'typeorm';

import { boolean, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { derivedId } from '../values/uuid';
import type { LockedTicket } from './lock-ticket';
import { insertTicket, refuseTooManyOpen } from './open-ticket';
import { SUPPORT_LIMITS, type SupportLimit } from './support-limits';

const CHAIN = `WITH RECURSIVE chain AS (
    SELECT id, 1 AS place FROM tickets WHERE id = $1
    UNION ALL SELECT t.id, c.place + 1 FROM chain c JOIN tickets t ON t.follows_id = c.id
  )`;

const NEWEST = statement<{ id: string }>(`${CHAIN} SELECT id FROM chain ORDER BY place DESC LIMIT 1`, {
  id: uuid,
});

/** The newest of the tickets that follow each other. It stays the newest while the account of the customer is locked. */
export async function findNewest(transaction: Transaction, ticketId: string): Promise<string> {
  return (await row(transaction, NEWEST, [ticketId]))!.id;
}

const REPEATED = statement<{ id: string }>(
  `${CHAIN} SELECT c.id FROM chain c
     JOIN ticket_messages m ON m.ticket_id = c.id AND m.sender_id = $2 AND m.client_id = $3 LIMIT 1`,
  { id: uuid },
);

/** Where somebody has sent this before, among a ticket and those that follow it. */
export async function findRepeated(
  transaction: Transaction,
  {
    ticketId,
    senderId,
    clientId,
  }: { readonly ticketId: string; readonly senderId: string; readonly clientId: string },
): Promise<string | undefined> {
  return (await row(transaction, REPEATED, [ticketId, senderId, clientId]))?.id;
}

/**
 * Opens the ticket that follows a closed one, whose customer has written again. It begins as every ticket does.
 *
 * @throws AppError `ticket.too_many_open`
 */
export async function followTicket(
  transaction: Transaction,
  { id: followsId, customerId, category, subject: before, number }: LockedTicket,
  now: Date,
): Promise<{ readonly id: string; readonly subject: string }> {
  await refuseTooManyOpen(transaction, customerId);
  const id = derivedId('ticket-after', followsId);
  // Long after it was closed a ticket has no subject left.
  const subject = before || number;
  await insertTicket(transaction, { id, customerId, category, subject, followsId, now });
  return { id, subject };
}

const OPENS = statement<{ opens: boolean }>(
  `${CHAIN}, newest AS (SELECT id FROM chain ORDER BY place DESC LIMIT 1)
   SELECT EXISTS (
     SELECT FROM newest n JOIN tickets t ON t.id = n.id WHERE t.status IN ('resolved', 'closed') AND t.customer_id = $2
   ) AS opens`,
  { opens: boolean },
);

/**
 * What an answer of a customer counts for, beside the limit of everything that is written: for a day, and as a ticket that they open
 * where it opens another one or reopens one. A repetition counts for neither: who has lost the answer gets it again.
 */
export async function limitsOfAnswer(
  manager: EntityManager,
  sent: { readonly ticketId: string; readonly senderId: string; readonly clientId: string },
): Promise<readonly SupportLimit[]> {
  if ((await findRepeated(manager, sent)) !== undefined) return [];
  const { opens } = (await row(manager, OPENS, [sent.ticketId, sent.senderId]))!;
  return opens ? [SUPPORT_LIMITS.day, SUPPORT_LIMITS.open] : [SUPPORT_LIMITS.day];
}
