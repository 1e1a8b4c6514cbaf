import type { JournalEvent } from '../events/read-journal';
import { integer, json, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';

/** Temporal accepts ids of so many bytes; a longer one, which it refuses, is parked by its beginning. */
export const LONGEST_TARGET = 1_000;
const LONGEST_REASON = 500;

/** A signal that cannot be delivered, and why. */
export interface Undeliverable {
  readonly eventId: number;
  readonly workflow: string;
  /** At most {@link LONGEST_TARGET} characters. */
  readonly target: string;
  readonly reason: string;
}

const PARK = statement(
  `INSERT INTO relay_parked AS known (id, event_id, workflow, target, reason)
   SELECT id, "eventId", workflow, target, left(reason, ${LONGEST_REASON})
   FROM jsonb_to_recordset($1::jsonb) AS signal(id uuid, "eventId" bigint, workflow text, target text, reason text)
   ON CONFLICT (workflow, target) DO UPDATE
   SET event_id = excluded.event_id, reason = excluded.reason, times = known.times + 1, parked_at = now(),
     retry_requested_at = NULL`,
);

/** Parks signals, each to another target. One that is parked already waits on with the newer event. */
export async function parkSignals(
  transaction: Transaction,
  signals: readonly Undeliverable[],
): Promise<void> {
  if (signals.length === 0) return;
  await rows(transaction, PARK, [JSON.stringify(signals.map((signal) => ({ id: newId(), ...signal })))]);
}

/** A parked signal that a person wants to be tried again, with its event. That is null once it was removed. */
export interface RequestedRetry {
  readonly id: string;
  readonly eventId: number;
  readonly workflow: string;
  readonly target: string;
  readonly event: Pick<JournalEvent, 'id' | 'aggregateType' | 'aggregateId' | 'type' | 'payload'> | null;
}

type Found = Omit<RequestedRetry, 'event'> & {
  readonly aggregateType: string | null;
  readonly aggregateId: string | null;
  readonly type: string | null;
  readonly payload: Record<string, unknown> | null;
};

const RETRIES = statement<Found>(
  `SELECT p.id, p.event_id AS "eventId", p.workflow, p.target, e.aggregate_type AS "aggregateType",
     e.aggregate_id AS "aggregateId", e.type, e.payload
   FROM relay_parked p LEFT JOIN events e ON e.id = p.event_id
   WHERE p.retry_requested_at IS NOT NULL ORDER BY p.id LIMIT $1`,
  {
    id: uuid,
    eventId: integer,
    workflow: text,
    target: text,
    aggregateType: nullable(text),
    aggregateId: nullable(uuid),
    type: nullable(text),
    payload: nullable(json<Record<string, unknown>>()),
  },
);

/** The parked signals that are to be tried again, the oldest first. */
export async function readRequestedRetries(manager: Transaction, limit: number): Promise<RequestedRetry[]> {
  const found = await rows(manager, RETRIES, [limit]);
  return found.map(({ aggregateType, aggregateId, type, payload, ...retry }) => ({
    ...retry,
    event:
      aggregateType === null
        ? null
        : {
            id: retry.eventId,
            aggregateType,
            aggregateId: aggregateId!,
            type: type!,
            payload: payload!,
          },
  }));
}

const DELIVERED = statement('DELETE FROM relay_parked WHERE id = $1 AND event_id = $2');

/** Forgets a parked signal that was delivered, unless a newer event of the same target was parked meanwhile. */
export async function forgetDelivered(
  transaction: Transaction,
  { id, eventId }: Pick<RequestedRetry, 'id' | 'eventId'>,
): Promise<void> {
  await rows(transaction, DELIVERED, [id, eventId]);
}

interface ParkedCount {
  readonly parked: number;
  readonly toRetry: number;
}

const COUNT = statement<ParkedCount>(
  'SELECT count(*) AS parked, count(retry_requested_at) AS "toRetry" FROM relay_parked',
  { parked: integer, toRetry: integer },
);

/** How many signals are parked, and how many of them are to be tried again. */
export async function countParked(manager: Transaction): Promise<ParkedCount> {
  const [found] = await rows(manager, COUNT);
  return found!;
}
