import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { expect, test } from 'vitest';

import { recordEvents } from '../../entities/events/record-events';
import { orderToken } from '../../entities/orders/order-token';
import { ORDER } from '../../entities/orders/orders.events';
import { openJournalWake } from '../../platform/journal-wake';
import { onEventsCommitted, withTransaction } from '../../platform/transaction';
import { eventually } from '../support/eventually';
import { buildOrder } from '../support/factories/orders';
import { configOf, SILENT } from '../support/journal';
import { LIVE_TOKENS } from '../support/open-realtime';
import { openShopProcesses, type ShopProcesses } from '../support/shop-processes';
import { row, rows } from '../support/sql';
import type { ClientsReport, Followed, ToClients } from './live-clients';
import { ownPostgres } from './own-postgres';

const servers = ownPostgres({ redis: true });
const CLIENTS = 500;
const EVENTS = 2_000;
const ORDERS = 40;
const ORDERS_OF_A_CLIENT = 4;
const WRITERS = 4;

/** 500 clients of two nodes, in a process of their own. */
function startClients(nodes: readonly string[], orders: readonly Followed[]) {
  const child: ChildProcess = fork(path.join(__dirname, '../../dist/test/drills/live-clients.js'));
  const tell = (message: ToClients) => child.send(message);
  tell({
    nodes,
    clients: Array.from({ length: CLIENTS }, (_, place) =>
      Array.from({ length: ORDERS_OF_A_CLIENT }, (_, n) => orders[(place * 7 + n) % orders.length]!),
    ),
  });
  return {
    async report(newest: Readonly<Record<string, number>> = {}): Promise<ClientsReport> {
      tell({ newest });
      const [report] = (await once(child, 'message')) as [ClientsReport];
      return report;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** Records an event whose content says its version. A commit whose answer was lost may have happened: then there is one more. */
async function write({ database }: ShopProcesses, orderId: string): Promise<void> {
  await eventually(
    () =>
      withTransaction(database, async (transaction) => {
        const order = await row<{ version: number }>(
          transaction,
          'SELECT version FROM orders WHERE id = $1 FOR UPDATE',
          [orderId],
        );
        const payload = { sku: 'A', quantity: order!.version + 1 };
        await recordEvents(transaction, ORDER, orderId, { type: 'order.units_shipped', payload });
        return true;
      }).catch(() => false),
    Boolean,
  );
}

async function newestOf({ database }: ShopProcesses): Promise<Record<string, number>> {
  const found = await rows<{ id: string; version: number }>(
    database.manager,
    'SELECT id, version FROM orders',
  );
  return Object.fromEntries(found.map(({ id, version }) => [id, version]));
}

test('500 clients get each of 2,000 events once and in order, though a node is killed and Redis and Postgres crash', async () => {
  const shop = await openShopProcesses({
    postgres: servers.place,
    environment: { REDIS_URL: servers.redisUrl, CONNECTIONS_PER_ADDRESS: '2000' },
  });
  const wake = openJournalWake(configOf((shop.database.options as { readonly url?: string }).url!), {
    applicationName: 'drill-wake',
    logger: SILENT,
  });
  onEventsCommitted(shop.database, wake.wake);
  let clients: ReturnType<typeof startClients> | undefined;
  try {
    const orders: Followed[] = [];
    while (orders.length < ORDERS) {
      const { id } = await buildOrder(shop.database);
      orders.push({ orderId: id, token: orderToken(LIVE_TOKENS, id) });
    }
    const [first, second] = [await shop.startRealtime(), await shop.startRealtime()];
    clients = startClients([first.address, second.address], orders);
    const { report } = clients;
    const allFollow = (connections: number) =>
      eventually(
        () => report(),
        (it) => it.following === CLIENTS && it.connections >= connections,
      );
    await allFollow(CLIENTS);

    let written = 0;
    const writeUntil = (count: number) =>
      Promise.all(
        Array.from({ length: WRITERS }, async () => {
          while (written < count) {
            written += 1;
            await write(shop, orders[written % ORDERS]!.orderId);
          }
        }),
      );

    await writeUntil(EVENTS / 5);
    const killedAt = performance.now();
    const resumed = first
      .kill()
      .then(() => allFollow(CLIENTS + CLIENTS / 2))
      .then(() => Math.round(performance.now() - killedAt));
    const [resumedAfterMs] = await Promise.all([resumed, writeUntil((2 * EVENTS) / 5)]);
    await Promise.all([writeUntil((3 * EVENTS) / 5), servers.crash('Redis')]);
    await Promise.all([writeUntil((4 * EVENTS) / 5), servers.crash('Postgres')]);
    await writeUntil(EVENTS);

    const newest = await newestOf(shop);
    const told = Object.values(newest).reduce((sum, version) => sum + version, 0);
    expect(told).toBeGreaterThanOrEqual(EVENTS + 2 * ORDERS);
    const end = await eventually(
      () => report(newest),
      ({ behind }) => behind === 0,
    );
    expect(end).toMatchObject({ following: CLIENTS, behind: 0, wrong: 0 });
    process.stdout.write(`${JSON.stringify({ resumedAfterMs, ...end })}\n`);
    expect(shop.logs()).not.toMatch(/uncaught failure/);
    for (const { token } of orders) expect(shop.logs()).not.toContain(token);
    const ready = await fetch(`${second.address}/health/ready`);
    expect(await ready.json()).toEqual({ status: 'ready', away: [] });
    expect(await second.stop()).toBeUndefined();
    expect((await report()).following).toBe(0);
  } finally {
    clients?.stop();
    await wake.close();
    await shop.close();
  }
});
