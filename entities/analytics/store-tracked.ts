import { randomBytes } from 'node:crypto';

import { addDays, type BusinessDay } from '../calendar/business-day';
import { bytes, integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { mayHaveMoved } from './tracked-event';
import type { TrackingEvent } from './tracking-event';

/** Rows are written in the same order by all processes, so that they do not wait for each other in circles. */
const STORE = statement<{ stored: number }>(
  `WITH stored AS (
     INSERT INTO tracking_events (day, event_id, session, name, props, at, weight)
     SELECT * FROM unnest($1::date[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[], $7::integer[])
     ORDER BY 1, 2
     ON CONFLICT DO NOTHING RETURNING session, at, weight
   ), present AS (
     INSERT INTO tracking_present (minute, session, weight)
     SELECT DISTINCT date_trunc('minute', at), session, weight FROM stored
     WHERE at BETWEEN now() - interval '10 minutes' AND now() + interval '1 minute'
     ORDER BY 1, 2
     ON CONFLICT DO NOTHING
   ) SELECT count(*)::integer AS stored FROM stored`,
  { stored: integer },
);

const KNOWN = statement<{ eventId: string }>(
  'SELECT event_id AS "eventId" FROM tracking_events WHERE day = ANY ($1::date[]) AND event_id = ANY ($2::uuid[])',
  { eventId: uuid },
);

/** Leaves out what was stored for the day before when that was the nearest to a clock that is wrong. Few clients have such a one. */
async function withoutKnown(
  transaction: Transaction,
  events: readonly TrackingEvent[],
  today: BusinessDay,
): Promise<readonly TrackingEvent[]> {
  const moved = events.filter((event) => mayHaveMoved(event, today));
  if (moved.length === 0) return events;
  const days = new Set(moved.map(({ day }) => addDays(day, -1)));
  const found = await rows(transaction, KNOWN, [[...days], moved.map(({ eventId }) => eventId)]);
  const known = new Set(found.map(({ eventId }) => eventId));
  return events.filter(({ eventId }) => !known.has(eventId));
}

/**
 * Stores what browsers told, with one statement, or two if a clock is a day off or more. What is stored already stays as it is.
 *
 * @param today when the events came
 */
export async function storeTracked(
  transaction: Transaction,
  told: readonly TrackingEvent[],
  today: BusinessDay,
): Promise<{ readonly stored: number }> {
  const events = await withoutKnown(transaction, told, today);
  return (await row(transaction, STORE, [
    events.map(({ day }) => day),
    events.map(({ eventId }) => eventId),
    events.map(({ session }) => session),
    events.map(({ name }) => name),
    events.map(({ props }) => JSON.stringify(props)),
    events.map(({ at }) => at.toISOString()),
    events.map(({ weight }) => weight),
  ]))!;
}

const NEW_SALT = statement(
  'INSERT INTO tracking_salts (day, salt) VALUES ($1::date, $2) ON CONFLICT DO NOTHING',
);
const SALT = statement<{ salt: Buffer }>('SELECT salt FROM tracking_salts WHERE day = $1::date', {
  salt: bytes,
});

/** What the sessions of a day are hashed with, in all processes. */
export async function saltOf(transaction: Transaction, day: BusinessDay): Promise<Buffer> {
  await rows(transaction, NEW_SALT, [day, randomBytes(32)]);
  return (await row(transaction, SALT, [day]))!.salt;
}
