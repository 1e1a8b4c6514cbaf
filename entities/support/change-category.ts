import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { lockTicketAsStaff } from './lock-ticket';
import { TICKET } from './support.events';
import type { TicketCategory } from './ticket';

const SET = statement('UPDATE tickets SET category = $2 WHERE id = $1');

/**
 * Gives a ticket another category, and with it another team. Whoever has it keeps it.
 *
 * @throws AppError `ticket.not_found`, `ticket.own`, `ticket.closed`, `auth.session_over`
 */
export async function changeTicketCategory(
  transaction: Transaction,
  actor: Actor,
  { ticketId, category }: { readonly ticketId: string; readonly category: TicketCategory },
): Promise<void> {
  const ticket = await lockTicketAsStaff(transaction, actor.accountId, ticketId);
  assertThat(ticket.status !== 'closed', 'ticket.closed');
  if (ticket.category === category) return;
  await rows(transaction, SET, [ticketId, category]);
  const payload = { from: ticket.category, to: category };
  await recordEvents(transaction, TICKET, ticketId, { type: 'ticket.category_changed', payload });
  await audited(transaction, actor, {
    action: 'ticket.work',
    object: { type: 'ticket', id: ticketId },
    details: { did: 'categorise', category },
  });
}
