import { recordEventsOfMany } from '../events/record-events-of-many';
import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { countUnread } from './notification-boxes';
import { NOTIFICATION_BOX } from './notifications.events';

const BOXES_AT_ONCE = 100;

const CLAIM = statement<{ id: string }>(
  `UPDATE notification_boxes b SET woken_at = now()
   FROM (
     SELECT id FROM notification_boxes o
     WHERE id IN (
         SELECT box_id FROM notification_deliveries
         WHERE status IN ('queued', 'deferred') AND coalesce(due_at, created_at) < now() - interval '5 minutes')
       AND (woken_at IS NULL OR woken_at < now() - interval '10 minutes')
     ORDER BY id LIMIT ${BOXES_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED
   ) AS due
   WHERE b.id = due.id RETURNING b.id`,
  { id: uuid },
);

/**
 * Finds boxes in which something waits for longer than it should, because a signal or a workflow was lost, and has their workflows
 * look: an event for each, at most every ten minutes. Returns how many.
 */
export async function wakeOverdue(transaction: Transaction): Promise<number> {
  const boxes = await rows(transaction, CLAIM);
  const counts = await countUnread(
    transaction,
    boxes.map(({ id }) => id),
  );
  const events = boxes.map(({ id }) => ({
    id,
    event: { type: 'notifications.overdue' as const, payload: counts.get(id)! },
  }));
  await recordEventsOfMany(transaction, NOTIFICATION_BOX, events);
  return boxes.length;
}
