import { ANSWER_CACHE } from '../cache/cache.events';
import { PRODUCT } from '../catalog/catalog.events';
import { ROOM } from '../chat/chat.events';
import type { ForgettingAggregate } from '../events/aggregate';
import { AVAILABILITY, STOCK_LEVEL } from '../inventory/inventory.events';
import { NOTIFICATION_BOX } from '../notifications/notifications.events';
import { integer, nullable } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { PAGE, type RemovedPage } from './page';

/**
 * Whose old events go: of what changes all day, and has its history in other tables (`stock_movements`, `product_versions`, `messages`,
 * `staff_actions`). Orders and accounts keep theirs: people and invariants read them from the first on.
 */
const FORGETTING: readonly ForgettingAggregate[] = [
  PRODUCT,
  AVAILABILITY,
  STOCK_LEVEL,
  ROOM,
  NOTIFICATION_BOX,
  ANSWER_CACHE,
];

const IS_OLD = (event: string) => `${event}.created_at < now() - $2 * interval '1 day'`;
/** Whether every durable reader has handled it. */
const IS_READ = (event: string) => `NOT EXISTS (
  SELECT FROM journal_cursors WHERE NOT pg_visible_in_snapshot(${event}.xid::text::xid8, snapshot::pg_snapshot))`;

/**
 * What goes of an aggregate is always its oldest events up to a version, so that no gap arises: neither its newest event, nor one
 * that is too young or not read yet, nor anything after such a one.
 */
const REMOVE = statement<{ removed: number; held: number; seen: number; lastId: number | null }>(
  `WITH page AS MATERIALIZED (
     SELECT id, xid, aggregate_type, aggregate_id, version, created_at FROM events
     WHERE id > $1::bigint ORDER BY id LIMIT ${PAGE}
   ), old AS MATERIALIZED (
     SELECT * FROM page WHERE aggregate_type = ANY($3) AND ${IS_OLD('page')}
   ), kept AS MATERIALIZED (
     SELECT a.aggregate_type, a.aggregate_id, (
       SELECT least(max(e.version), min(e.version) FILTER (WHERE NOT (${IS_OLD('e')} AND ${IS_READ('e')})))
       FROM events e WHERE e.aggregate_type = a.aggregate_type AND e.aggregate_id = a.aggregate_id) AS version
     FROM (SELECT DISTINCT aggregate_type, aggregate_id FROM old) AS a
   ), gone AS (
     DELETE FROM events WHERE id IN (
       SELECT old.id FROM old JOIN kept USING (aggregate_type, aggregate_id) WHERE old.version < kept.version)
     RETURNING id
   )
   SELECT (SELECT count(*) FROM gone) AS removed, (SELECT count(*) FROM old WHERE NOT (${IS_READ('old')})) AS held,
     (SELECT count(*) FROM page WHERE ${IS_OLD('page')}) AS seen, (SELECT max(id) FROM page) AS "lastId"`,
  { removed: integer, held: integer, seen: integer, lastId: nullable(integer) },
);

/** Removes old events of a page of the journal, in the order in which they were written. */
export async function removeOldEvents(
  transaction: Transaction,
  days: number,
  after: string | null,
): Promise<RemovedPage> {
  const types = FORGETTING.map(({ type }) => type);
  const found = await row(transaction, REMOVE, [after ?? '0', days, types]);
  const { removed, held, seen, lastId } = found!;
  // A page without an old event is followed by none that matters.
  return { removed, held, next: seen > 0 && lastId !== null ? String(lastId) : null };
}
