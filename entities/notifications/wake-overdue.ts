import { recordEventsOfMany } from '../events/record-events-of-many';
import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { countUnread } from './notification-boxes';
import { NOTIFICATION_BOX } from './notifications.events';

const BOXES_AT_ONCE = 500;

/** A box is woken again after 10 minutes, then each time it has waited twice as long, and hourly at last: an outage fills no journal. */
const CLAIM = statement<{ id: string }>(
  `UPDATE notification_boxes b SET woken_at = now()
   FROM (
     SELECT o.id FROM notification_boxes o JOIN (
         SELECT box_id, min(coalesce(due_at, created_at)) AS due FROM notification_deliveries
         WHERE status IN ('queued', 'deferred') AND coalesce(due_at, created_at) < now() - interval '5 minutes'
         GROUP BY box_id) AS late ON late.box_id = o.id
     WHERE o.woken_at IS NULL
       OR o.woken_at < now() - greatest(interval '10 minutes', least(o.woken_at - late.due, interval '1 hour'))
     ORDER BY o.woken_at NULLS FIRST, o.id LIMIT ${BOXES_AT_ONCE} FOR NO KEY UPDATE OF o SKIP LOCKED
   ) AS due
   WHERE b.id = due.id RETURNING b.id`,
  { id: uuid },
);

/**
 * Finds a page of boxes in which something waits for longer than it should, because a signal or a workflow was lost, and has their
 * workflows look: an event for each. Those that were never woken come first, then those that were woken longest ago.
 */
export async function wakeOverdue(
  transaction: Transaction,
): Promise<{ readonly count: number; readonly isFull: boolean }> {
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
  return { count: boxes.length, isFull: boxes.length === BOXES_AT_ONCE };
}
