import { assertThat } from '../errors';
import { instant, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import type { ParkedSignal } from './parked-signal';

const COLUMNS = `id, event_id AS "eventId", workflow, target, reason, times, parked_at AS "parkedAt",
  retry_requested_at AS "retryRequestedAt"`;
const SHAPE = {
  id: uuid,
  eventId: integer,
  workflow: text,
  target: text,
  reason: text,
  times: integer,
  parkedAt: instant,
  retryRequestedAt: nullable(instant),
};

const READ = statement<ParkedSignal>(
  `SELECT ${COLUMNS} FROM relay_parked WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
  SHAPE,
);

/** The signals that the relay has parked, those that have waited longest first. */
export function readParked(
  manager: Transaction,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<ParkedSignal[]> {
  return rows(manager, READ, [after, limit]);
}

const RETRY = statement<ParkedSignal>(
  `UPDATE relay_parked SET retry_requested_at = coalesce(retry_requested_at, now()) WHERE id = $1 RETURNING ${COLUMNS}`,
  SHAPE,
);

/**
 * Asks the relay to try a parked signal again. It stays parked until it is delivered.
 *
 * @throws AppError `relay.not_parked`
 */
export async function retryParked(transaction: Transaction, actor: Actor, id: string): Promise<ParkedSignal> {
  const parked = await row(transaction, RETRY, [id]);
  assertThat(parked, 'relay.not_parked');
  await audited(transaction, actor, {
    action: 'relay.retry',
    object: { type: 'parked_signal', id },
    details: detailsOf(parked),
  });
  return parked;
}

const DROP = statement<ParkedSignal>(`DELETE FROM relay_parked WHERE id = $1 RETURNING ${COLUMNS}`, SHAPE);

/**
 * Drops a parked signal: its workflow never hears of the event.
 *
 * @throws AppError `relay.not_parked`
 */
export async function dropParked(transaction: Transaction, actor: Actor, id: string): Promise<void> {
  const parked = await row(transaction, DROP, [id]);
  assertThat(parked, 'relay.not_parked');
  await audited(transaction, actor, {
    action: 'relay.drop',
    object: { type: 'parked_signal', id },
    details: detailsOf(parked),
  });
}

const detailsOf = ({ eventId, workflow, target }: ParkedSignal) => ({ eventId, workflow, target });
