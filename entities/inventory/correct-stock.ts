import { assertThat } from '../errors';
import { integer, nullable, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { bookLocked, type StockBooking } from './book-stock';
import { requireLocation } from './change-location';
import { lockLevel, type LevelKey, type LockedLevel } from './lock-levels';
import { refuseShortages } from './refuse-shortages';
import type { CorrectionCause, MovementReason } from './stock-movement';

/** What staff book of a level. */
export interface BookByStaff extends LevelKey {
  /** The client's name of this act, which is booked once. */
  readonly ref: string;
  readonly reason: Extract<MovementReason, 'received' | 'return' | 'correction'>;
  /** Of a correction, and only of one. */
  readonly cause?: CorrectionCause | undefined;
  /** Units in (positive) or out (negative), not zero. */
  readonly delta: number;
  readonly note?: string | undefined;
}

/** The stock of a level as somebody has seen it, and as it shall be. */
export interface SetByStaff extends LevelKey {
  readonly ref: string;
  /** The units on hand that the caller has seen. */
  readonly seen: number;
  readonly onHand: number;
  readonly cause: CorrectionCause;
  readonly note?: string | undefined;
}

/** What became of a level. */
export interface BookedLevel extends LevelKey {
  readonly onHand: number;
  readonly reserved: number;
  /** The number of its last movement. */
  readonly seq: number;
}

const VARIANT = statement<{ status: string }>('SELECT status FROM variants WHERE id = $1', { status: text });

interface Booked extends LevelKey {
  readonly reason: string;
  readonly cause: string | null;
  readonly delta: number;
  readonly onHandAfter: number;
}

const FIND_ACT = statement<Booked>(
  `SELECT variant_id AS "variantId", location_id AS "locationId", reason, cause, delta, on_hand_after AS "onHandAfter"
   FROM stock_movements WHERE ref = $1 AND reason IN ('received', 'return', 'correction') LIMIT 1`,
  {
    variantId: uuid,
    locationId: uuid,
    reason: text,
    cause: nullable(text),
    delta: integer,
    onHandAfter: integer,
  },
);

/**
 * Books a receipt, a return or a correction. A repetition with the same `ref` changes nothing.
 *
 * @throws AppError `catalog.variant_not_found`, `stock.location_not_found`, `stock.variant_retired`, `stock.below_reserved`,
 * `stock.too_many_units`, `request.idempotency_key_reused` when the ref names another act, `auth.session_over`
 */
export async function bookByStaff(
  transaction: Transaction,
  actor: Actor,
  act: BookByStaff,
): Promise<BookedLevel> {
  const { level, booked, isRetired } = await openLevel(transaction, act);
  if (booked) return repeated(level, isSameAct(booked, act) && booked.delta === act.delta);
  assertThat(act.reason !== 'received' || !isRetired, 'stock.variant_retired', { variantId: act.variantId });
  return book(transaction, actor, level, act);
}

/**
 * Sets the units on hand, unless they are no longer what the caller has seen.
 *
 * @throws AppError `stock.moved` with the present units, and those of {@link bookByStaff}
 */
export async function setByStaff(
  transaction: Transaction,
  actor: Actor,
  { seen, onHand, ...rest }: SetByStaff,
): Promise<BookedLevel> {
  const act = { ...rest, reason: 'correction' as const };
  const { level, booked } = await openLevel(transaction, act);
  if (booked) return repeated(level, isSameAct(booked, act) && booked.onHandAfter === onHand);
  assertThat(level.onHand === seen, 'stock.moved', { variantId: level.variantId, onHand: level.onHand });
  if (onHand === seen) return presentLevel(level);
  return book(transaction, actor, level, { ...act, delta: onHand - seen });
}

/** Locks the level and finds what was booked under the ref before. */
async function openLevel(transaction: Transaction, { ref, ...key }: LevelKey & { readonly ref: string }) {
  const variant = await row(transaction, VARIANT, [key.variantId]);
  assertThat(variant, 'catalog.variant_not_found', { variantId: key.variantId });
  await requireLocation(transaction, key.locationId);
  const level = await lockLevel(transaction, key);
  const booked = await row(transaction, FIND_ACT, [ref]);
  return { level, booked, isRetired: variant.status === 'retired' };
}

const isSameAct = (booked: Booked, act: Omit<BookByStaff, 'delta'>) =>
  booked.variantId === act.variantId &&
  booked.locationId === act.locationId &&
  booked.reason === act.reason &&
  booked.cause === (act.cause ?? null);

function repeated(level: LockedLevel, isSame: boolean): BookedLevel {
  assertThat(isSame, 'request.idempotency_key_reused');
  return presentLevel(level);
}

async function book(
  transaction: Transaction,
  actor: Actor,
  level: LockedLevel,
  act: BookByStaff,
): Promise<BookedLevel> {
  await refuseShortages(transaction, 'stock.below_reserved', [{ level, delta: act.delta }]);
  const { variantId, locationId, reason, ref, delta, cause, note } = act;
  const booking: StockBooking = {
    ...{ variantId, locationId, reason, ref, delta, actorId: actor.accountId },
    ...(cause === undefined ? {} : { cause }),
    ...(note === undefined ? {} : { note }),
  };
  await bookLocked(transaction, [booking]);
  await audited(transaction, actor, {
    action: 'stock.change',
    object: { type: 'stock_level', id: level.id },
    details: { variantId, locationId, reason, delta, cause: cause ?? null },
  });
  return presentLevel({ ...level, onHand: level.onHand + delta, seq: level.seq + 1 });
}

function presentLevel({ variantId, locationId, onHand, reserved, seq }: LockedLevel): BookedLevel {
  return { variantId, locationId, onHand, reserved, seq };
}
