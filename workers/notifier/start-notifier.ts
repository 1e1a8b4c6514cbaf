import type { DataSource } from 'typeorm';

import { readWholeJournal, type JournalEvent } from '../../entities/events/read-journal';
import { startJournalCursor } from '../../entities/events/store-journal-cursor';
import { createBell } from '../../platform/bell';
import type { DatabaseConfig } from '../../platform/config/database';
import { openJournalTail } from '../../platform/journal-tail';
import { openLeadership, type Leadership, type Reign } from '../../platform/leadership';
import type { Logger } from '../../platform/logger';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import { notifierMetrics, type NotifierMetrics } from './notifier-metrics';
import { createTellEvents, Superseded } from './tell-events';
import { tendOverdue } from './tend-overdue';

export interface NotifierOptions {
  /** Of its cursor and its lead. */
  readonly name?: string;
  readonly database: DataSource;
  /** For connections of its own: one for the lead, and one to read when it leads. */
  readonly databaseConfig: DatabaseConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Follows the journal for people: makes notifications of its events. A batch, its notifications and the cursor are one transaction
 * (a batch for very many people is a few), so that whoever dies when, each event is told once. Every worker process has a notifier, and
 * one of them leads. Returns at once.
 */
export function startNotifier({ name = 'notifier', ...options }: NotifierOptions): Leadership {
  const logger = options.logger.child({ notifier: name });
  let lagMs: (() => number) | undefined;
  const counted = notifierMetrics(options.metrics, () => lagMs && lagMs() / 1_000);
  return openLeadership({
    name,
    database: options.databaseConfig,
    logger,
    async lead(resign) {
      const follower = await follow({ ...options, name, logger, counted, resign });
      ({ lagMs } = follower);
      return {
        end() {
          lagMs = undefined;
          return follower.end();
        },
      };
    },
  });
}

interface FollowOptions extends NotifierOptions {
  readonly name: string;
  readonly counted: NotifierMetrics;
  readonly resign: (reason: string) => void;
}

async function follow(options: FollowOptions): Promise<Reign & { lagMs(): number }> {
  const { name, database, logger, counted, resign } = options;
  const bell = createBell();
  const cursor = await withTransaction(database, (transaction) => startJournalCursor(transaction, name));
  const tell = createTellEvents({
    ...{ name, database, cursor, logger, counted },
    isStopped: () => bell.isStopped,
  });

  async function note(events: readonly JournalEvent[], until: string, storesAlways = false): Promise<void> {
    if (bell.isStopped) return;
    try {
      await tell(events, until, storesAlways);
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      bell.stop();
      resign('another process has moved the cursor');
    }
  }

  const tail = openJournalTail<JournalEvent>({
    name,
    database: options.databaseConfig,
    read: readWholeJournal,
    cursor,
    onEvents: note,
    async onResync(restart) {
      logger.error('the database was restored: people may not be told of some events');
      await note([], restart, true);
    },
    logger,
    metrics: options.metrics,
  });
  const tending = tendOverdue(database, bell, logger);

  return {
    lagMs: tail.lagMs,
    async end() {
      bell.stop();
      await Promise.all([tail.close(), tending]);
    },
  };
}
