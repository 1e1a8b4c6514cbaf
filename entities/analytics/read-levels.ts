import type { EntityManager } from 'typeorm';

import { integer } from '../row-shape';
import { row, statement } from '../sql';
import type { Level } from './figures';

/** What Postgres knows how much there is of. What workflows need only Temporal knows. */
export type KnownLevels = Readonly<Record<Exclude<Level, 'attention'>, number>>;

/**
 * What is low is read from the stock itself: alerts have a hysteresis, and begin with a fall only. It takes some milliseconds for
 * 10,000 levels.
 */
export const LEVEL_COUNTS = {
  low_stock: `(SELECT coalesce(sum(low), 0)::bigint FROM (
     SELECT count(*) FILTER (WHERE NOT l.reorder_shared AND l.on_hand <= l.reorder_point)
       + coalesce((sum(l.on_hand) <= max(l.reorder_point) FILTER (WHERE l.reorder_shared))::integer, 0) AS low
     FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id AND p.sells
       JOIN variants v ON v.id = l.variant_id AND v.status = 'active'
       JOIN products c ON c.id = v.product_id AND c.status <> 'archived'
     GROUP BY l.variant_id) AS by_variant)`,
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
