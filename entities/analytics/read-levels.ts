import type { EntityManager } from 'typeorm';

import { integer } from '../row-shape';
import { row, statement } from '../sql';
import type { Level } from './figures';

/** What Postgres knows how much there is of. What workflows need only Temporal knows. */
export type KnownLevels = Readonly<Record<Exclude<Level, 'attention'>, number>>;

/**
 * What is low is read from the stock itself: alerts have a hysteresis, and begin with a fall only. That reads all levels, so only the job
 * does it. Postgres takes a third of them for low, so the questions about each are written such that it asks them of those that are,
 * instead of reading all variants.
 */
export const LEVEL_COUNTS = {
  low_stock: `(SELECT count(DISTINCT CASE WHEN l.reorder_shared THEN l.variant_id ELSE l.id END)
     FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id AND p.sells
     WHERE l.on_hand <= l.reorder_point
       AND (SELECT v.status = 'active' AND c.status = 'published'
         FROM variants v JOIN products c ON c.id = v.product_id WHERE v.id = l.variant_id)
       AND (NOT l.reorder_shared OR l.reorder_point >= (
         SELECT sum(o.on_hand) FROM stock_levels o JOIN stock_locations q ON q.id = o.location_id AND q.sells
         WHERE o.variant_id = l.variant_id)))`,
  open_tickets: `(SELECT count(*) FROM tickets WHERE status <> 'closed' AND status <> 'resolved')`,
} as const satisfies Record<keyof KnownLevels, string>;

const READ = statement<KnownLevels>(
  `SELECT ${LEVEL_COUNTS.low_stock} AS low_stock, ${LEVEL_COUNTS.open_tickets} AS open_tickets`,
  { low_stock: integer, open_tickets: integer },
);

/** Goods that are low, and tickets that wait. */
export async function readKnownLevels(manager: EntityManager): Promise<KnownLevels> {
  return (await row(manager, READ))!;
}
