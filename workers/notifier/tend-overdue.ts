import type { DataSource } from 'typeorm';

import { wakeOverdue } from '../../entities/notifications/wake-overdue';
import type { Bell } from '../../platform/bell';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';

const TEND_EVERY_MS = 60_000;

/** Wakes the workflows of messages that wait for too long, each minute until the bell is stopped. */
export async function tendOverdue(database: DataSource, bell: Bell, logger: Logger): Promise<void> {
  for (; !bell.isStopped; await bell.heard(TEND_EVERY_MS)) {
    try {
      const woken = await withTransaction(database, wakeOverdue);
      if (woken > 0) logger.warn({ boxes: woken }, 'messages waited for too long: their workflows are woken');
    } catch (error) {
      logger.warn({ err: error }, 'overdue messages cannot be read');
    }
  }
}
