import { boolean, integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { ChannelChoice } from './notification-categories';
import { COUNTED_AT_MOST } from './notification-limits';
import type { BadgeCounts } from './notifications.events';

/** Whose box. */
export type BoxOwner = { readonly accountId: string } | { readonly orderId: string };

/** The id of a box is that of its owner. */
export const boxIdOf = (owner: BoxOwner): string => ('accountId' in owner ? owner.accountId : owner.orderId);

const OPEN = statement(
  `INSERT INTO notification_boxes (id, account_id, order_id)
   SELECT coalesce(account_id, order_id), account_id, order_id
   FROM jsonb_to_recordset($1::jsonb) AS wanted(account_id uuid, order_id uuid) ORDER BY 1
   ON CONFLICT DO NOTHING`,
);

const LOCK = statement<{ id: string; version: number }>(
  'SELECT id, version FROM notification_boxes WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
  { id: uuid, version: integer },
);

/** Locks the boxes of these owners, in the order of their ids, and opens those that are not there yet. Returns their versions. */
export async function lockBoxes(
  transaction: Transaction,
  owners: readonly BoxOwner[],
): Promise<Map<string, number>> {
  const wanted = owners.map((owner) =>
    'accountId' in owner ? { account_id: owner.accountId } : { order_id: owner.orderId },
  );
  await rows(transaction, OPEN, [JSON.stringify(wanted)]);
  return lockOpenBoxes(transaction, owners.map(boxIdOf));
}

/** {@link lockBoxes} of those that are there. */
export async function lockOpenBoxes(
  transaction: Transaction,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const locked = await rows(transaction, LOCK, [ids]);
  return new Map(locked.map(({ id, version }) => [id, version]));
}

/** How many of a box were not read, or not seen, up to {@link COUNTED_AT_MOST}. */
const countOf = (box: string, mark: 'read_at' | 'seen_at') =>
  `(SELECT count(*) FROM (
     SELECT FROM notifications n WHERE n.box_id = ${box} AND n.is_shown AND n.${mark} IS NULL LIMIT ${COUNTED_AT_MOST}) AS counted)`;

const COUNTS = statement<BadgeCounts & { id: string }>(
  `SELECT b.id,
     ${countOf('b.id', 'read_at')} AS unread, ${countOf('b.id', 'seen_at')} AS unseen
   FROM notification_boxes b WHERE b.id = ANY($1::uuid[])`,
  { id: uuid, unread: integer, unseen: integer },
);

/** Counts what is unread. With the boxes locked it is what their next event says. */
export async function countUnread(
  manager: Transaction,
  ids: readonly string[],
): Promise<Map<string, BadgeCounts>> {
  const counted = await rows(manager, COUNTS, [ids]);
  return new Map(counted.map(({ id, unread, unseen }) => [id, { unread, unseen }]));
}

/** A badge, and the version of the box at which it is true. */
export type Badge = BadgeCounts & { readonly version: number };

const BADGE = statement<Badge>(
  `SELECT coalesce((SELECT version FROM notification_boxes WHERE id = $1), 0) AS version,
     ${countOf('$1', 'read_at')} AS unread, ${countOf('$1', 'seen_at')} AS unseen`,
  { version: integer, unread: integer, unseen: integer },
);

/** The badge of an account. One statement, so that counts and version are of one instant. */
export async function readBadge(manager: Transaction, accountId: string): Promise<Badge> {
  return (await row(manager, BADGE, [accountId]))!;
}

const CHOICES = statement<ChannelChoice & { boxId: string }>(
  `SELECT box_id AS "boxId", category, channel, is_on AS "isOn" FROM notification_preferences
   WHERE box_id = ANY($1::uuid[])`,
  { boxId: uuid, category: text, channel: text, isOn: boolean },
);

/** What the owners of boxes have chosen, by box. */
export async function readChoices(
  manager: Transaction,
  ids: readonly string[],
): Promise<Map<string, ChannelChoice[]>> {
  const found = new Map<string, ChannelChoice[]>();
  for (const { boxId, ...choice } of await rows(manager, CHOICES, [ids]))
    found.set(boxId, [...(found.get(boxId) ?? []), choice]);
  return found;
}
