import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { lockTicketAlone } from './lock-ticket';
import { changeStatus } from './move-ticket';

const OPEN_ONES = statement<{ id: string }>(
  `SELECT id FROM tickets WHERE customer_id = $1 AND status <> 'closed' ORDER BY id`,
  { id: uuid },
);

/** Closes all tickets of an account that is erased. The erasure itself blanks their texts. */
export async function closeAllTickets(transaction: Transaction, accountId: string, now: Date): Promise<void> {
  for (const { id } of await rows(transaction, OPEN_ONES, [accountId])) {
    const ticket = (await lockTicketAlone(transaction, id))!;
    if (ticket.status === 'closed') continue;
    const resolved = await changeStatus(transaction, ticket, { to: 'resolved', by: 'customer', now });
    await changeStatus(transaction, resolved, { to: 'closed', by: 'customer', now });
  }
}
