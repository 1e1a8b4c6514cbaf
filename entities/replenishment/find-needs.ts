import { array, integer, nullable, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { POSITION } from './position';

/** A page of policies to look through. */
export interface NeedsPage {
  /** The last policy of the page before; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

/** Variants that a page found in need, and where to go on. */
export interface NeedsFound {
  readonly variantIds: readonly string[];
  readonly looked: number;
  /** The last policy of the page; null when there was none. */
  readonly last: string | null;
}

const FIND = statement<{ variantIds: string[]; looked: number; last: string | null }>(
  `WITH page AS MATERIALIZED (
     SELECT * FROM replenishment_policies WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2
   ), positions AS (
     SELECT r.variant_id, r.reorder_point, ${POSITION}
     FROM page r JOIN variants v ON v.id = r.variant_id AND v.status = 'active'
     WHERE NOT r.paused AND r.reorder_point IS NOT NULL
   )
   SELECT coalesce((
       SELECT array_agg(DISTINCT variant_id) FROM positions WHERE "onHand"::bigint + "inTransit" + "onOrder" <= reorder_point
     ), '{}') AS "variantIds",
     (SELECT count(*) FROM page)::integer AS looked, (SELECT max(id::text) FROM page)::uuid AS last`,
  { variantIds: array(uuid), looked: integer, last: nullable(uuid) },
);

/**
 * Finds what crossed its reorder point unnoticed, such as two locations that fell together, and needs that an ended order left. It
 * reads only: whoever is found is looked at under its lock.
 */
export async function findNeeds(transaction: Transaction, { after, limit }: NeedsPage): Promise<NeedsFound> {
  return (await row(transaction, FIND, [after, limit]))!;
}
