import { rows, type Transaction } from '../sql';
import type { Aggregate, EventOf } from './aggregate';

/**
 * Records events of an aggregate in the transaction of the change, in one statement. Each gets the next version, counted on
 * the aggregate's own row: versions have no gaps, and no two writers share one. Without such a row nothing is recorded.
 */
export async function recordEvents<Events extends object>(
  transaction: Transaction,
  { type, table }: Aggregate<Events>,
  id: string,
  ...events: readonly EventOf<NoInfer<Events>>[]
): Promise<void> {
  const text = `WITH counted AS (
      UPDATE ${table} SET version = version + jsonb_array_length($2::jsonb) WHERE id = $1 RETURNING version
    )
    INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
    SELECT '${type}', $1, counted.version - jsonb_array_length($2::jsonb) + e.place, e.event ->> 'type', e.event -> 'payload'
    FROM counted, jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e(event, place)
    ORDER BY e.place`;
  await rows(transaction, { text, shape: {} }, [id, JSON.stringify(events)]);
  announceEvents(transaction);
}

/**
 * Marks a transaction that writes events: once it has committed, the readers of the journal are woken. Call it where a row
 * trigger may write them. An unmarked event is read too, by the next poll.
 */
export function announceEvents({ queryRunner }: Transaction): void {
  // `withTransaction` reads the mark. No room may import the other, so the name is all they share.
  if (queryRunner) queryRunner.data.hasEvents = true;
}
