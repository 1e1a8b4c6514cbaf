import { rows, type Transaction } from '../sql';
import type { OrderEvent } from './order-events';

/**
 * Writes events of an order in the transaction of the change, each with the next version. The version is counted on the
 * order's own row, so there are no gaps and no two writers share one.
 */
export async function recordOrderEvents(
  transaction: Transaction,
  orderId: string,
  ...events: readonly OrderEvent[]
): Promise<void> {
  await rows(
    transaction,
    `WITH counted AS (
       UPDATE orders SET version = version + jsonb_array_length($2::jsonb) WHERE id = $1 RETURNING version
     )
     INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
     SELECT 'order', $1, counted.version - jsonb_array_length($2::jsonb) + e.place, e.event ->> 'type', e.event -> 'payload'
     FROM counted, jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e(event, place)
     ORDER BY e.place`,
    [orderId, JSON.stringify(events)],
  );
}
