import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { lockOwnTicket } from './lock-ticket';
import { changeStatus } from './move-ticket';
import type { TicketAt } from './steer-ticket';
import { TICKET } from './support.events';

/**
 * The customer has what they wanted. Of a resolved ticket nothing changes.
 *
 * @throws AppError `ticket.not_found`, `ticket.transition` for a closed one
 */
export async function resolveOwnTicket(
  transaction: Transaction,
  { accountId }: { readonly accountId: string },
  { ticketId, now: at }: TicketAt,
): Promise<void> {
  const ticket = await lockOwnTicket(transaction, accountId, ticketId);
  await changeStatus(transaction, ticket, { to: 'resolved', by: 'customer', now: at ?? new Date() });
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
  { ticketId, score, now: at }: TicketAt & { readonly score: number },
): Promise<void> {
  const { status, resolutions } = await lockOwnTicket(transaction, accountId, ticketId);
  assertThat(status === 'resolved' || status === 'closed', 'ticket.not_resolved');
  if (await row(transaction, RATE, [ticketId, resolutions, score, at ?? new Date()])) {
    const payload = { resolution: resolutions, score };
    await recordEvents(transaction, TICKET, ticketId, { type: 'ticket.rated', payload });
    return;
  }
  const rated = (await row(transaction, RATED, [ticketId, resolutions]))!;
  assertThat(rated.score === score, 'ticket.rated_already');
}
