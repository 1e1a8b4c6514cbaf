import type { EntityManager } from 'typeorm';

import { assertThat } from '../errors';
import { boolean, instant, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, rowsPlannedAnew, statement } from '../sql';
import type { LevelKey } from './lock-levels';
import type { CorrectionCause, MovementReason } from './stock-movement';

/** The stock of a variant at a location, as staff see it. */
export interface LevelState extends LevelKey {
  readonly id: string;
  readonly sku: string;
  readonly productTitle: string;
  readonly variantTitle: string;
  readonly isRetired: boolean;
  readonly onHand: number;
  readonly reserved: number;
  /** Sold and still on the shelf, beside what is on hand. */
  readonly unshipped: number;
  /** On its way from other locations. */
  readonly inTransit: number;
  /** Ordered from suppliers. */
  readonly incoming: number;
  readonly reorderPoint: number | null;
  /** The number of its last movement. */
  readonly seq: number;
}

/** Which levels, and after which of them. */
export interface LevelSearch {
  /** The beginning of SKUs; empty for all. */
  readonly sku: string;
  readonly locationId: string | null;
  readonly after: { readonly sku: string; readonly locationId: string } | null;
  readonly limit: number;
}

const LIST = statement<LevelState>(
  `WITH page AS (
     SELECT l.*, v.sku, v.title, v.product_id, v.status
     FROM stock_levels l JOIN variants v ON v.id = l.variant_id
     WHERE starts_with(v.sku, $1) AND ($2::uuid IS NULL OR l.location_id = $2)
       AND ($3::varchar IS NULL OR (v.sku, l.location_id) > ($3, $4::uuid))
     ORDER BY v.sku, l.location_id LIMIT $5
   )
   SELECT page.id, page.variant_id AS "variantId", page.location_id AS "locationId", page.sku, p.title AS "productTitle",
     page.title AS "variantTitle", page.status = 'retired' AS "isRetired", page.on_hand AS "onHand", page.reserved,
     (SELECT coalesce(sum(r.quantity - r.shipped), 0) FROM reservations r
      WHERE (r.variant_id, r.location_id) = (page.variant_id, page.location_id)
        AND r.state = 'committed' AND r.shipped < r.quantity) AS unshipped,
     (SELECT coalesce(sum(i.sent - i.received - i.returned - i.lost), 0)
      FROM stock_transfers t JOIN stock_transfer_lines i ON i.transfer_id = t.id
      WHERE t.status = 'in_transit' AND t.to_id = page.location_id AND i.variant_id = page.variant_id) AS "inTransit",
     (SELECT coalesce(sum(greatest(0, i.ordered - i.received)), 0)
      FROM purchase_orders o JOIN purchase_order_lines i ON i.order_id = o.id
      WHERE o.finished_at IS NULL AND o.location_id = page.location_id AND i.variant_id = page.variant_id) AS incoming,
     page.reorder_point AS "reorderPoint", page.movement_seq AS seq
   FROM page JOIN products p ON p.id = page.product_id
   ORDER BY page.sku, page.location_id`,
  {
    id: uuid,
    variantId: uuid,
    locationId: uuid,
    sku: text,
    productTitle: text,
    variantTitle: text,
    isRetired: boolean,
    onHand: integer,
    reserved: integer,
    unshipped: integer,
    inTransit: integer,
    incoming: integer,
    reorderPoint: nullable(integer),
    seq: integer,
  },
);

/** Levels by SKU, then by location. */
export function readLevels(
  manager: EntityManager,
  { sku, locationId, after, limit }: LevelSearch,
): Promise<LevelState[]> {
  const values = [sku, locationId, after?.sku ?? null, after?.locationId ?? null, limit];
  return rowsPlannedAnew(manager, LIST, values);
}

/** A movement of a level, as staff see it. */
export interface MovementState {
  readonly seq: number;
  readonly delta: number;
  readonly onHandAfter: number;
  readonly reason: MovementReason;
  readonly ref: string;
  readonly cause: CorrectionCause | null;
  readonly actorId: string | null;
  readonly note: string | null;
  readonly at: Date;
}

const HISTORY = statement<MovementState>(
  `SELECT seq, delta, on_hand_after AS "onHandAfter", reason, ref, cause, actor_id AS "actorId", note, created_at AS at
   FROM stock_movements WHERE variant_id = $1 AND location_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4`,
  {
    seq: integer,
    delta: integer,
    onHandAfter: integer,
    reason: text,
    ref: text,
    cause: nullable(text),
    actorId: nullable(uuid),
    note: nullable(text),
    at: instant,
  },
);

const EXISTS = statement<{ id: string }>(
  'SELECT id FROM stock_levels WHERE variant_id = $1 AND location_id = $2',
  { id: uuid },
);

/**
 * The movements of a level before one of them, the newest first.
 *
 * @throws AppError `stock.level_not_found`
 */
export async function readMovements(
  manager: EntityManager,
  { variantId, locationId, before, limit }: LevelKey & { readonly before: number; readonly limit: number },
): Promise<MovementState[]> {
  assertThat(await row(manager, EXISTS, [variantId, locationId]), 'stock.level_not_found');
  return rows(manager, HISTORY, [variantId, locationId, before, limit]);
}
