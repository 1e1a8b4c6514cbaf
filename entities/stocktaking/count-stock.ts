import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { requireLocation } from '../inventory/change-location';
import { lockLevel } from '../inventory/lock-levels';
import { refuseTooManyUnits } from '../inventory/refuse-shortages';
import { integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { findCount, lockCount, MOST_COUNT_LINES, requireCount, type CountState } from './read-counts';
import { STOCK_COUNT } from './stocktaking.events';

const INSERT = statement<{ id: string }>(
  `INSERT INTO stock_counts (id, location_id, note, created_by) VALUES ($1, $2, $3, $4)
   ON CONFLICT DO NOTHING RETURNING id`,
  { id: uuid },
);
const BEGIN = statement(`UPDATE stock_counts SET status = 'counting' WHERE id = $1 AND status = 'open'`);
const CANCEL = statement(
  `UPDATE stock_counts SET status = 'cancelled', ended_by = $2, ended_at = now() WHERE id = $1`,
);
const FIND_VARIANT = statement<{ id: string }>('SELECT id FROM variants WHERE id = $1', { id: uuid });
const FIND_LINE = statement<{ variantId: string }>(
  'SELECT variant_id AS "variantId" FROM stock_count_lines WHERE count_id = $1 AND variant_id = $2',
  { variantId: uuid },
);

/** What the shop believes at this moment. The level is locked, so that number and sold units belong together. */
const BEGIN_LINE = statement(
  `INSERT INTO stock_count_lines AS line (count_id, variant_id, counted_by, seq_seen, unshipped_seen)
   SELECT $1, $2, $3, l.movement_seq, (
     SELECT coalesce(sum(r.quantity - r.shipped), 0) FROM reservations r
     WHERE (r.variant_id, r.location_id) = (l.variant_id, l.location_id)
       AND r.state = 'committed' AND r.shipped < r.quantity)
   FROM stock_levels l WHERE (l.variant_id, l.location_id) = ($2, $4)
   ON CONFLICT (count_id, variant_id) DO UPDATE
   SET counted_by = excluded.counted_by, seq_seen = excluded.seq_seen, unshipped_seen = excluded.unshipped_seen,
     counted = NULL, counted_at = NULL`,
);
const COUNT_LINE = statement(
  `UPDATE stock_count_lines SET counted = $3, counted_by = $4, counted_at = now()
   WHERE count_id = $1 AND variant_id = $2`,
);
const REMOVE_LINE = statement<{ count: number }>(
  'DELETE FROM stock_count_lines WHERE count_id = $1 AND variant_id = $2 RETURNING 1 AS count',
  { count: integer },
);

/**
 * Opens a count of a location. A repetition with the same id changes nothing.
 *
 * @throws AppError `stock.location_not_found`, `count.location_busy`, `auth.session_over`
 */
export async function openCount(
  transaction: Transaction,
  actor: Actor,
  {
    id,
    locationId,
    note,
  }: { readonly id: string; readonly locationId: string; readonly note: string | null },
): Promise<{ readonly count: CountState; readonly isNew: boolean }> {
  await requireLocation(transaction, locationId);
  const isNew = (await row(transaction, INSERT, [id, locationId, note, actor.accountId])) !== undefined;
  if (isNew) {
    await recordEvents(transaction, STOCK_COUNT, id, { type: 'count.opened', payload: { locationId } });
    await record(transaction, actor, id, { did: 'open', locationId });
  }
  const count = await findCount(transaction, id);
  assertThat(count, 'count.location_busy');
  assertThat(count.locationId === locationId, 'request.idempotency_key_reused');
  return { count, isNew };
}

/** A variant that somebody counts. */
export interface CountedLine {
  readonly countId: string;
  readonly variantId: string;
  /** Units on the shelf, sold ones too. Null: somebody begins to count now. */
  readonly counted: number | null;
}

/**
 * Notes what somebody has counted, or begins to. The units on the shelf are compared with what the shop believed when the line
 * began, so that what is sold, received or shipped afterwards survives. Without a beginning the line begins now.
 *
 * @throws AppError `count.not_found`, `count.over`, `count.too_many_lines`, `catalog.variant_not_found`,
 * `stock.too_many_units`, `auth.session_over`
 */
export async function countLine(
  transaction: Transaction,
  actor: Actor,
  { countId, variantId, counted }: CountedLine,
): Promise<CountState> {
  refuseTooManyUnits(variantId, counted ?? 0);
  const { locationId, lines } = await lockRunning(transaction, countId);
  assertThat(await row(transaction, FIND_VARIANT, [variantId]), 'catalog.variant_not_found', { variantId });
  const isThere = (await row(transaction, FIND_LINE, [countId, variantId])) !== undefined;
  assertThat(isThere || lines < MOST_COUNT_LINES, 'count.too_many_lines', { limit: MOST_COUNT_LINES });
  if (!isThere || counted === null) {
    await lockLevel(transaction, { variantId, locationId });
    await rows(transaction, BEGIN_LINE, [countId, variantId, actor.accountId, locationId]);
  }
  if (counted !== null) {
    await rows(transaction, COUNT_LINE, [countId, variantId, counted, actor.accountId]);
  }
  await rows(transaction, BEGIN, [countId]);
  await recordEvents(transaction, STOCK_COUNT, countId, {
    type: 'count.line_changed',
    payload: { variantId, counted },
  });
  await record(transaction, actor, countId, { did: 'count', variantId, counted });
  return requireCount(transaction, countId);
}

/**
 * Takes a variant out of a count. One that is not in it changes nothing.
 *
 * @throws AppError `count.not_found`, `count.over`, `auth.session_over`
 */
export async function removeCountLine(
  transaction: Transaction,
  actor: Actor,
  { countId, variantId }: Omit<CountedLine, 'counted'>,
): Promise<CountState> {
  await lockRunning(transaction, countId);
  if (await row(transaction, REMOVE_LINE, [countId, variantId])) {
    await recordEvents(transaction, STOCK_COUNT, countId, {
      type: 'count.line_removed',
      payload: { variantId },
    });
    await record(transaction, actor, countId, { did: 'remove', variantId });
  }
  return requireCount(transaction, countId);
}

/**
 * Ends a count without booking anything. A repetition changes nothing.
 *
 * @throws AppError `count.not_found`, `count.over` once it was approved, `auth.session_over`
 */
export async function cancelCount(
  transaction: Transaction,
  actor: Actor,
  countId: string,
): Promise<CountState> {
  const count = await lockCount(transaction, countId);
  if (count.status === 'cancelled') return count;
  assertThat(count.status !== 'approved', 'count.over');
  await rows(transaction, CANCEL, [countId, actor.accountId]);
  await recordEvents(transaction, STOCK_COUNT, countId, { type: 'count.cancelled', payload: {} });
  await record(transaction, actor, countId, { did: 'cancel' });
  return requireCount(transaction, countId);
}

async function lockRunning(transaction: Transaction, countId: string): Promise<CountState> {
  const count = await lockCount(transaction, countId);
  assertThat(count.status === 'open' || count.status === 'counting', 'count.over');
  return count;
}

function record(
  transaction: Transaction,
  actor: Actor,
  id: string,
  details: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  return audited(transaction, actor, {
    action: 'stock.count',
    object: { type: 'stock_count', id },
    details,
  });
}
