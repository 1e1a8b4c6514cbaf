import type { DataSource } from 'typeorm';

import { rows } from '../sql';

/** Decisions for which the position had not fallen since the one before, or was above the reorder point. There must be none. */
export function needlessDecisions(database: DataSource): Promise<unknown[]> {
  return rows(
    database.manager,
    `SELECT * FROM (
       SELECT id, policy_id, position, point, lag(position + ordered + transferred) OVER (PARTITION BY policy_id ORDER BY at, id) AS before
       FROM replenishment_decisions, LATERAL (
         SELECT (why #>> '{position,total}')::integer AS position, (why #>> '{band,reorderPoint}')::integer AS point) AS w
     ) AS d
     WHERE position >= before OR position > point`,
  );
}
