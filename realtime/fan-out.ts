import { setTimeout as delay } from 'node:timers/promises';

import type { DataSource } from 'typeorm';

import { ACCOUNT } from '../entities/auth/auth.events';
import type { JournalEvent } from '../entities/events/read-journal';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import { isPostgresAway, postgresCode } from '../platform/postgres-errors';
import { leaveRooms, type Connections } from './connections';
import { emitHere, type Sending } from './emit-here';
import type { LiveEvent } from './event-maps';
import type { OpenNamespace } from './open-namespace';
import type { Follow, RoutedEvent } from './registry';
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

const QUERY_CANCELED = '57014';
const RESYNC_OVER_MS = 10_000;
const RESYNC_STEP_MS = 100;

/**
 * Each namespace that follows an aggregate routes its events in one batch and sends them one after another. No emit leaves the
 * node: every node reads the journal itself.
 */
export function createFanOut(parts: Parts): FanOut {
  const { namespaces, database, connections, sessions, logger } = parts;
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
    const send = async () => {
      const sendings = waiting.splice(0);
      await emitHere(open.sockets, sendings);
      sent.inc(labels, sendings.length);
    };
    for (const [event, routed] of await route(rule, events)) {
      if (routed === 'failed') {
        skipped.inc(labels);
        await send();
        askAgain(open, rule.roomOf?.(event.aggregateId));
      }
      if (!routed || routed === 'failed') continue;
      waiting.push({ rooms: routed.rooms, event: liveEvent(event, routed) });
      if (!routed.mayStay) continue;
      // Who loses the right with it gets it, and nothing after it.
      await send();
      evict(open, routed.rooms, routed.mayStay);
    }
    await send();
  }

  /** One event that cannot be shown must not hold the others up: after a failure each is routed by itself. */
  async function route(rule: Follow, events: readonly JournalEvent[]) {
    try {
      const routed = await rule.route(database.manager, events);
      return events.map((event, place) => [event, routed[place]] as const);
    } catch (error) {
      // The tail hands the same events over again. A statement that is too slow would be too slow again.
      if (isPostgresAway(error) && postgresCode(error) !== QUERY_CANCELED) throw error;
      const [event] = events;
      logger.error(
        { err: error, aggregate: rule.aggregate.type, first: event?.id },
        'events cannot be shown',
      );
      if (events.length === 1) return [[event!, 'failed'] as const];
      const routed: (readonly [JournalEvent, RoutedEvent | 'failed' | undefined])[] = [];
      for (const single of events) routed.push(...(await route(rule, [single])));
      return routed;
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
    onResync: () => void resyncAll(connections),
  };
}

function liveEvent(event: JournalEvent, { payload }: RoutedEvent): LiveEvent {
  return {
    aggregate: event.aggregateType,
    id: event.aggregateId,
    version: event.version,
    type: event.type,
    payload,
    at: event.createdAt.toISOString(),
  };
}

function evict(
  { sockets, callerOf }: OpenNamespace,
  rooms: readonly string[],
  mayStay: NonNullable<RoutedEvent['mayStay']>,
): void {
  for (const room of rooms) {
    for (const id of sockets.adapter.rooms.get(room) ?? []) {
      if (!stays(() => mayStay(callerOf(id), room))) void sockets.sockets.get(id)?.leave(room);
    }
  }
}

/** A rule that fails lets nobody stay. */
function stays(rule: () => boolean): boolean {
  try {
    return rule();
  } catch {
    return false;
  }
}

/** It may have ended a right, so those whom it may concern leave the room, or all rooms, and are asked who they are. */
function askAgain({ sockets }: OpenNamespace, room: string | undefined): void {
  const ids = room === undefined ? sockets.sockets.keys() : (sockets.adapter.rooms.get(room) ?? []);
  for (const id of [...ids]) {
    const socket = sockets.sockets.get(id);
    if (!socket) continue;
    for (const left of room === undefined ? [...socket.rooms] : [room]) {
      if (left !== socket.id) void socket.leave(left);
    }
    socket.emit('resync');
  }
}

async function resyncAll(connections: Connections): Promise<void> {
  const all = connections.all();
  // Among the events that were skipped may be the end of a right.
  all.forEach(leaveRooms);
  const step = Math.ceil((all.length * RESYNC_STEP_MS) / RESYNC_OVER_MS);
  for (let from = 0; from < all.length; from += step) {
    for (const { sockets } of all.slice(from, from + step)) {
      for (const socket of sockets) socket.emit('resync');
    }
    await delay(RESYNC_STEP_MS, undefined, { ref: false });
  }
}
