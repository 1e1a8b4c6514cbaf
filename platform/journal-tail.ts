import type { Client } from 'pg';

import { createBell } from './bell';
import type { DatabaseConfig } from './config/database';
import { JOURNAL_CHANNEL } from './journal-wake';
import type { Logger } from './logger';
import type { Metrics } from './metrics';
import { openOwnConnection } from './own-connection';

const POLL_MS = 1_000;
const FIRST_PAUSE_MS = 100;

/** Where to read on. */
interface Place {
  readonly cursor?: string | undefined;
}

/** What a read found, as `entities/events/read-journal.ts` describes it. */
interface Page<Event> {
  readonly events: readonly Event[];
  readonly next: Place & { readonly cursor: string };
  readonly hasMore: boolean;
  readonly isInterrupted: boolean;
}

/** What follows the journal, and what it does with the events. */
export interface JournalTailOptions<Event> {
  /** Of the reader, in metrics, logs and `pg_stat_activity`. */
  readonly name: string;
  readonly database: DatabaseConfig;
  /** Runs one read: `readJournal` of `entities/events/read-journal.ts`. */
  readonly read: (
    query: (text: string, values: unknown[]) => Promise<readonly unknown[]>,
    place: Place,
  ) => Promise<Page<Event>>;
  /** Where reading resumes; from now without one. */
  readonly cursor?: string | undefined;
  /**
   * Handles up to 500 events, oldest first. When it rejects it is called again with the same events, each second, until it
   * succeeds; nothing else is read meanwhile. It may get events again after a restart or a lost connection.
   *
   * @param cursor where to resume once these are handled. Inside a backlog it does not move before the last page.
   */
  readonly onEvents: (events: readonly Event[], cursor: string) => Promise<void> | void;
  /** Called instead of `onEvents` when events were skipped: more than 5,000 waited, or the database was restored. Read all anew. */
  readonly onResync: (cursor: string) => Promise<void> | void;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A reader that follows the journal until it is closed. */
export interface JournalTail {
  /** Everything that was committed longer ago than this, in milliseconds, is handled. Infinite before the first read. */
  lagMs(): number;
  /** Ends the connection, and resolves once a handler that runs has ended. */
  close(): Promise<void>;
}

/**
 * Follows the journal on one connection of its own: at each NOTIFY, and each second in case one was lost. Returns at once;
 * while Postgres is away it keeps its place and tries again.
 */
export function openJournalTail<Event>(options: JournalTailOptions<Event>): JournalTail {
  const logger = options.logger.child({ tail: options.name });
  const metrics = tailMetrics(options.metrics, options.name);
  const bell = createBell();
  let place: Place = { cursor: options.cursor };
  let connection: Client | undefined;
  let handledUntil = -Infinity;
  let isAway = false;

  async function connect(): Promise<Client> {
    const opened = await openOwnConnection(options.database, `asoud-tail-${options.name}`, (ended) => {
      if (connection !== ended) return;
      connection = undefined;
      bell.ring();
    });
    opened.on('notification', bell.ring);
    connection = opened;
    // A replica refuses LISTEN, and it must not be read: its snapshots do not know the running transactions.
    await opened.query(`LISTEN ${JOURNAL_CHANNEL}`);
    return opened;
  }

  function disconnect(): void {
    void connection?.end().catch(() => {});
    connection = undefined;
  }

  /** Reads and handles all that is there now. */
  async function catchUp(): Promise<void> {
    const began = performance.now();
    const client = connection ?? (await connect());
    const query = async (text: string, values: unknown[]) => (await client.query<object>(text, values)).rows;
    for (let hasMore = true; hasMore;) {
      const page = await options.read(query, place);
      metrics.read();
      if (isAway) logger.info('the journal is read again');
      isAway = false;
      await handle(page);
      if (bell.isStopped) return;
      place = page.next;
      hasMore = page.hasMore;
    }
    handledUntil = began;
    metrics.caughtUp();
  }

  async function handle({ events, next, isInterrupted }: Page<Event>): Promise<void> {
    if (events.length === 0 && !isInterrupted) return;
    if (isInterrupted) logger.warn('events of the journal were skipped');
    while (!bell.isStopped) {
      try {
        await (isInterrupted ? options.onResync(next.cursor) : options.onEvents(events, next.cursor));
        if (isInterrupted) metrics.resynced();
        metrics.handled(events.length);
        return;
      } catch (error) {
        metrics.failed();
        logger.error({ err: error }, 'events of the journal were not handled, trying again');
        await bell.pause(POLL_MS);
      }
    }
  }

  async function follow(): Promise<void> {
    while (!bell.isStopped) {
      try {
        await catchUp();
        await bell.heard(POLL_MS);
      } catch (error) {
        disconnect();
        if (bell.isStopped) break;
        if (!isAway) logger.warn({ err: error }, 'the journal cannot be read');
        await bell.pause(isAway ? POLL_MS : FIRST_PAUSE_MS);
        isAway = true;
      }
    }
    disconnect();
  }

  const following = follow();
  return {
    lagMs: () => performance.now() - handledUntil,
    async close() {
      bell.stop();
      // Without waiting for a statement that Postgres may never answer.
      disconnect();
      await following;
    },
  };
}

function tailMetrics(metrics: Metrics, tail: string) {
  const caughtUpAt = metrics.gauge(
    'journal_tail_caught_up_timestamp_seconds',
    'When a reader of the journal last had handled everything; zero before the first time.',
    ['tail'],
  );
  const events = metrics.counter('journal_tail_events_total', 'Events that were handled.', ['tail']);
  const resyncs = metrics.counter(
    'journal_tail_resyncs_total',
    'How often events were skipped, because too many waited or the database was restored.',
    ['tail'],
  );
  const failures = metrics.counter(
    'journal_tail_handler_failures_total',
    'How often events could not be handled and were tried again.',
    ['tail'],
  );
  const reads = metrics.counter('journal_tail_reads_total', 'Statements by which the journal was read.', [
    'tail',
  ]);
  caughtUpAt.set({ tail }, 0);
  return {
    caughtUp: () => caughtUpAt.setToCurrentTime({ tail }),
    read: () => reads.inc({ tail }),
    handled: (count: number) => events.inc({ tail }, count),
    resynced: () => resyncs.inc({ tail }),
    failed: () => failures.inc({ tail }),
  };
}
