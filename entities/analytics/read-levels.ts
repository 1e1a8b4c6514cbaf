import type { EntityManager } from 'typeorm';

import { integer } from '../row-shape';
import { row, statement } from '../sql';
import type { Level } from './figures';

/** What Postgres knows how much there is of. What workflows need only Temporal knows. */
export type KnownLevels = Readonly<Record<Exclude<Level, 'attention'>, number>>;

/** Both counts read partial indexes of what is open. */
export const LEVEL_COUNTS = {
  low_stock: `(SELECT count(*) FROM stock_alerts WHERE kind = 'low' AND rearmed_at IS NULL)`,
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
