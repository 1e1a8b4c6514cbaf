import { dropPartitions, oldestPartition } from '../analytics/keep-partitions';
import { addDays, businessDay } from '../calendar/business-day';
import type { Transaction } from '../sql';
import type { RemovedPage } from './page';

/** Removes the events of browsers of the oldest day: dropping a partition keeps everybody from all of them until the transaction ends. */
export async function removeTracking(transaction: Transaction, days: number): Promise<RemovedPage> {
  const before = addDays(businessDay(new Date()), -days);
  const oldest = await oldestPartition(transaction);
  const until = oldest !== null && addDays(oldest, 1) < before ? addDays(oldest, 1) : before;
  const { dropped } = await dropPartitions(transaction, until);
  return { removed: dropped, next: until < before ? '' : null };
}
