import type { DataSource } from 'typeorm';

import { readWholeJournal, type JournalEvent } from '../../entities/events/read-journal';
import { startJournalCursor, storeJournalCursor } from '../../entities/events/store-journal-cursor';
import { countParked, parkSignals, type Undeliverable } from '../../entities/relay/park-signals';
import { createBell } from '../../platform/bell';
import type { DatabaseConfig } from '../../platform/config/database';
import { openJournalTail } from '../../platform/journal-tail';
import { openLeadership, type Leadership, type Reign } from '../../platform/leadership';
import type { Logger } from '../../platform/logger';
import type { Metrics } from '../../platform/metrics';
import { withTransaction } from '../../platform/transaction';
import type { SignalLook } from '../../temporal/look-signal';
import { deliver } from './deliver';
import { relayMetrics, type RelayMetrics } from './relay-metrics';
import { retryRequested } from './retry-parked';
import type { Route } from './route';
import { wakesOf, type Wake } from './targets';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const TEND_EVERY_MS = 2_000;
/** How long events that wake nobody may stay unread in the stored cursor. It saves a write for each read. */
const STORE_IDLE_MS = 5_000;
const ALERT_LAG_MS = 30_000;

export interface RelayOptions {
  /** Of its cursor and its lead. */
  readonly name?: string;
  readonly routes: readonly Route[];
  /** For the cursor and what is parked. */
  readonly database: DataSource;
  /** For connections of its own: one for the lead, and one to read when it leads. */
  readonly databaseConfig: DatabaseConfig;
  readonly signal: SignalLook;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Follows the journal for workflows: tells each workflow that a route names to look, at least once for each event. Every worker
 * process has a relay, and one of them leads. Returns at once; while Postgres or Temporal are away it keeps its place.
 */
export function startRelay({ name = 'relay', ...options }: RelayOptions): Leadership {
  const logger = options.logger.child({ relay: name });
  let lagMs: (() => number) | undefined;
  const metrics = relayMetrics(options.metrics, () => lagMs && lagMs() / 1_000);

  return openLeadership({
    name,
    database: options.databaseConfig,
    logger,
    async lead(resign) {
      const follower = await follow({ ...options, name, logger, counted: metrics, resign });
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

interface FollowOptions extends RelayOptions {
  readonly name: string;
  readonly counted: RelayMetrics;
  readonly resign: (reason: string) => void;
}

/** Relays from the stored cursor on. */
async function follow(options: FollowOptions): Promise<Reign & { lagMs(): number }> {
  const { name, routes, database, signal, logger, counted, resign } = options;
  const bell = createBell();
  let stored = await withTransaction(database, (transaction) => startJournalCursor(transaction, name));
  let storedAt = performance.now();

  async function relay(events: readonly JournalEvent[], cursor: string): Promise<void> {
    const wakes = wakesOf(routes, events);
    const impossible = await tellAll(wakes);
    if (impossible === undefined) return;
    counted.handled(events);
    if (wakes.length === 0 && performance.now() - storedAt < STORE_IDLE_MS) return;
    await store(cursor, impossible);
  }

  /** Repeats until each signal is acknowledged, or known to be impossible. Undefined when the relay ends before. */
  async function tellAll(wakes: readonly Wake[]): Promise<Undeliverable[] | undefined> {
    const impossible: Undeliverable[] = [];
    let waiting = wakes;
    for (let pauseMs = FIRST_PAUSE_MS; !bell.isStopped; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const delivery = await deliver(signal, waiting, () => bell.isStopped);
      counted.told(delivery);
      impossible.push(...delivery.impossible);
      waiting = delivery.unanswered;
      if (waiting.length === 0) return impossible;
      if (bell.isStopped) break;
      logger.warn(
        { err: delivery.cause, waiting: waiting.length },
        'workflows could not be told of events, trying again',
      );
      await bell.pause(pauseMs);
    }
    return undefined;
  }

  async function store(cursor: string, impossible: readonly Undeliverable[]): Promise<void> {
    const isOurs = await withTransaction(database, async (transaction) => {
      await parkSignals(transaction, impossible);
      return cursor === stored || storeJournalCursor(transaction, name, cursor, stored);
    });
    for (const parked of impossible) logger.error(parked, 'a workflow cannot be told of an event: parked');
    if (!isOurs) {
      bell.stop();
      resign('another process has moved the cursor');
      return;
    }
    stored = cursor;
    storedAt = performance.now();
  }

  const tail = openJournalTail<JournalEvent>({
    name,
    database: options.databaseConfig,
    read: readWholeJournal,
    cursor: stored,
    onEvents: relay,
    async onResync(cursor) {
      logger.error(
        'the database was restored: events may be lost for workflows, until sweeps find what is unfinished',
      );
      await store(cursor, []);
    },
    logger,
    metrics: options.metrics,
  });

  async function tend(): Promise<void> {
    let isLate = false;
    let isAway = false;
    for (; !bell.isStopped; await bell.heard(TEND_EVERY_MS)) {
      const lagMs = tail.lagMs();
      if (Number.isFinite(lagMs) && lagMs > ALERT_LAG_MS !== isLate) {
        isLate = !isLate;
        if (isLate) logger.error({ lagMs }, 'workflows hear too late of events');
        else logger.info('workflows hear of events in time again');
      }
      try {
        const { parked, toRetry } = await countParked(database.manager);
        counted.parked(parked);
        if (toRetry > 0) await retryRequested(database, routes, signal);
        isAway = false;
      } catch (error) {
        if (!isAway) logger.warn({ err: error }, 'parked signals cannot be read');
        isAway = true;
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
