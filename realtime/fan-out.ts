import type { DataSource } from 'typeorm';

import { ACCOUNT } from '../entities/auth/auth.events';
import type { JournalEvent } from '../entities/events/read-journal';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import { isPostgresAway, postgresCode } from '../platform/postgres-errors';
import type { Connections } from './connections';
import { emitHere, type Sending } from './emit-here';
import type { LiveEvent } from './event-maps';
import type { OpenNamespace } from './open-namespace';
import type { Follow, RoutedEvent } from './registry';
import { createResyncs } from './resync';
import type { SessionWatch } from './sessions';

interface Parts {
  readonly namespaces: readonly OpenNamespace[];
  readonly database: DataSource;
  readonly connections: Connections;
  readonly sessions: SessionWatch;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Sends what the journal says to the sockets of this node: the handlers of its tail. */
export interface FanOut {
  onEvents(events: readonly JournalEvent[]): Promise<void>;
  /** Tells all clients that events were skipped, over 10 s, or all of them would ask at once. */
  onResync(): void;
}

/** An event, and what becomes of it: `failed` when it cannot be shown. */
type Routed = readonly [JournalEvent, RoutedEvent | 'failed' | undefined];

const QUERY_CANCELED = '57014';
/** Each takes as long as a statement may. */
const TIMEOUTS_OF_A_BATCH = 3;

/**
 * Each namespace that follows an aggregate routes its events in one batch and sends them one after another. No emit leaves the
 * node: every node reads the journal itself.
 */
export function createFanOut(parts: Parts): FanOut {
  const { namespaces, database, connections, sessions, logger } = parts;
  const resyncs = createResyncs(connections);
  const sent = parts.metrics.counter('realtime_events_sent_total', 'Events of the journal that were sent.', [
    'namespace',
    'aggregate',
  ]);
  const skipped = parts.metrics.counter(
    'realtime_events_skipped_total',
    'Events of the journal that could not be shown, so that clients see a gap and ask.',
    ['namespace', 'aggregate'],
  );

  async function follow(open: OpenNamespace, rule: Follow, events: readonly JournalEvent[]): Promise<void> {
    const labels = { namespace: open.definition.name, aggregate: rule.aggregate.type };
    const waiting: Sending[] = [];
    const asked = new Set<string>();
    let hasFailed = false;
    const send = async () => {
      const sendings = waiting.splice(0);
      await emitHere(open.sockets, sendings);
      sent.inc(labels, sendings.length);
    };
    for (const [event, routed] of await route(rule, events)) {
      if (routed === 'failed') {
        skipped.inc(labels);
        await send();
        for (const id of resyncs.followers(open, rule.roomOf?.(event.aggregateId))) asked.add(id);
        hasFailed = true;
      }
      if (!routed || routed === 'failed') continue;
      const whole = { rooms: routed.rooms, except: routed.except, event: liveEvent(event, routed) };
      waiting.push({ ...whole, ...partOf(open, event, routed) });
      if (!routed.mayStay) continue;
      // Who loses the right with it gets it, and nothing after it.
      await send();
      evict(open, routed.rooms, routed.mayStay);
    }
    await send();
    if (hasFailed) resyncs.lists(open, asked);
  }

  /**
   * One event that cannot be shown must not hold the others up: what fails is routed in halves. A statement that is too slow holds
   * all events up, so after some of those a part that is too slow is given up as a whole.
   */
  async function route(
    rule: Follow,
    events: readonly JournalEvent[],
    budget = { timeouts: TIMEOUTS_OF_A_BATCH },
  ): Promise<Routed[]> {
    try {
      const routed = await rule.route(database.manager, events);
      return events.map((event, place) => [event, routed[place]] as const);
    } catch (error) {
      const isTooSlow = postgresCode(error) === QUERY_CANCELED;
      // The tail hands the same events over again.
      if (isPostgresAway(error) && !isTooSlow) throw error;
      if (isTooSlow) budget.timeouts -= 1;
      if (events.length === 1 || (isTooSlow && budget.timeouts <= 0)) {
        const about = { aggregate: rule.aggregate.type, first: events[0]?.id, count: events.length };
        logger.error({ err: error, ...about }, 'events cannot be shown');
        return events.map((event) => [event, 'failed'] as const);
      }
      const middle = Math.ceil(events.length / 2);
      const first = await route(rule, events.slice(0, middle), budget);
      return [...first, ...(await route(rule, events.slice(middle), budget))];
    }
  }

  return {
    async onEvents(events) {
      const accounts = events.filter(({ aggregateType }) => aggregateType === ACCOUNT.type);
      // Without waiting: a slow read of sessions must not hold events up.
      if (accounts.length > 0) {
        void sessions.checkAccounts([...new Set(accounts.map(({ aggregateId }) => aggregateId))]);
      }
      for (const open of namespaces) {
        if (open.sockets.sockets.size === 0) continue;
        for (const rule of open.definition.follows) {
          const own = events.filter(({ aggregateType }) => aggregateType === rule.aggregate.type);
          if (own.length > 0) await follow(open, rule, own);
        }
      }
    },
    onResync: () => resyncs.all(),
  };
}

function liveEvent(event: JournalEvent, { payload }: Pick<RoutedEvent, 'payload'>): LiveEvent {
  return {
    aggregate: event.aggregateType,
    id: event.aggregateId,
    version: event.version,
    type: event.type,
    payload,
    at: event.createdAt.toISOString(),
  };
}

/** A rule that fails shows nobody more than the part. */
function partOf(
  { callerOf }: OpenNamespace,
  event: JournalEvent,
  { part }: RoutedEvent,
): Pick<Sending, 'part'> {
  if (!part) return {};
  const isFor = (socketId: string) => !holds(() => !part.isFor(callerOf(socketId)));
  return { part: { event: liveEvent(event, part), isFor } };
}

function evict(
  { sockets, callerOf }: OpenNamespace,
  rooms: readonly string[],
  mayStay: NonNullable<RoutedEvent['mayStay']>,
): void {
  for (const room of rooms) {
    for (const id of sockets.adapter.rooms.get(room) ?? []) {
      if (!holds(() => mayStay(callerOf(id), room))) void sockets.sockets.get(id)?.leave(room);
    }
  }
}

/** A rule that fails lets nobody stay. */
function holds(rule: () => boolean): boolean {
  try {
    return rule();
  } catch {
    return false;
  }
}
