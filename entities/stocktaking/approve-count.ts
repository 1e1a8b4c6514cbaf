import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { bookLocked } from '../inventory/book-stock';
import { lockLevels } from '../inventory/lock-levels';
import { refuseShortages } from '../inventory/refuse-shortages';
import { uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import {
  CORRECTED_SINCE,
  lockCount,
  readCountLines,
  requireCount,
  type CountLineState,
  type CountState,
} from './read-counts';
import { STOCK_COUNT } from './stocktaking.events';

/** Up to which differences whoever has counted may approve the own count. */
export interface OwnApproval {
  /** Units of all differences, whatever their sign. */
  readonly mostUnits: number;
  /** Their value at the present prices, in rials. */
  readonly mostValue: number;
}

const APPROVE = statement(
  `UPDATE stock_counts SET status = 'approved', ended_by = $2, ended_at = now() WHERE id = $1`,
);

const OUTDATED = statement<{ variantId: string }>(
  `SELECT l.variant_id AS "variantId" FROM stock_count_lines l JOIN stock_counts c ON c.id = l.count_id
   WHERE l.count_id = $1 AND ${CORRECTED_SINCE} LIMIT 1`,
  { variantId: uuid },
);

/**
 * Books the differences of a count: units counted, less those sold and not shipped, less those that were on hand, all of the
 * moment at which the line began. A repetition is answered with the count as it is.
 *
 * @param approval `seen` is the version whose differences the approver has read
 * @throws AppError `count.not_found`, `count.over`, `count.changed`, `count.unfinished`, `count.another_must_approve`,
 * `count.corrected_since` with a variant, `stock.too_many_units`, `stock.below_reserved` with the levels and the orders that hold their goods, `auth.session_over`
 */
export async function approveCount(
  transaction: Transaction,
  actor: Actor,
  { id, seen, own }: { readonly id: string; readonly seen: number; readonly own: OwnApproval },
): Promise<CountState> {
  const count = await lockCount(transaction, id);
  if (count.status === 'approved' && count.version > seen) return count;
  assertThat(count.status === 'open' || count.status === 'counting', 'count.over');
  assertThat(count.version === seen, 'count.changed', { version: count.version });

  const lines = await readCountLines(transaction, id);
  const isFinished = lines.length > 0 && lines.every(({ counted }) => counted !== null);
  assertThat(isFinished, 'count.unfinished');
  refuseOwn(actor, count, lines, own);

  const { locationId } = count;
  const differing = lines.filter(({ difference }) => difference !== 0);
  const deltas = new Map(differing.map(({ variantId, difference }) => [variantId, difference!]));
  const levels = await lockLevels(
    transaction,
    differing.map(({ variantId }) => ({ variantId, locationId })),
  );
  // After the locks, so that a correction that is being booked is seen.
  const outdated = await row(transaction, OUTDATED, [id]);
  assertThat(!outdated, 'count.corrected_since', { variantId: outdated?.variantId ?? '' });
  const changes = levels.map((level) => ({ level, delta: deltas.get(level.variantId)! }));
  await refuseShortages(transaction, 'stock.below_reserved', changes);
  await bookLocked(
    transaction,
    changes.map(({ level: { variantId }, delta }) => ({
      ...{ variantId, locationId, delta, reason: 'correction' as const, cause: 'count' as const },
      ...{ ref: id, actorId: actor.accountId },
    })),
  );
  await rows(transaction, APPROVE, [id, actor.accountId]);
  await recordEvents(transaction, STOCK_COUNT, id, {
    type: 'count.approved',
    payload: { lines: lines.length, units: unitsOf(lines) },
  });
  await audited(transaction, actor, {
    action: 'stock.approve',
    object: { type: 'stock_count', id },
    details: { lines: lines.length, units: unitsOf(lines), value: valueOf(lines) },
  });
  return requireCount(transaction, id);
}

/** The units of all differences, whatever their sign. */
export function unitsOf(lines: readonly CountLineState[]): number {
  return lines.reduce((sum, { difference }) => sum + Math.abs(difference ?? 0), 0);
}

/** The value of all differences at the present prices, in rials, whatever their sign. It may exceed what a number says exactly. */
export function valueOf(lines: readonly CountLineState[]): number {
  return lines.reduce((sum, { difference, price }) => sum + Math.abs(difference ?? 0) * price, 0);
}

function refuseOwn(
  { accountId }: Actor,
  { createdBy }: CountState,
  lines: readonly CountLineState[],
  { mostUnits, mostValue }: OwnApproval,
): void {
  const isOwn = createdBy === accountId || lines.some(({ countedBy }) => countedBy === accountId);
  const isLarge = unitsOf(lines) > mostUnits || valueOf(lines) > mostValue;
  assertThat(!(isOwn && isLarge), 'count.another_must_approve', { limit: mostUnits, units: unitsOf(lines) });
}
