import { integer, json, text, uuid } from '../row-shape';
import { checkedRows, statement } from '../sql';
import type { JournalEvent } from './read-journal';

/** What an event says and of what, for those who need no order. */
export type LatestEvent = Pick<JournalEvent, 'xid' | 'aggregateType' | 'aggregateId' | 'type' | 'payload'>;

// A restored dump has events whose transactions are still ahead.
const LATEST = statement<LatestEvent>(
  `SELECT xid, aggregate_type AS "aggregateType", aggregate_id AS "aggregateId", type, payload FROM events
   WHERE xid < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
   ORDER BY xid DESC LIMIT $1`,
  {
    xid: integer,
    aggregateType: text,
    aggregateId: uuid,
    type: text,
    payload: json<Record<string, unknown>>(),
  },
);

const EPOCH = statement<{ epoch: string }>(
  `SELECT concat_ws('-', s.system_identifier, c.timeline_id, d.oid, 'events'::regclass::oid, pg_relation_filenode('events')) AS epoch
   FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()`,
  { epoch: text },
);

type Query = (text: string, values: unknown[]) => Promise<readonly unknown[]>;

/** The events of the last transactions, the newest first. */
export async function readLatestEvents(query: Query, most: number): Promise<LatestEvent[]> {
  return checkedRows(await query(LATEST.text, [most]), LATEST);
}

/**
 * Names the database as it is. After a restore it has another name, be it another server, a point in the past, or a dump in the same
 * place. Snapshots of two epochs cannot be compared.
 */
export async function readEpoch(query: Query): Promise<string> {
  const [found] = checkedRows(await query(EPOCH.text, []), EPOCH);
  return found!.epoch;
}
