import { recordEventsOfMany } from '../events/record-events-of-many';
import { countUnread, lockOpenBoxes } from '../notifications/notification-boxes';
import { NOTIFICATION_BOX } from '../notifications/notifications.events';
import { boolean, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { RemovedPage } from './page';

/** The boxes of a page stay locked until its end, and their people wait. */
const PAGE = 1_000;

/** What still waits to be sent is not old. */
const FIND = statement<{ id: string; boxId: string }>(
  `SELECT id, box_id AS "boxId" FROM notifications n
   WHERE created_at < now() - $1 * interval '1 day' AND NOT EXISTS (
     SELECT FROM notification_deliveries d WHERE d.notification_id = n.id AND d.status IN ('queued', 'deferred'))
   ORDER BY created_at LIMIT ${PAGE}`,
  { id: uuid, boxId: uuid },
);

const REMOVE = statement<{ boxId: string; wasUnread: boolean }>(
  `DELETE FROM notifications WHERE id = ANY($1::uuid[])
   RETURNING box_id AS "boxId", is_shown AND (read_at IS NULL OR seen_at IS NULL) AS "wasUnread"`,
  { boxId: uuid, wasUnread: boolean },
);

const REMOVE_DIGESTS = statement(
  `DELETE FROM notification_digests WHERE (box_id, day) IN (
     SELECT box_id, day FROM notification_digests WHERE day < (now() - $1 * interval '1 day')::date LIMIT ${PAGE})`,
);

/** Removes a page of old notifications with their deliveries. A badge that counted one of them is told what it shows now. */
export async function removeNotifications(transaction: Transaction, days: number): Promise<RemovedPage> {
  await rows(transaction, REMOVE_DIGESTS, [days]);
  const due = await rows(transaction, FIND, [days]);
  await lockOpenBoxes(transaction, [...new Set(due.map(({ boxId }) => boxId))]);
  const removed = await rows(transaction, REMOVE, [due.map(({ id }) => id)]);
  const boxes = new Set(removed.flatMap(({ boxId, wasUnread }) => (wasUnread ? [boxId] : [])));
  const counts = await countUnread(transaction, [...boxes]);
  const events = [...counts].map(([id, payload]) => ({
    id,
    event: { type: 'notifications.removed' as const, payload },
  }));
  await recordEventsOfMany(transaction, NOTIFICATION_BOX, events);
  return { removed: removed.length, next: due.length < PAGE ? null : '' };
}
