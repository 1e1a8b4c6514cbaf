import type { DataSource } from 'typeorm';

import { reopenLate } from '../../entities/notifications/reopen-late';
import { wakeOverdue } from '../../entities/notifications/wake-overdue';
import type { Bell } from '../../platform/bell';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';

const TEND_EVERY_MS = 60_000;

/**
 * Queues messages again that no provider took in time, and wakes the workflows of those that wait for too long, each minute until the
 * bell is stopped. However many there are, none waits for the next minute.
 */
export async function tendOverdue(database: DataSource, bell: Bell, logger: Logger): Promise<void> {
  for (; !bell.isStopped; await bell.heard(TEND_EVERY_MS)) {
    try {
      await reopen(database, bell, logger);
      await wake(database, bell, logger);
    } catch (error) {
      logger.warn({ err: error }, 'overdue messages cannot be read');
    }
  }
}

async function reopen(database: DataSource, bell: Bell, logger: Logger): Promise<void> {
  for (let isFull = true; isFull && !bell.isStopped;) {
    const page = await withTransaction(database, reopenLate);
    ({ isFull } = page);
    const { deliveries } = page;
    if (deliveries > 0)
      logger.warn({ deliveries }, 'no provider took messages in time: they are judged again');
  }
}

async function wake(database: DataSource, bell: Bell, logger: Logger): Promise<void> {
  for (let isFull = true; isFull && !bell.isStopped;) {
    const page = await withTransaction(database, wakeOverdue);
    ({ isFull } = page);
    const { boxes } = page;
    if (boxes > 0) logger.warn({ boxes }, 'messages waited for too long: their workflows are woken');
  }
}
