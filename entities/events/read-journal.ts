import { boolean, instant, integer, json, nullable, text, uuid } from '../row-shape';
import { checkedRows, statement } from '../sql';
import type { ShopEvent } from './event';

const PAGE_LENGTH = 500;
/** A tail skips more than these. A durable reader takes about so many in a part. */
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
   * Whether events were or may have been skipped: the database is older than the cursor, because it was restored, or more than
   * 5,000 were waiting for {@link readJournal}. There are then no events, and `next` is now.
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
     LIMIT $4::integer
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
 * The snapshot at which the first part of a backlog ends. It has the transactions before the one of the event that is one too
 * many, or only that one where no other is before it.
 */
const FIRST_PART = statement<{ until: string }>(
  `WITH waiting AS MATERIALIZED (
     SELECT xid FROM events WHERE xid >= ${xmaxOf(SEEN)} AND xid < ${xmaxOf('$2::text::pg_snapshot')}
       AND pg_visible_in_snapshot(xid::text::xid8, $2::text::pg_snapshot)
     ORDER BY xid LIMIT $3::integer + 1
   ), bound AS (
     SELECT CASE
       WHEN count(*) <= $3 THEN ${xmaxOf('$2::text::pg_snapshot')}
       ELSE greatest(max(xid), min(xid) + 1)
     END AS xmax FROM waiting
   )
   SELECT least(pg_snapshot_xmin($2::text::pg_snapshot)::text::bigint, bound.xmax) || ':' || bound.xmax || ':' || (
     SELECT coalesce(string_agg(running::text, ',' ORDER BY running), '')
     FROM unnest(string_to_array(nullif(split_part($2::text, ':', 3), ''), ',')::bigint[]) AS running
     WHERE running < bound.xmax
   ) AS until
   FROM bound`,
  { until: text },
);

/** Runs a statement on a connection outside a transaction, unprepared: a plan for all values would scan the table. */
type RunRead = (text: string, values: unknown[]) => Promise<readonly unknown[]>;

/**
 * Reads the events that were committed since a place, each once and those of an aggregate in the order of their versions. One
 * statement, on the primary only: on a replica snapshots do not know the running transactions.
 */
export async function readJournal(query: RunRead, place: JournalPlace): Promise<JournalPage> {
  const found = await read(query, place, MOST_EVENTS + 1);
  const { snapshot, isRestored, waiting } = found[0]!;
  return isRestored || waiting > MOST_EVENTS ? interruptedAt(snapshot) : pageOf(found, place);
}

/**
 * {@link readJournal} for a durable reader, which may be away for days: it skips nothing. A backlog of more than 5,000 events is
 * cut into parts of about that many by transaction, and the cursor moves with each part. Events of one aggregate whose
 * transactions overlapped may then arrive in another order than that of their versions.
 */
export async function readWholeJournal(query: RunRead, place: JournalPlace): Promise<JournalPage> {
  // A part is as large as its largest transaction, so it has no limit.
  const found = await read(query, place, place.backlog ? null : MOST_EVENTS + 1);
  const { snapshot, isRestored, waiting } = found[0]!;
  if (isRestored) return interruptedAt(snapshot);
  if (place.backlog) return { ...pageOf(found, place), hasMore: true };
  if (waiting <= MOST_EVENTS) return pageOf(found, place);

  const [part] = checkedRows(await query(FIRST_PART.text, [place.cursor, snapshot, MOST_EVENTS]), FIRST_PART);
  const first = await read(query, { ...place, backlog: { until: part!.until, afterId: 0 } }, null);
  return first[0]!.isRestored
    ? interruptedAt(first[0]!.snapshot)
    : { ...pageOf(first, place), hasMore: true };
}

async function read(
  query: RunRead,
  { cursor, backlog }: JournalPlace,
  most: number | null,
): Promise<Found[]> {
  const values = [cursor ?? null, backlog?.until ?? null, backlog?.afterId ?? 0, most];
  return checkedRows(await query(READ.text, values), READ);
}

const interruptedAt = (cursor: string): JournalPage => ({
  events: [],
  next: { cursor },
  hasMore: false,
  isInterrupted: true,
});

/** What was found, at most a page of it. */
function pageOf(found: readonly Found[], { cursor }: JournalPlace): JournalPage {
  const { snapshot, waiting } = found[0]!;
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
