import type { EntityManager } from 'typeorm';

import { rows } from '../sql';

/** A line of an order's timeline. */
export interface TimelineEntry {
  readonly version: number;
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly createdAt: Date;
}

/** The events of an order after a version, oldest first, at most `limit`. */
export async function readOrderEvents(
  manager: EntityManager,
  orderId: string,
  afterVersion: number,
  limit: number,
): Promise<TimelineEntry[]> {
  return rows<TimelineEntry>(
    manager,
    `SELECT version, type, payload, created_at AS "createdAt" FROM events
     WHERE aggregate_type = 'order' AND aggregate_id = $1 AND version > $2
     ORDER BY version LIMIT $3`,
    [orderId, afterVersion, limit],
  );
}
