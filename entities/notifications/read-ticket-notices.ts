import { recordEvents } from '../events/record-events';
import { boolean, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { countUnread, lockOpenBoxes } from './notification-boxes';
import { NOTIFICATION_BOX } from './notifications.events';

/** What its customer was told of a ticket, and has not read. */
const UNREAD = `FROM notifications n
   WHERE n.box_id = $1 AND n.category = 'support' AND n.data ->> 'ticketId' = $2 AND n.read_at IS NULL`;

const FIND = statement<{ id: string }>(`SELECT n.id ${UNREAD} LIMIT 1`, { id: uuid });

const READ = statement<{ isShown: boolean }>(
  `UPDATE notifications SET read_at = now(), seen_at = coalesce(seen_at, now())
   WHERE id IN (SELECT n.id ${UNREAD}) RETURNING is_shown AS "isShown"`,
  { isShown: boolean },
);

/**
 * Whoever reads their ticket has read what they were told of it, also what is in no list. So its next answer is news again. To be
 * called before the messages are read: what comes in between stays unread.
 */
export async function readTicketNotices(
  transaction: Transaction,
  { accountId, ticketId }: { readonly accountId: string; readonly ticketId: string },
): Promise<void> {
  const whose = [accountId, ticketId];
  if (!(await row(transaction, FIND, whose))) return;
  await lockOpenBoxes(transaction, [accountId]);
  const read = await rows(transaction, READ, whose);
  if (!read.some(({ isShown }) => isShown)) return;
  const payload = (await countUnread(transaction, [accountId])).get(accountId)!;
  await recordEvents(transaction, NOTIFICATION_BOX, accountId, { type: 'notifications.read', payload });
}
