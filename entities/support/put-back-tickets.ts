import { lockAccount } from '../auth/lock-account';
import { reachOf, type StaffRole } from '../auth/policy';
import { recordEvents } from '../events/record-events';
import { recordEventsOfMany } from '../events/record-events-of-many';
import { text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { Actor } from '../staff/audited';
import { blockAccount } from '../staff/block-account';
import { lockStaff } from '../staff/last-admin';
import { takeRoles } from '../staff/take-roles';
import { lockQueue, type LockedTicket } from './lock-ticket';
import { TICKET_STAFF } from './support.events';

const BACK_IN_QUEUE = { type: 'ticket_staff.assigned', payload: { assigneeId: null } } as const;

const UNASSIGN = statement('UPDATE ticket_desks SET assignee_id = NULL, passed_by = NULL WHERE id = $1');

/** Puts a locked ticket back into the queue of its team, where anybody may get it. */
export async function putBack(
  transaction: Transaction,
  { id, assigneeId }: Pick<LockedTicket, 'id' | 'assigneeId'>,
): Promise<void> {
  if (assigneeId === null) return;
  await rows(transaction, UNASSIGN, [id]);
  await recordEvents(transaction, TICKET_STAFF, id, BACK_IN_QUEUE);
}

const ROLES = statement<{ role: StaffRole }>('SELECT role FROM account_roles WHERE account_id = $1', {
  role: text,
});

const LOCK_HELD = statement<{ id: string }>(
  `SELECT t.id FROM tickets t
   WHERE t.id IN (SELECT id FROM ticket_desks WHERE assignee_id = $1) AND t.status <> 'closed'
   ORDER BY t.id FOR NO KEY UPDATE OF t`,
  { id: uuid },
);

/** A statement of its own: it sees what was committed while the locks were waited for. */
const UNASSIGN_HELD = statement<{ id: string }>(
  `UPDATE ticket_desks SET assignee_id = NULL, passed_by = NULL
   WHERE id = ANY($2::uuid[]) AND assignee_id = $1 RETURNING id`,
  { id: uuid },
);

/**
 * Puts the tickets of somebody who loses the right to work on them back into the queue, in as many statements for thousands as for
 * one. It comes before the change that takes the right, in its transaction: that ends sessions, which others lock after their tickets.
 * The queue is locked, so that nothing is handed to them meanwhile.
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
  const locked = await rows(transaction, LOCK_HELD, [accountId]);
  const held = await rows(transaction, UNASSIGN_HELD, [accountId, locked.map(({ id }) => id)]);
  const events = held.map(({ id }) => ({ id, event: BACK_IN_QUEUE }));
  await recordEventsOfMany(transaction, TICKET_STAFF, events);
}

/**
 * {@link takeRoles}, which leaves no ticket with somebody who may not work on it. Nothing else takes roles.
 *
 * @param role null for all
 * @throws AppError `staff.not_found`, `staff.last_admin`, `auth.session_over`
 */
export async function takeRolesWithTickets(
  transaction: Transaction,
  actor: Actor,
  { accountId, role }: { readonly accountId: string; readonly role: StaffRole | null },
): Promise<void> {
  await putBackTickets(transaction, { accountId, lost: role });
  await takeRoles(transaction, actor, { accountId, role });
}

/**
 * {@link blockAccount}, which leaves no ticket with somebody who is blocked. Nothing else blocks.
 *
 * @throws AppError `account.not_found`, `staff.not_yourself`, `staff.last_admin`, `auth.session_over`
 */
export async function blockWithTickets(
  transaction: Transaction,
  actor: Actor,
  accountId: string,
): Promise<void> {
  await putBackTickets(transaction, { accountId, lost: null });
  await blockAccount(transaction, actor, accountId);
}
