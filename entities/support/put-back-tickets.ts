import { lockAccount } from '../auth/lock-account';
import { reachOf, type StaffRole } from '../auth/policy';
import { recordEvents } from '../events/record-events';
import { text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { lockStaff } from '../staff/last-admin';
import { lockQueue, lockTicketAlone, type LockedTicket } from './lock-ticket';
import { TICKET_STAFF } from './support.events';

const UNASSIGN = statement('UPDATE ticket_desks SET assignee_id = NULL, passed_by = NULL WHERE id = $1');

/** Puts a locked ticket back into the queue of its team, where anybody may get it. */
export async function putBack(
  transaction: Transaction,
  { id, assigneeId }: Pick<LockedTicket, 'id' | 'assigneeId'>,
): Promise<void> {
  if (assigneeId === null) return;
  await rows(transaction, UNASSIGN, [id]);
  const payload = { assigneeId: null };
  await recordEvents(transaction, TICKET_STAFF, id, { type: 'ticket_staff.assigned', payload });
}

const ROLES = statement<{ role: StaffRole }>('SELECT role FROM account_roles WHERE account_id = $1', {
  role: text,
});

const HELD = statement<{ id: string }>(
  `SELECT t.id FROM ticket_desks d JOIN tickets t ON t.id = d.id
   WHERE d.assignee_id = $1 AND t.status <> 'closed' ORDER BY t.id`,
  { id: uuid },
);

/**
 * Puts the tickets of somebody who loses the right to work on them back into the queue. It comes before the change that takes the right,
 * in its transaction: that ends sessions, which others lock after their tickets. The queue is locked, so that nothing is handed to them
 * meanwhile.
 *
 * @param lost the role that is taken; null for all of them, or a block
 */
export async function putBackTickets(
  transaction: Transaction,
  { accountId, lost }: { readonly accountId: string; readonly lost: StaffRole | null },
): Promise<void> {
  await lockStaff(transaction);
  await lockQueue(transaction);
  await lockAccount(transaction, accountId);
  const roles = (await rows(transaction, ROLES, [accountId])).map(({ role }) => role);
  const left = lost === null ? [] : roles.filter((role) => role !== lost);
  if (reachOf('ticket.work', left) === 'any') return;
  for (const { id } of await rows(transaction, HELD, [accountId])) {
    const ticket = (await lockTicketAlone(transaction, id))!;
    if (ticket.assigneeId === accountId && ticket.status !== 'closed') await putBack(transaction, ticket);
  }
}
