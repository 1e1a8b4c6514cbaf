import { IsInt } from 'class-validator';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { recordEvents } from '../../entities/events/record-events';
import { orderToken } from '../../entities/orders/order-token';
import { ORDER } from '../../entities/orders/orders.events';
import type { Transaction } from '../../entities/sql';
import { ORDERS } from '../../realtime/orders/orders.namespace';
import { defineNamespace, defineVerb } from '../../realtime/registry';
import { barrier } from '../support/barrier';
import { eventually } from '../support/eventually';
import { buildOrder } from '../support/factories/orders';
import { writeInBulk } from '../support/journal';
import { LIVE_TOKENS, openRealtimeNode, type LiveClient, type OpenRealtime } from '../support/open-realtime';
import { ownRedis, type OwnRedis } from '../support/own-redis';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

class WaveInput {
  @IsInt()
  number!: number;
}
class WaveView {
  @IsInt()
  number!: number;
}

const wave = { input: WaveInput, answer: WaveView, action: 'order.read', guests: true } as const;

/** What a verb waits for before it joins a room, and what came of it. */
const late = { gate: barrier(2), hasBegun: false, isIn: undefined as boolean | undefined };

/** A namespace in which everybody is in one room. */
const WAVES = defineNamespace({
  name: '/waves',
  summary: 'For tests',
  who: 'anybody',
  verbs: {
    wave: defineVerb({
      ...wave,
      summary: 'Tells the others',
      handle({ tell }, { number }) {
        tell('all', 'waved', { number });
        return Promise.resolve({ number });
      },
    }),
    late: defineVerb({
      ...wave,
      summary: 'Joins a room after a while',
      async handle({ join, isIn }, { number }) {
        late.hasBegun = true;
        await late.gate();
        join('late');
        late.isIn = isIn('late');
        return { number };
      },
    }),
  },
  tells: { waved: WaveView },
  follows: [],
  onConnect: ({ join }) => Promise.resolve(join('all')),
});

let shop: ShopDatabase;
let redis: OwnRedis;

beforeAll(async () => {
  [shop, redis] = await Promise.all([openShopDatabase(), ownRedis()]);
});
afterAll(async () => {
  await redis.close();
  await shop.close();
});

const shipIn = (transaction: Transaction, orderId: string, units = 1) =>
  recordEvents(
    transaction,
    ORDER,
    orderId,
    ...Array.from({ length: units }, () => ({
      type: 'order.units_shipped' as const,
      payload: { sku: 'A', quantity: 1 },
    })),
  );
const ship = (orderId: string, units = 1) => shop.run((transaction) => shipIn(transaction, orderId, units));

/** A client that follows a new order. */
async function follow(node: OpenRealtime) {
  const { id } = await buildOrder(shop.database);
  const client = await node.connect('/orders');
  await client.get('subscribe', { orderId: id, token: orderToken(LIVE_TOKENS, id), after: 2 });
  return { client, id };
}

/** Those after the subscription. What was recorded just before it may come once more. */
const versions = ({ events }: LiveClient) =>
  events.map(({ version }) => version).filter((version) => version > 2);
const hasVersion = (client: LiveClient, version: number) =>
  eventually(
    () => versions(client),
    (all) => all.includes(version),
  );

describe('Redis', () => {
  let nodes: OpenRealtime[] = [];
  const both = (auth = {}) => Promise.all(nodes.map((node) => node.connect('/waves', auth)));
  const open = async () => {
    const options = { redisUrl: redis.url, namespaces: [ORDERS, WAVES] };
    nodes = await Promise.all([openRealtimeNode(shop, options), openRealtimeNode(shop, options)]);
  };
  const close = async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await redis.kill();
  };

  /** Waves until the client on the other node sees it: what was said before the nodes heard each other is lost. */
  async function expectToReach([here, there]: readonly LiveClient[]): Promise<void> {
    let number = 0;
    const before = there!.others.length;
    await eventually(
      async () => {
        number += 1;
        await here!.call('wave', { number });
        return there!.others.length;
      },
      (count) => count > before,
    );
  }

  /** Orders do not need Redis. */
  async function expectOrdersToFlow(): Promise<void> {
    for (const node of nodes) {
      const { client, id } = await follow(node);
      await ship(id);
      await hasVersion(client, 3);
    }
  }

  test('that is away at the start, killed and started again stops no order, and carries everything else once it is there', async () => {
    await open();
    const clients = await both();
    await expectOrdersToFlow();
    expect(await clients[0]!.get('wave', { number: 1 })).toEqual({ number: 1 });

    for (let round = 0; round < 2; round += 1) {
      await redis.start();
      await expectToReach(clients);
      await expectToReach(clients.toReversed());
      await redis.kill();
      await expectOrdersToFlow();
      // Those of the same node still hear each other.
      const neighbour = await nodes[0]!.connect('/waves');
      await expectToReach([clients[0]!, neighbour]);
    }
    await close();
  });

  test('that takes the right to subscribe leaves no node deaf once it gives it back', async () => {
    await redis.start('-@pubsub');
    await open();
    const clients = await both();
    await expectOrdersToFlow();
    await clients[0]!.call('wave', { number: 1 });
    await eventually(
      () => nodes[0]!.metric('realtime_redis_failures_total', { command: 'psubscribe' }),
      (count) => count > 0,
    );
    const ready = await fetch(`${nodes[0]!.url}/health/ready`);
    expect(await ready.json()).toEqual({ status: 'degraded', away: ['redis'] });

    await redis.allow('+@pubsub');
    await expectToReach(clients);
    await expectToReach(clients.toReversed());

    await redis.kill();
    await redis.start('-@pubsub');
    await expectOrdersToFlow();
    await redis.allow('+@pubsub');
    await expectToReach(clients);
    await close();
  });
});

describe('a node', () => {
  let node: OpenRealtime;
  beforeAll(async () => {
    node = await openRealtimeNode(shop, { namespaces: [ORDERS, WAVES] });
  });
  afterAll(() => node.close());

  const tailPid = async () => {
    const [found] = await rows<{ pid: number }>(
      shop.database.manager,
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'asoud-tail-realtime' AND datname = current_database()
       ORDER BY backend_start DESC`,
    );
    return found?.pid;
  };

  test('whose tail is cut off, or hangs half open, sends each event once it has another connection', async () => {
    const { client, id } = await follow(node);
    const first = await eventually(tailPid, Boolean);
    await shop.database.query('SELECT pg_terminate_backend($1)', [first]);
    await ship(id);
    await hasVersion(client, 3);

    const second = await eventually(tailPid, (pid) => pid !== undefined && pid !== first);
    process.kill(second!, 'SIGSTOP');
    try {
      await ship(id);
      await hasVersion(client, 4);
    } finally {
      process.kill(second!, 'SIGCONT');
    }
    expect(client.others).toEqual([]);
    expect(new Set(versions(client))).toEqual(new Set([3, 4]));
  });

  test('sends what was open for long, partly rolled back, or committed by a writer who died before waking anybody', async () => {
    const [slow, busy, quiet] = [await follow(node), await follow(node), await follow(node)];
    const runner = shop.database.createQueryRunner();
    await runner.startTransaction();
    await shipIn(runner.manager, slow.id);
    await runner.query('SAVEPOINT half');
    await shipIn(runner.manager, slow.id);
    await runner.query('ROLLBACK TO SAVEPOINT half');
    await shop
      .run(async (transaction) => {
        await shipIn(transaction, busy.id);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    for (let count = 0; count < 30; count += 1) await ship(busy.id, 20);
    await hasVersion(busy.client, 602);
    await shipIn(runner.manager, slow.id);
    expect(versions(slow.client)).toEqual([]);

    // Nobody is told of a commit that TypeORM makes by itself.
    await runner.commitTransaction();
    await runner.release();
    await hasVersion(slow.client, 4);
    await shop.database.transaction((manager) => shipIn(manager, quiet.id));
    await hasVersion(quiet.client, 3);

    expect(versions(slow.client)).toEqual([3, 4]);
    expect(versions(busy.client)).toEqual(Array.from({ length: 600 }, (_, at) => at + 3));
    expect(versions(quiet.client)).toEqual([3]);
  });

  test('sends what was open while 30,000 other events were committed, and those that came meanwhile at once', async () => {
    const [slow, busy] = [await follow(node), await follow(node)];
    await shop.run(async (transaction) => {
      await shipIn(transaction, slow.id);
      for (let round = 0; round < 10; round += 1) {
        await writeInBulk(shop, 3_000);
        await ship(busy.id);
        await hasVersion(busy.client, round + 3);
      }
      expect(versions(slow.client)).toEqual([]);
    });
    await hasVersion(slow.client, 3);
    expect(versions(busy.client)).toEqual(Array.from({ length: 10 }, (_, at) => at + 3));
    for (const { client } of [slow, busy]) expect(client.others).toEqual([]);
  });

  test('that has skipped events tells all clients to ask again', async () => {
    const { client, id } = await follow(node);
    const other = await node.connect('/waves');
    await writeInBulk(shop, 6_000);
    for (const it of [client, other]) {
      await eventually(
        () => it.others.map(({ name }) => name),
        (names) => names.includes('resync'),
      );
    }
    // Nobody stays in a room: an event that ended a right may be among those that were skipped.
    await client.get('subscribe', { orderId: id, token: orderToken(LIVE_TOKENS, id), after: 2 });
    await ship(id);
    await hasVersion(client, 3);
  });

  test('forgets a socket that has gone while its verb was waiting', async () => {
    const client = await node.connect('/waves');
    client.socket.emit('late', { number: 1 }, () => undefined);
    await eventually(() => late.hasBegun, Boolean);
    const open = await node.metric('realtime_sockets', { namespace: '/waves' });
    client.close();
    await eventually(
      () => node.metric('realtime_sockets', { namespace: '/waves' }),
      (count) => count < open,
    );
    void late.gate();
    expect(
      await eventually(
        () => late.isIn,
        (isIn) => isIn !== undefined,
      ),
    ).toBe(false);
  });
});

test('a node that stops lets many clients go some at a time, and takes nobody in meanwhile', async () => {
  const leaving = await openRealtimeNode(shop, {
    namespaces: [WAVES],
    realtime: { drainedPerStep: 20, connectionsPerAddress: 500 },
  });
  const clients = await Promise.all(Array.from({ length: 300 }, () => leaving.connect('/waves')));
  const closing = leaving.close(60_000, { withClients: true });
  await eventually(
    () => clients.filter(({ socket }) => !socket.connected).length,
    (count) => count > 0,
  );
  const late = io(`${leaving.url}/waves`, { path: '/ws', transports: ['websocket'], reconnection: false });
  const outcome = await new Promise((resolve) => {
    late.once('connect', () => resolve('open'));
    late.once('connect_error', () => resolve('refused'));
  });
  late.close();
  expect(outcome).toBe('refused');
  expect((await fetch(`${leaving.url}/health/ready`)).status).toBe(503);
  expect(await leaving.metric('realtime_refused_total', { reason: 'stopping' })).toBe(1);
  await closing;
  for (const client of clients) {
    expect(client.others.map(({ name }) => name)).toEqual(['server.draining']);
    expect(await client.closed()).toBe('transport close');
  }
});
