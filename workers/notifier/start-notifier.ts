import type { DataSource } from 'typeorm';

import { readWholeJournal, type JournalEvent } from '../../entities/events/read-journal';
import { startJournalCursor, storeJournalCursor } from '../../entities/events/store-journal-cursor';
import { inParts, noteEvents } from '../../entities/notifications/note-events';
import type { Created } from '../../entities/notifications/notify';
import { wakeOverdue } from '../../entities/notifications/wake-overdue';
import { createBell } from '../../platform/bell';
import type { DatabaseConfig } from '../../platform/config/database';
import { openJournalTail } from '../../platform/journal-tail';
import { openLeadership, type Leadership, type Reign } from '../../platform/leadership';
import type { Logger } from '../../platform/logger';
import type { Metrics } from '../../platform/metrics';
import { isPostgresAway, postgresCode } from '../../platform/postgres-errors';
import { withTransaction } from '../../platform/transaction';

const TEND_EVERY_MS = 60_000;
/** How long events that tell nobody anything may stay unread in the stored cursor. It saves a write for each read. */
const STORE_IDLE_MS = 5_000;

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
 * (a batch for very many people is a few), so that whoever dies when, each event is told once. Every worker process has a notifier, and one of them leads. Returns at once.
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
  readonly counted: ReturnType<typeof notifierMetrics>;
  readonly resign: (reason: string) => void;
}

/** Another process leads, and has moved the cursor. */
class Superseded extends Error {}

/** Whether it would be refused again: a value or a constraint (classes 22 and 23 of Postgres), or a mistake of ours. */
function isRefused(error: unknown): boolean {
  const code = postgresCode(error);
  return code === undefined ? !isPostgresAway(error) : /^2[23]/.test(code);
}

async function follow(options: FollowOptions): Promise<Reign & { lagMs(): number }> {
  const { name, database, logger, counted, resign } = options;
  const bell = createBell();
  let stored = await withTransaction(database, (transaction) => startJournalCursor(transaction, name));
  let storedAt = performance.now();

  /** Notifications of some events and the cursor, in one transaction: when another process has moved the cursor, nothing is kept. */
  async function commit(events: readonly JournalEvent[], cursor: string, storesAlways: boolean) {
    const { noted, isIdle } = await withTransaction(database, async (transaction) => {
      const noted = await noteEvents(transaction, events);
      const isIdle = !storesAlways && noted.length === 0 && performance.now() - storedAt < STORE_IDLE_MS;
      if (!isIdle && !(await storeJournalCursor(transaction, name, cursor, stored))) throw new Superseded();
      return { noted, isIdle };
    });
    counted.created(noted);
    if (isIdle) return;
    stored = cursor;
    storedAt = performance.now();
  }

  /** An event that can never be told must not keep people from hearing of all later ones. */
  async function commitOrSkip(events: readonly JournalEvent[], cursor: string, storesAlways: boolean) {
    try {
      await commit(events, cursor, storesAlways);
    } catch (error) {
      if (error instanceof Superseded || !isRefused(error)) throw error;
      if (events.length > 1) {
        for (const event of events) await commitOrSkip([event], stored, false);
      } else {
        const [event] = events;
        logger.error({ err: error, event: event?.id, type: event?.type }, 'nobody is told of an event');
        counted.skipped();
      }
      await commit([], cursor, storesAlways);
    }
  }

  async function note(events: readonly JournalEvent[], cursor: string, storesAlways = false): Promise<void> {
    if (bell.isStopped) return;
    const parts = inParts(events);
    try {
      for (const [place, part] of parts.entries()) {
        // The cursor moves with the last part. Until then it is only compared.
        await commitOrSkip(part, place < parts.length - 1 ? stored : cursor, storesAlways);
      }
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
    cursor: stored,
    onEvents: note,
    async onResync(cursor) {
      logger.error('the database was restored: people may not be told of some events');
      await note([], cursor, true);
    },
    logger,
    metrics: options.metrics,
  });

  async function tend(): Promise<void> {
    for (; !bell.isStopped; await bell.heard(TEND_EVERY_MS)) {
      try {
        const woken = await withTransaction(database, wakeOverdue);
        if (woken > 0)
          logger.warn({ boxes: woken }, 'messages waited for too long: their workflows are woken');
      } catch (error) {
        logger.warn({ err: error }, 'overdue messages cannot be read');
      }
    }
  }
  const tending = tend();

  return {
    lagMs: tail.lagMs,
    async end() {
      bell.stop();
      await Promise.all([tail.close(), tending]);
    },
  };
}

/** @param lagSeconds undefined while this process does not lead */
function notifierMetrics(metrics: Metrics, lagSeconds: () => number | undefined) {
  metrics.gauge('notifier_leader', 'Whether this process makes notifications of events.', [], function () {
    this.set(lagSeconds() === undefined ? 0 : 1);
  });
  metrics.gauge(
    'notifier_lag_seconds',
    'People were told of all events that were committed longer ago than this. Only where notifier_leader is 1.',
    [],
    function () {
      const lag = lagSeconds();
      if (lag === undefined) this.remove();
      else this.set(lag);
    },
  );
  const created = metrics.counter('notifications_created_total', 'Notifications by kind.', ['kind']);
  const skipped = metrics.counter(
    'notifier_events_skipped_total',
    'Events that nobody could be told of.',
    [],
  );
  return {
    created(noted: readonly Created[]) {
      for (const { kind } of noted) created.inc({ kind });
    },
    skipped: () => skipped.inc(),
  };
}
