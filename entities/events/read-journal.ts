import { boolean, instant, integer, json, nullable, text, uuid } from '../row-shape';
import { checkedRows, statement } from '../sql';
import type { ShopEvent } from './event';

const PAGE_LENGTH = 500;
const MOST_EVENTS = 5_000;

/** An event as readers of the whole journal see it. Its payload may be older than the types of today's code. */
export type JournalEvent = Pick<
  ShopEvent,
  'id' | 'xid' | 'aggregateType' | 'aggregateId' | 'version' | 'type' | 'payload' | 'createdAt'
>;

/** Where to read on. */
export interface JournalPlace {
  /** The text of the snapshot whose events were all read. Without one, reading starts from now. */
  readonly cursor?: string | undefined;
  /** Inside a backlog: the snapshot at which it ends, and the id of the last event that was read of it. */
  readonly backlog?: { readonly until: string; readonly afterId: number } | undefined;
}

/** What was found there. */
export interface JournalPage {
  /** Oldest first, at most 500. */
  readonly events: JournalEvent[];
  /** Where to read on once these events are handled. */
  readonly next: JournalPlace & { readonly cursor: string };
  /** Whether more events wait in this backlog. */
  readonly hasMore: boolean;
  /**
   * Whether events were or may have been skipped: more than 5,000 were waiting, or the database is older than the cursor,
   * because it was restored. There are then no events, and `next` is now.
   */
  readonly isInterrupted: boolean;
}

type Found = { snapshot: string; isRestored: boolean; waiting: number } & {
  [Field in keyof JournalEvent]: JournalEvent[Field] | null;
};

const SEEN = 'coalesce($1::text::pg_snapshot, pg_current_snapshot())';
const UNTIL = 'coalesce($2::text::pg_snapshot, pg_current_snapshot())';
/** The transactions that ran in `SEEN`; the planner can see how few they are. */
const RUNNING = `string_to_array(split_part($1::text, ':', 3), ',')::bigint[]`;
const xmaxOf = (snapshot: string) => `pg_snapshot_xmax(${snapshot})::text::bigint`;

/**
 * What one snapshot sees and an earlier one did not: rows of transactions that began after it, or that ran in it. An id says
 * nothing, because ids are taken before the commit.
 *
 * `pg_visible_in_snapshot` also leaves out rows of a restored dump, whose transaction ids are still ahead. The ids are
 * collected first, so that the planner cannot walk the primary key in search of the newest transactions.
 */
const READ = statement<Found>(
  `WITH place AS MATERIALIZED (
     SELECT ${UNTIL} AS until,
       pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(coalesce($2::text::pg_snapshot, ${SEEN})) AS restored
   ), waiting AS MATERIALIZED (
     SELECT w.id FROM (
       SELECT id, xid FROM events WHERE xid >= ${xmaxOf(SEEN)} AND xid < ${xmaxOf(UNTIL)}
       UNION ALL
       SELECT id, xid FROM events WHERE xid = ANY (${RUNNING})
     ) AS w, place
     WHERE w.id > $3::bigint AND pg_visible_in_snapshot(w.xid::text::xid8, place.until)
     LIMIT ${MOST_EVENTS + 1}
   )
   SELECT CASE WHEN place.restored THEN pg_current_snapshot() ELSE place.until END::text AS snapshot,
     place.restored AS "isRestored", (SELECT count(*) FROM waiting) AS waiting,
     e.id, e.xid, e.aggregate_type AS "aggregateType", e.aggregate_id AS "aggregateId", e.version, e.type, e.payload,
     e.created_at AS "createdAt"
   FROM place LEFT JOIN events e ON e.id = ANY (ARRAY(SELECT id FROM waiting ORDER BY id LIMIT ${PAGE_LENGTH}))
   ORDER BY e.id`,
  {
    snapshot: text,
    isRestored: boolean,
    waiting: integer,
    id: nullable(integer),
    xid: nullable(integer),
    aggregateType: nullable(text),
    aggregateId: nullable(uuid),
    version: nullable(integer),
    type: nullable(text),
    payload: nullable(json<Record<string, unknown>>()),
    createdAt: nullable(instant),
  },
);

/**
 * Reads the events that were committed since a place, each once and those of an aggregate in the order of their versions. One
 * statement, on the primary only: on a replica snapshots do not know the running transactions.
 *
 * @param query runs a statement on a connection outside a transaction, unprepared: a plan for all values would scan the table
 */
export async function readJournal(
  query: (text: string, values: unknown[]) => Promise<readonly unknown[]>,
  { cursor, backlog }: JournalPlace,
): Promise<JournalPage> {
  const values = [cursor ?? null, backlog?.until ?? null, backlog?.afterId ?? 0];
  const found = checkedRows(await query(READ.text, values), READ);
  const { snapshot, isRestored, waiting } = found[0]!;
  if (isRestored || waiting > MOST_EVENTS) {
    return { events: [], next: { cursor: snapshot }, hasMore: false, isInterrupted: true };
  }
  const events = found
    .filter((row): row is Found & JournalEvent => row.id !== null)
    .map(({ snapshot: _snapshot, isRestored: _isRestored, waiting: _waiting, ...event }) => event);
  const hasMore = waiting > events.length;
  // Without a cursor nothing waits.
  const next = hasMore
    ? { cursor: cursor!, backlog: { until: snapshot, afterId: events.at(-1)!.id } }
    : { cursor: snapshot };
  return { events, next, hasMore, isInterrupted: false };
}
