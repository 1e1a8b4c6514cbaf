import { randomUUID } from 'node:crypto';

import type { DataSource } from 'typeorm';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

import type { JournalEvent } from '../../../entities/events/read-journal';
import { createMetrics } from '../../../platform/metrics';
import { createConnections } from '../../../realtime/connections';
import { emitHere } from '../../../realtime/emit-here';
import { createFanOut } from '../../../realtime/fan-out';
import { defineNamespace, type Follow } from '../../../realtime/registry';
import { SILENT } from '../../support/journal';

type Sockets = Parameters<typeof emitHere>[0];

/** A namespace of Socket.IO with so many sockets in one room, which notes who gets what. */
function room(members: number, more: readonly string[] = []) {
  const ids = Array.from({ length: members }, (_, at) => `socket-${at}`);
  const rooms = new Map<string, Set<string>>([
    ['all', new Set(ids)],
    ...ids.map((id) => [id, new Set([id])] as const),
    ...more.map((name) => [name, new Set(ids)] as const),
  ]);
  const got: { id: string; version: number; payload: object }[] = [];
  const told: string[] = [];
  const sockets = new Map(
    ids.map((id) => {
      const own = new Set(['all', id, ...more]);
      const leave = (name: string) => {
        own.delete(name);
        rooms.get(name)!.delete(id);
      };
      return [id, { id, rooms: own, leave, emit: (name: string) => told.push(name) }];
    }),
  );
  const membersOf = (names: string[]) => new Set(names.flatMap((name) => [...(rooms.get(name) ?? [])]));
  const to = (wanted: string[]) => ({
    except: (unwanted: string[]) => ({
      emit(_event: string, { version, payload }: { version: number; payload: object }) {
        const without = membersOf(unwanted);
        for (const id of membersOf(wanted)) if (!without.has(id)) got.push({ id, version, payload });
      },
    }),
  });
  return {
    namespace: { adapter: { rooms }, local: { to }, sockets } as unknown as Sockets,
    got,
    told,
    roomsOf: (id: string) => [...sockets.get(id)!.rooms],
    leave: (id: string) => sockets.get(id)!.leave('all'),
  };
}

/** How often others had their turn while the work ran. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = () => {
    if (isDone) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  await work;
  isDone = true;
  return turns;
}

/** Events of one thing, to these rooms. */
const sendings = (count: number, rooms: string[]) =>
  happenings(count).map(({ version, payload, type, aggregateId: id }) => ({
    rooms,
    event: { aggregate: 'thing', id, version, type, payload, at: '' },
  }));

describe('events', () => {
  test('for many sockets go out in parts, each once to each and in order, and not to those who left meanwhile', async () => {
    const { namespace, got, leave } = room(2_500);
    setImmediate(() => leave('socket-2400'));

    expect(await turnsDuring(emitHere(namespace, sendings(6, ['all', 'socket-7'])))).toBeGreaterThan(0);

    expect(got).toHaveLength(6 * 2_499);
    expect(got.map(({ id }) => id)).not.toContain('socket-2400');
    const versions = (wanted: string) => got.filter(({ id }) => id === wanted).map(({ version }) => version);
    expect(versions('socket-7')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(versions('socket-2499')).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('for rooms of which one is large and one small reach both', async () => {
    const { namespace, got } = room(2_500);
    const [first, second, third] = sendings(3, ['all']);
    await emitHere(namespace, [first!, { ...second!, rooms: ['socket-9'] }, third!]);
    expect(got).toHaveLength(5_001);
    expect(got.filter(({ id }) => id === 'socket-9').map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  test.each([10, 2_500])('pass those by who are in a room that does not get them, of %i', async (size) => {
    const { namespace, got } = room(size);
    const [first, second] = sendings(2, ['all']);
    await emitHere(namespace, [{ ...first!, except: ['socket-9', 'nobody'] }, second!]);
    expect(got).toHaveLength(2 * size - 1);
    expect(got.filter(({ id }) => id === 'socket-9').map(({ version }) => version)).toEqual([2]);
  });

  test.each([3, 2_500])(
    'of which %i sockets may not all see the whole are told to each once',
    async (members) => {
      const { namespace, got } = room(members);
      const [first, second, third] = sendings(3, ['all']);
      const isFor = (id: string) => id === 'socket-1' || id === 'socket-2';
      const part = { event: { ...second!.event, payload: { isPart: true } }, isFor };
      await emitHere(namespace, [first!, { ...second!, part }, third!]);
      expect(got).toHaveLength(3 * members);
      for (const [id, payload] of [
        ['socket-0', {}],
        ['socket-1', { isPart: true }],
        ['socket-2', { isPart: true }],
      ] as const)
        expect(got.filter((one) => one.id === id)).toEqual([
          { id, version: 1, payload: {} },
          { id, version: 2, payload },
          { id, version: 3, payload: {} },
        ]);
    },
  );

  test('for nobody cost nothing', async () => {
    const { namespace, got } = room(0);
    await emitHere(namespace, sendings(2, ['all', 'nobody']));
    expect(got).toEqual([]);
  });
});

/** What sends the events of things to everybody in the room. */
function open(
  namespace: Sockets,
  route: Follow['route'],
  roomOf: Follow['roomOf'] | null = (id) => `thing:${id}`,
) {
  const definition = defineNamespace({
    name: '/room',
    summary: 'For tests',
    who: 'anybody',
    verbs: {},
    follows: [
      { aggregate: { type: 'thing', table: 'things' }, payloads: {}, route, ...(roomOf && { roomOf }) },
    ],
  });
  const metrics = createMetrics();
  const fanOut = createFanOut({
    namespaces: [{ definition, sockets: namespace as never, callerOf: () => undefined }],
    database: {} as DataSource,
    connections: createConnections({ connectionsPerAccount: 1, connectionsPerAddress: 1, trustedProxies: 0 }),
    sessions: { checkAccounts: () => Promise.resolve(), close: () => undefined },
    logger: SILENT,
    metrics,
  });
  return { ...fanOut, metrics };
}

const toAll: Follow['route'] = (_manager, events) =>
  Promise.resolve(events.map(({ payload }) => ({ rooms: ['all'], payload })));

/** Events of one thing. */
function happenings(count: number): JournalEvent[] {
  const aggregateId = randomUUID();
  return Array.from({ length: count }, (_, at) => ({
    id: at,
    xid: at,
    aggregateType: 'thing',
    aggregateId,
    version: at + 1,
    type: 'thing.changed',
    payload: {},
    createdAt: new Date(),
  }));
}

test('many events for many sockets let others have their turn in between', async () => {
  const { namespace, got } = room(500);
  const { onEvents } = open(namespace, toAll);

  expect(await turnsDuring(onEvents(happenings(50)))).toBeGreaterThanOrEqual(5);
  expect(got).toHaveLength(25_000);
});

test('an event that cannot be shown holds no other up, and is counted', async () => {
  const { namespace, got } = room(1);
  const { onEvents, metrics } = open(namespace, async (manager, events) => {
    if (events.some(({ version }) => version === 3)) throw new TypeError('no such text');
    return toAll(manager, events);
  });

  await onEvents(happenings(5));

  expect(got).toHaveLength(4);
  const counted = await metrics.registry.getSingleMetricAsString('realtime_events_skipped_total');
  expect(counted).toContain('realtime_events_skipped_total{namespace="/room",aggregate="thing"} 1');
});

test.each([
  ['of the aggregate where its room is known', (id: string) => `thing:${id}`, ['another', 'socket-0']],
  ['all rooms where it is not', null, ['socket-0']],
])(
  'an event that cannot be shown may have ended a right: sockets leave the room %s, and ask again',
  async (_what, roomOf, stays) => {
    const [event] = happenings(1);
    const { namespace, told, roomsOf } = room(1, [`thing:${event!.aggregateId}`, 'another']);
    const { onEvents } = open(namespace, () => Promise.reject(new TypeError('no such text')), roomOf);
    await onEvents([event!]);
    expect(
      roomsOf('socket-0')
        .filter((name) => name !== 'all')
        .toSorted(),
    ).toEqual(stays);
    expect(told).toEqual(['resync']);
  },
);

test('an event that cannot be shown is asked for by those who have a list open, over time and without leaving it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const [event] = happenings(1);
  const { namespace, told, roomsOf } = room(500, [`thing:${randomUUID()}`]);
  const { onEvents } = open(namespace, () => Promise.reject(new TypeError('no such text')));

  await onEvents([event!]);

  expect(told.length).toBeLessThan(50);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(500);
  expect(roomsOf('socket-7')).toContain('all');
});

test('an event that cannot be shown is no business of those who follow other aggregates only', async () => {
  const other = `thing:${randomUUID()}`;
  const { namespace, told, roomsOf, leave } = room(1, [other]);
  leave('socket-0');
  const { onEvents } = open(namespace, () => Promise.reject(new TypeError('no such text')));
  await onEvents(happenings(1));
  expect(told).toEqual([]);
  expect(roomsOf('socket-0')).toContain(other);
});

test('whoever is to see the whole by a rule that fails sees a part', async () => {
  const { namespace, got } = room(1);
  const { onEvents } = open(namespace, (_manager, events) =>
    Promise.resolve(
      events.map(() => ({
        ...{ rooms: ['all'], payload: { text: 'secret' } },
        part: {
          payload: {},
          isFor() {
            throw new TypeError('no such role');
          },
        },
      })),
    ),
  );
  await onEvents(happenings(1));
  expect(got).toEqual([{ id: 'socket-0', version: 1, payload: {} }]);
});

test('whoever stays in a room by a rule that fails leaves it', async () => {
  const { namespace, roomsOf } = room(1);
  const { onEvents } = open(namespace, (_manager, events) =>
    Promise.resolve(
      events.map(({ payload }) => ({
        ...{ rooms: ['all'], payload },
        mayStay() {
          throw new TypeError('no such role');
        },
      })),
    ),
  );
  await onEvents(happenings(1));
  expect(roomsOf('socket-0')).toEqual(['socket-0']);
});

test('an event whose audience takes Postgres too long holds no other up', async () => {
  const { namespace, got } = room(1);
  const { onEvents } = open(namespace, (manager, events) => {
    if (!events.some(({ version }) => version === 2)) return toAll(manager, events);
    return Promise.reject(Object.assign(new Error('canceling statement'), { code: '57014' }));
  });
  await onEvents(happenings(3));
  expect(got).toHaveLength(2);
});

test.each([
  ['one event', [321], 4],
  ['every event', undefined, 5],
])(
  'of a batch in which %j is too slow for Postgres, few statements are waited for, and the rest is sent or asked for again',
  async (_what, slow: number[] | undefined, mostTimeouts) => {
    const { namespace, got } = room(1);
    let timeouts = 0;
    const { onEvents, metrics } = open(namespace, (manager, events) => {
      if (slow && !events.some(({ version }) => slow.includes(version))) return toAll(manager, events);
      timeouts += 1;
      return Promise.reject(Object.assign(new Error('canceling statement'), { code: '57014' }));
    });
    await onEvents(happenings(500));
    expect(timeouts).toBeLessThanOrEqual(mostTimeouts);
    const { values } = await metrics.registry.getSingleMetric('realtime_events_skipped_total')!.get();
    expect(got.length + values[0]!.value).toBe(500);
    expect(got.length).toBeGreaterThanOrEqual(slow ? 375 : 0);
  },
);

test('of a batch in which one event cannot be shown, the others cost few statements', async () => {
  const { namespace, got } = room(1);
  let statements = 0;
  const { onEvents } = open(namespace, (manager, events) => {
    statements += 1;
    if (events.some(({ version }) => version === 321)) return Promise.reject(new TypeError('no such text'));
    return toAll(manager, events);
  });
  await onEvents(happenings(500));
  expect(got).toHaveLength(499);
  expect(statements).toBeLessThanOrEqual(20);
});

test('events whose audience Postgres cannot tell now are not sent, and are handed over again', async () => {
  const { namespace, got } = room(1);
  let isAway = true;
  const { onEvents } = open(namespace, (manager, events) => {
    if (isAway) return Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }));
    return toAll(manager, events);
  });
  const events = happenings(2);

  await expect(onEvents(events)).rejects.toThrow('gone');
  expect(got).toEqual([]);
  isAway = false;
  await onEvents(events);
  expect(got).toHaveLength(2);
});
