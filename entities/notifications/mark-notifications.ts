import { recordEvents } from '../events/record-events';
import { integer } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { countUnread, lockOpenBoxes, readBadge, type Badge } from './notification-boxes';
import { MARKED_AT_ONCE } from './notification-limits';
import { NOTIFICATION_BOX } from './notifications.events';

/** Which ones: these, or all that had come with a version of the box. */
export type Which = { readonly ids: readonly string[] } | { readonly upTo: number };

/** Those of a box that a mark is for and that do not have it, the newest first. */
const meant = (mark: 'read_at' | 'seen_at') =>
  `SELECT id FROM notifications
   WHERE box_id = $1 AND is_shown AND ${mark} IS NULL
     AND CASE WHEN $2::uuid[] IS NULL THEN version <= $3::integer ELSE id = ANY($2::uuid[]) END
   ORDER BY version DESC LIMIT ${MARKED_AT_ONCE}`;

const READ = statement<{ marked: number }>(
  `WITH marked AS (
     UPDATE notifications SET read_at = now(), seen_at = coalesce(seen_at, now())
     WHERE id IN (${meant('read_at')}) RETURNING 1
   ) SELECT count(*) AS marked FROM marked`,
  { marked: integer },
);

const SEEN = statement<{ marked: number }>(
  `WITH marked AS (
     UPDATE notifications SET seen_at = now() WHERE id IN (${meant('seen_at')}) RETURNING 1
   ) SELECT count(*) AS marked FROM marked`,
  { marked: integer },
);

/**
 * Marks notifications as read, or as seen in a list, and returns the badge. The box is locked first, so that each event has the
 * counts of its version, whatever comes at the same time. A repetition changes nothing and has no event. Foreign ids and unknown
 * ones change nothing. Of more than {@link MARKED_AT_ONCE} the oldest stay: the badge still counts them, and a repetition marks more.
 */
export async function markNotifications(
  transaction: Transaction,
  {
    accountId,
    as,
    which,
  }: { readonly accountId: string; readonly as: 'read' | 'seen'; readonly which: Which },
): Promise<Badge> {
  await lockOpenBoxes(transaction, [accountId]);
  const values = 'ids' in which ? [accountId, which.ids, null] : [accountId, null, which.upTo];
  const { marked } = (await row(transaction, as === 'read' ? READ : SEEN, values))!;
  if (marked > 0) {
    const payload = (await countUnread(transaction, [accountId])).get(accountId)!;
    await recordEvents(transaction, NOTIFICATION_BOX, accountId, { type: `notifications.${as}`, payload });
  }
  return readBadge(transaction, accountId);
}
