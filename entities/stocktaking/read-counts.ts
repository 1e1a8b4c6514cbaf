import type { EntityManager } from 'typeorm';

import { PRICE_IN_FORCE } from '../catalog/price-in-force';
import { AppError } from '../errors';
import { boolean, instant, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { CountStatus } from './count-status';

/** The most lines that one count may have. */
export const MOST_COUNT_LINES = 2_000;

/** A count, as staff see it. */
export interface CountState {
  readonly id: string;
  readonly number: number;
  readonly locationId: string;
  readonly status: CountStatus;
  readonly note: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedBy: string | null;
  readonly endedAt: Date | null;
  readonly version: number;
  /** How many variants it has. */
  readonly lines: number;
}

/** A variant in a count. */
export interface CountLineState {
  readonly variantId: string;
  readonly sku: string;
  /** Rials. */
  readonly price: number;
  /** What should have lain on the shelf when somebody began to count: on hand, and sold but not shipped. */
  readonly expected: number;
  /** Null until somebody has counted. */
  readonly counted: number | null;
  /** What approving would book. */
  readonly difference: number | null;
  readonly countedBy: string;
  /**
   * Somebody has corrected the stock since the line began. Nobody knows whether the counter has seen that, so the line must begin
   * again. Never of a count that has ended.
   */
  readonly isOutdated: boolean;
  /** At present. */
  readonly onHand: number;
  readonly reserved: number;
}

const COUNT = {
  id: uuid,
  number: integer,
  locationId: uuid,
  status: text,
  note: nullable(text),
  createdBy: uuid,
  createdAt: instant,
  endedBy: nullable(uuid),
  endedAt: nullable(instant),
  version: integer,
  lines: integer,
} as const;

const SELECT = `SELECT c.id, c.number, c.location_id AS "locationId", c.status, c.note, c.created_by AS "createdBy",
    c.created_at AS "createdAt", c.ended_by AS "endedBy", c.ended_at AS "endedAt", c.version,
    (SELECT count(*)::integer FROM stock_count_lines l WHERE l.count_id = c.id) AS lines
  FROM stock_counts c`;

const ONE = statement<CountState>(`${SELECT} WHERE c.id = $1`, COUNT);
const LIST = statement<CountState>(
  `${SELECT} WHERE c.number < $1 AND ($2::uuid IS NULL OR c.location_id = $2) ORDER BY c.number DESC LIMIT $3`,
  COUNT,
);
const LOCK = statement<{ id: string }>('SELECT id FROM stock_counts WHERE id = $1 FOR UPDATE', { id: uuid });

/** In SQL: whether the stock of a line `l` of a count `c` was corrected since the line began. */
export const CORRECTED_SINCE = `EXISTS (
  SELECT FROM stock_movements later
  WHERE (later.variant_id, later.location_id) = (l.variant_id, c.location_id) AND later.seq > l.seq_seen
    AND later.reason = 'correction')`;

const LINES = statement<CountLineState>(
  `SELECT l.variant_id AS "variantId", v.sku, ${PRICE_IN_FORCE('v')} AS price, coalesce(m.on_hand_after, 0) + l.unshipped_seen AS expected,
     l.counted, l.counted - l.unshipped_seen - coalesce(m.on_hand_after, 0) AS difference, l.counted_by AS "countedBy",
     s.on_hand AS "onHand", s.reserved, c.status IN ('open', 'counting') AND ${CORRECTED_SINCE} AS "isOutdated"
   FROM stock_count_lines l JOIN stock_counts c ON c.id = l.count_id JOIN variants v ON v.id = l.variant_id
     JOIN stock_levels s ON (s.variant_id, s.location_id) = (l.variant_id, c.location_id)
     LEFT JOIN stock_movements m ON (m.variant_id, m.location_id, m.seq) = (l.variant_id, c.location_id, l.seq_seen)
   WHERE l.count_id = $1 ORDER BY v.sku`,
  {
    variantId: uuid,
    sku: text,
    price: integer,
    expected: integer,
    counted: nullable(integer),
    difference: nullable(integer),
    countedBy: uuid,
    isOutdated: boolean,
    onHand: integer,
    reserved: integer,
  },
);

/** Undefined when there is no such count. */
export function findCount(manager: EntityManager, id: string): Promise<CountState | undefined> {
  return row(manager, ONE, [id]);
}

/** @throws AppError `count.not_found` */
export async function requireCount(manager: EntityManager, id: string): Promise<CountState> {
  const count = await findCount(manager, id);
  if (!count) throw new AppError('count.not_found');
  return count;
}

/** Counts before a number, the newest first. */
export function readCounts(
  manager: EntityManager,
  page: { readonly before: number; readonly locationId: string | null; readonly limit: number },
): Promise<CountState[]> {
  return rows(manager, LIST, [page.before, page.locationId, page.limit]);
}

/** The lines of a count by SKU: at most {@link MOST_COUNT_LINES}. */
export function readCountLines(manager: EntityManager, countId: string): Promise<CountLineState[]> {
  return rows(manager, LINES, [countId]);
}

/**
 * Locks a count for the rest of the transaction, before any level.
 *
 * @throws AppError `count.not_found`
 */
export async function lockCount(transaction: Transaction, id: string): Promise<CountState> {
  await rows(transaction, LOCK, [id]);
  return requireCount(transaction, id);
}
