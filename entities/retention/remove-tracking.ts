import { dropPartitions } from '../analytics/keep-partitions';
import { addDays, businessDay } from '../calendar/business-day';
import type { Transaction } from '../sql';
import type { RemovedPage } from './page';

/** Removes the events of browsers of days that are older, a partition each. `removed` counts the days. */
export async function removeTracking(transaction: Transaction, days: number): Promise<RemovedPage> {
  const { dropped } = await dropPartitions(transaction, addDays(businessDay(new Date()), -days));
  return { removed: dropped, next: null };
}
