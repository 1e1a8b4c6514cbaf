import type { Metrics } from '../platform/metrics';
import { leaveRooms, type Connection, type Connections } from './connections';

/** Looks after connections: those whose client is slow, and those whose token expires. */
export interface Sweep {
  close(): void;
}

const EVERY_MS = 250;
const MOST_PACKETS = 256;
const MOST_BYTES = 1_048_576;
/** Answers wait too, and nothing but the end of the connection stops those. */
const ENDED_AT_BYTES = 8 * MOST_BYTES;
const BEHIND_FOR_MS = 15_000;
const WARNED_BEFORE_MS = 60_000;

/**
 * `emit` never waits for a client. One that takes less than it gets leaves its rooms, so that memory stays bounded, and is told
 * to ask anew once it has caught up. One that stays behind is closed.
 */
export function startSweep(connections: Connections, metrics: Metrics, now: () => number = Date.now): Sweep {
  const slow = metrics.counter('realtime_slow_clients_total', 'Clients that took less than they got.', [
    'what',
  ]);
  let waiting = 0;
  metrics.gauge(
    'realtime_waiting_bytes',
    'What clients have not taken yet, at the last look.',
    [],
    function () {
      this.set(waiting);
    },
  );

  function lookAfter(connection: Connection): void {
    const at = now();
    const { transport, principal } = connection;
    if (principal && principal.expiresAt.getTime() <= at) {
      transport.close();
      return;
    }
    if (principal && !connection.hasWarned && principal.expiresAt.getTime() - at < WARNED_BEFORE_MS) {
      connection.hasWarned = true;
      const expiresAt = principal.expiresAt.toISOString();
      // One socket is enough: all of them share the connection.
      const [socket] = connection.sockets;
      socket?.emit('auth.expiring', { expiresAt });
    }
    const { packets, bytes } = backlogOf(transport);
    waiting += bytes;
    if (packets > MOST_PACKETS || bytes > MOST_BYTES) {
      if (connection.behindSince === undefined) slow.inc({ what: 'behind' });
      connection.behindSince ??= at;
      leaveRooms(connection);
    } else if (connection.behindSince !== undefined && packets === 0 && bytes === 0) {
      connection.behindSince = undefined;
      slow.inc({ what: 'caught_up' });
      for (const socket of connection.sockets) socket.emit('resync');
    }
    const isTooLate = connection.behindSince !== undefined && at - connection.behindSince > BEHIND_FOR_MS;
    if (isTooLate || bytes > ENDED_AT_BYTES) {
      slow.inc({ what: 'closed' });
      // Without waiting for what this client does not take.
      transport.close(true);
    }
  }

  const timer = setInterval(() => {
    waiting = 0;
    connections.all().forEach(lookAfter);
  }, EVERY_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/** What waits for this client, in Engine.IO and below it. */
function backlogOf(transport: Connection['transport']): { packets: number; bytes: number } {
  const { socket } = transport.transport as unknown as { socket?: { bufferedAmount?: number } };
  const waiting = transport['writeBuffer'] as readonly { readonly data?: unknown }[];
  const bytes = waiting.reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), 0);
  return { packets: waiting.length, bytes: bytes + (socket?.bufferedAmount ?? 0) };
}
