import type { DataSource } from 'typeorm';

import { reopenLate } from '../../entities/notifications/reopen-late';
import { wakeOverdue } from '../../entities/notifications/wake-overdue';
import type { Bell } from '../../platform/bell';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';

const TEND_EVERY_MS = 60_000;

/** Each in pages, and each by itself: one that fails keeps the other from nothing. */
const CHORES = [
  { tend: reopenLate, said: 'no provider took messages in time: they are judged again' },
  { tend: wakeOverdue, said: 'messages waited for too long: their workflows are woken' },
] as const;

/**
 * Queues messages again that no provider took in time, and wakes the workflows of those that wait for too long, each minute until the
 * bell is stopped. However many there are, none waits for the next minute.
 */
export async function tendOverdue(database: DataSource, bell: Bell, logger: Logger): Promise<void> {
  for (; !bell.isStopped; await bell.heard(TEND_EVERY_MS)) {
    for (const { tend, said } of CHORES) {
      try {
        for (let isFull = true; isFull && !bell.isStopped;) {
          const page = await withTransaction(database, tend);
          ({ isFull } = page);
          if (page.count > 0) logger.warn({ count: page.count }, said);
        }
      } catch (error) {
        logger.warn({ err: error, chore: tend.name }, 'messages that wait for too long cannot be tended');
      }
    }
  }
}
