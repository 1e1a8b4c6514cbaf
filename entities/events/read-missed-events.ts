import type { EntityManager } from 'typeorm';

import { instant, integer, json, nullable, text } from '../row-shape';
import { rows, statement } from '../sql';
import type { Aggregate } from './aggregate';
import type { RecordedEvent } from './read-events';

/** What a reader of one aggregate has missed. */
export interface MissedEvents {
  /** The oldest ones after its version, without gaps. */
  readonly events: readonly RecordedEvent[];
  /** Whether there are more of them. */
  readonly more: boolean;
  /** The version of the aggregate's newest event; 0 without one. */
  readonly newest: number;
  /**
   * Whether the reader cannot resume: its version is ahead of the journal, which was restored, or what follows it was removed
   * as too old. There are then no events.
   */
  readonly reset: boolean;
}

type Found = { newest: number } & { [Field in keyof RecordedEvent]: RecordedEvent[Field] | null };

const READ = statement<Found>(
  `SELECT n.newest, e.version, e.type, e.payload, e.created_at AS "createdAt"
   FROM (
     SELECT coalesce(max(version), 0) AS newest FROM events WHERE aggregate_type = $1 AND aggregate_id = $2
   ) AS n LEFT JOIN LATERAL (
     SELECT version, type, payload, created_at FROM events
     WHERE aggregate_type = $1 AND aggregate_id = $2 AND version > $3 ORDER BY version LIMIT $4
   ) AS e ON true
   ORDER BY e.version`,
  {
    newest: integer,
    version: nullable(integer),
    type: nullable(text),
    payload: nullable(json<Record<string, unknown>>()),
    createdAt: nullable(instant),
  },
);

/** Reads what happened to an aggregate after a version, oldest first, in one statement. */
export async function readMissedEvents(
  manager: EntityManager,
  { type }: Aggregate<object>,
  id: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<MissedEvents> {
  const found = await rows(manager, READ, [type, id, after, limit + 1]);
  const newest = found[0]!.newest;
  const events = found.filter((event): event is Found & RecordedEvent => event.version !== null);
  const first = events[0]?.version ?? after + 1;
  if (after > newest || first !== after + 1) return { events: [], more: false, newest, reset: true };
  return {
    events: events
      .slice(0, limit)
      .map(({ version, type, payload, createdAt }) => ({ version, type, payload, createdAt })),
    more: events.length > limit,
    newest,
    reset: false,
  };
}
