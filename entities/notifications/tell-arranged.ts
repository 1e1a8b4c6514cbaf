import { recordEvents } from '../events/record-events';
import type { Transaction } from '../sql';
import { countUnread } from './notification-boxes';
import { NOTIFICATION_BOX } from './notifications.events';

/** Says that somebody's choices or settings are others, so that what waits is judged by them. The box is locked. */
export async function tellArranged(transaction: Transaction, accountId: string): Promise<void> {
  const counts = (await countUnread(transaction, [accountId])).get(accountId)!;
  const event = { type: 'notifications.arranged', payload: counts } as const;
  await recordEvents(transaction, NOTIFICATION_BOX, accountId, event);
}
