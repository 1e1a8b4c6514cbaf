import { MoreThan, type EntityManager } from 'typeorm';

import type { Aggregate } from './aggregate';
import { ShopEvent } from './event';

/** An event as it stands in the journal. Its payload may be older than the types of today's code. */
export type RecordedEvent = Pick<ShopEvent, 'version' | 'type' | 'payload' | 'createdAt'>;

/** The events of an aggregate after a version, oldest first, at most `limit`. */
export async function readEvents(
  manager: EntityManager,
  { type }: Aggregate<object>,
  id: string,
  afterVersion: number,
  limit: number,
): Promise<RecordedEvent[]> {
  return manager.find(ShopEvent, {
    select: { version: true, type: true, payload: true, createdAt: true },
    where: { aggregateType: type, aggregateId: id, version: MoreThan(afterVersion) },
    order: { version: 'ASC' },
    take: limit,
  });
}
