import { recordEvents } from '../events/record-events';
import { integer } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { countUnread, lockOpenBoxes, readBadge, type Badge } from './notification-boxes';
import { NOTIFICATION_BOX } from './notifications.events';

/** Which ones: these, or all that had come with a version of the box. */
export type Which = { readonly ids: readonly string[] } | { readonly upTo: number };

const IS_MEANT = 'CASE WHEN $2::uuid[] IS NULL THEN version <= $3::integer ELSE id = ANY($2::uuid[]) END';

const READ = statement<{ marked: number }>(
  `WITH marked AS (
     UPDATE notifications SET read_at = now(), seen_at = coalesce(seen_at, now())
     WHERE box_id = $1 AND is_shown AND read_at IS NULL AND ${IS_MEANT} RETURNING 1
   ) SELECT count(*) AS marked FROM marked`,
  { marked: integer },
);

const SEEN = statement<{ marked: number }>(
  `WITH marked AS (
     UPDATE notifications SET seen_at = now()
     WHERE box_id = $1 AND is_shown AND seen_at IS NULL AND ${IS_MEANT} RETURNING 1
   ) SELECT count(*) AS marked FROM marked`,
  { marked: integer },
);

/**
 * Marks notifications as read, or as seen in a list, and returns the badge. The box is locked first, so that each event has the
 * counts of its version, whatever comes at the same time. A repetition changes nothing and has no event. Foreign ids and unknown
 * ones change nothing.
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
