import { EventEmitter } from 'node:events';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Role } from '../../../entities/auth/policy';
import { createMetrics } from '../../../platform/metrics';
import { createConnections, settle, type Connection, type Transport } from '../../../realtime/connections';
import { startSweep, type Sweep } from '../../../realtime/sweep';

let sweep: Sweep;
const metrics = createMetrics();
const connections = createConnections({
  connectionsPerAccount: 10,
  connectionsPerAddress: 10,
  trustedProxies: 0,
});

beforeEach(() => {
  vi.useFakeTimers();
  sweep = startSweep(connections, metrics);
});
afterEach(() => {
  sweep.close();
  vi.useRealTimers();
});

/** A connection with one socket in one room. What waits for its client is what the test says. */
function connect() {
  const writeBuffer: unknown[] = [];
  const socketBelow = { bufferedAmount: 0 };
  const told: string[] = [];
  const rooms = new Set(['own', 'order:1']);
  const closed: (boolean | undefined)[] = [];
  const transport = Object.assign(new EventEmitter(), {
    request: { headers: {}, socket: { remoteAddress: '198.51.100.7' } },
    transport: { socket: socketBelow },
    writeBuffer,
    close(atOnce?: boolean) {
      closed.push(atOnce);
      transport.emit('close');
    },
  });
  connections.add(transport as unknown as Transport);
  const connection = connections.of(transport as unknown as Transport)!;
  const socket = {
    id: 'own',
    rooms,
    leave: (room: string) => rooms.delete(room),
    emit: (name: string) => told.push(name),
  };
  connection.sockets.add(socket as unknown as Connection['sockets'] extends Set<infer S> ? S : never);
  return {
    connection,
    told,
    rooms,
    closed,
    /** Leaves so much unread. */
    holds({ packets = 0, bytes = 0, text = '' }) {
      writeBuffer.splice(0, Infinity, ...Array.from({ length: packets }, () => ({ data: text })));
      socketBelow.bufferedAmount = bytes;
    },
  };
}

const principal = (expiresInMs: number) => ({
  accountId: 'account',
  sessionId: 'session',
  roles: ['customer'] as const,
  provedAt: new Date(),
  readAt: new Date(),
  expiresAt: new Date(Date.now() + expiresInMs),
});

describe('a client that takes less than it gets', () => {
  test.each([
    ['packets', { packets: 257 }],
    ['bytes', { bytes: 1_048_577 }],
    ['bytes of answers that were not written yet', { packets: 2, text: 'x'.repeat(600_000) }],
  ])('leaves its rooms for too many %s, and is closed after 15 s', (_what, waiting) => {
    const { holds, rooms, closed } = connect();
    vi.advanceTimersByTime(1_000);
    expect(rooms).toEqual(new Set(['own', 'order:1']));

    holds(waiting);
    vi.advanceTimersByTime(250);
    expect(rooms).toEqual(new Set(['own']));
    // Whatever it joins while it is behind, it leaves.
    rooms.add('order:2');
    vi.advanceTimersByTime(250);
    expect(rooms).toEqual(new Set(['own']));

    vi.advanceTimersByTime(14_000);
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(closed).toEqual([true]);
  });

  test('is closed at once when it holds megabytes of answers', () => {
    const { holds, closed } = connect();
    holds({ packets: 20, text: 'x'.repeat(500_000) });
    vi.advanceTimersByTime(250);
    expect(closed).toEqual([true]);
  });

  test('is told once to ask again when it has caught up, and may fall behind again', () => {
    const { holds, told, closed } = connect();
    for (let round = 1; round <= 2; round += 1) {
      holds({ packets: 300 });
      vi.advanceTimersByTime(10_000);
      holds({ packets: 3 });
      vi.advanceTimersByTime(1_000);
      expect(told).toHaveLength(round - 1);
      holds({ packets: 0 });
      vi.advanceTimersByTime(10_000);
      expect(told).toEqual(Array.from({ length: round }, () => 'resync'));
    }
    expect(closed).toEqual([]);
  });
});

describe('a token', () => {
  test('is warned of once, 60 s before it expires, and ends its connection when it does', () => {
    const { connection, told, closed } = connect();
    connections.identify(connection, principal(120_000));
    vi.advanceTimersByTime(59_000);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(60_500);
    expect(told).toEqual(['auth.expiring']);
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(closed).toEqual([undefined]);
  });

  test('that is older than the last one shortens nothing, and is no reason to warn again', () => {
    const { connection, told, closed } = connect();
    connections.identify(connection, principal(120_000));
    vi.advanceTimersByTime(61_000);
    connections.identify(connection, principal(5_000));
    vi.advanceTimersByTime(58_000);
    expect(told).toEqual(['auth.expiring']);
    expect(closed).toEqual([]);
  });

  test('that is renewed is warned of again, before the new expiry', () => {
    const { connection, told, closed } = connect();
    connections.identify(connection, principal(120_000));
    vi.advanceTimersByTime(100_000);
    connections.identify(connection, principal(120_000));
    vi.advanceTimersByTime(50_000);
    expect(told).toEqual(['auth.expiring']);
    vi.advanceTimersByTime(20_000);
    expect(told).toEqual(['auth.expiring', 'auth.expiring']);
    expect(closed).toEqual([]);
  });
});

describe('what a session says', () => {
  const read = (second: number, roles: readonly Role[], expiresInMs = 600_000) => ({
    ...principal(expiresInMs),
    ...{ roles, readAt: new Date(second * 1_000) },
  });

  test('counts as it was read last, although an older proof is shown again, and the newer token counts', () => {
    const { connection, closed } = connect();
    const first = read(1, ['customer']);
    connections.identify(connection, first);
    settle(connection, read(2, ['customer', 'support']));
    const later = new Date(first.expiresAt.getTime() + 7);
    connections.identify(connection, { ...first, expiresAt: later });
    expect(connection.principal).toMatchObject({ roles: ['customer', 'support'], expiresAt: later });
    expect(closed).toEqual([]);
  });

  test('closes a connection that has lost a role, whoever reads it first', () => {
    const { connection, closed } = connect();
    connections.identify(connection, read(1, ['customer', 'support']));
    connections.identify(connection, read(2, ['customer']));
    expect(closed).toHaveLength(1);
  });
});
