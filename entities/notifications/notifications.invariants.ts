import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { NOTIFICATION_BOX } from './notifications.events';

/** What holds at every instant for notifications. */
export const NOTIFICATION_INVARIANTS: readonly Invariant[] = [
  // One pass over notifications and deliveries, joined by hash, and the boxes by hash.
  {
    invariant: 'notifications-have-their-deliveries',
    sentence:
      'A notification is in the list exactly when its in-app delivery says so, and its deliveries belong to its box. That of an order has none in-app.',
    violations: `
      SELECT n.id AS "notificationId", n.is_shown::text AS "isShown", d.status
      FROM notifications n JOIN notification_boxes b ON b.id = n.box_id
        LEFT JOIN notification_deliveries d ON d.notification_id = n.id AND d.channel = 'in_app'
      WHERE n.is_shown <> (d.status IS NOT DISTINCT FROM 'sent') OR (d.status IS NULL) <> (b.order_id IS NOT NULL)
      UNION ALL
      SELECT n.id, n.is_shown::text, d.status
      FROM notifications n JOIN notification_deliveries d ON d.notification_id = n.id WHERE d.box_id <> n.box_id`,
  },
  // One pass over the notifications, and boxes by hash.
  {
    invariant: 'notifications-came-with-a-version',
    sentence: 'A notification came with a version that its box has had.',
    violations: `
      SELECT n.id AS "notificationId", n.version, b.version AS "boxVersion"
      FROM notifications n JOIN notification_boxes b ON b.id = n.box_id WHERE n.version > b.version`,
  },
  // Erased accounts are few: their notifications by index.
  {
    invariant: 'erased-people-have-no-notifications',
    sentence: 'Somebody who was erased has no notifications, and no choices about them.',
    violations: `
      SELECT a.id AS "accountId" FROM accounts a
      WHERE a.status = 'erased' AND (EXISTS (SELECT FROM notifications WHERE box_id = a.id)
        OR EXISTS (SELECT FROM notification_settings WHERE box_id = a.id)
        OR EXISTS (SELECT FROM notification_preferences WHERE box_id = a.id))`,
  },
  journalHasNoGaps(NOTIFICATION_BOX),
];
