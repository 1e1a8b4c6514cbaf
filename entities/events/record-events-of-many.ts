import { rows, type Transaction } from '../sql';
import type { Aggregate, EventOf } from './aggregate';
import { announceEvents } from './record-events';

/**
 * `recordEvents` for many aggregates of a kind in one statement. The rows of all of them are locked already, in one order, or two
 * such statements could deadlock.
 */
export async function recordEventsOfMany<Events extends object>(
  transaction: Transaction,
  { type, table }: Aggregate<Events>,
  events: readonly { readonly id: string; readonly event: EventOf<NoInfer<Events>> }[],
): Promise<void> {
  if (events.length === 0) return;
  const text = `WITH told AS (
      SELECT e.id, e.event, place, row_number() OVER (PARTITION BY e.id ORDER BY place) AS number,
        count(*) OVER (PARTITION BY e.id) AS total
      FROM ROWS FROM (jsonb_to_recordset($1) AS (id uuid, event jsonb)) WITH ORDINALITY AS e(id, event, place)
    ), counted AS (
      UPDATE ${table} a SET version = a.version + t.total FROM (SELECT DISTINCT id, total FROM told) AS t
      WHERE a.id = t.id RETURNING a.id, a.version
    )
    INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
    SELECT '${type}', t.id, c.version - t.total + t.number, t.event ->> 'type', t.event -> 'payload'
    FROM told t JOIN counted c ON c.id = t.id ORDER BY t.place`;
  await rows(transaction, { text, shape: {} }, [JSON.stringify(events)]);
  announceEvents(transaction);
}
