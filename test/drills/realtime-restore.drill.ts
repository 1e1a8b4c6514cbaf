import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { recordEvents } from '../../entities/events/record-events';
import { orderToken } from '../../entities/orders/order-token';
import { ORDER } from '../../entities/orders/orders.events';
import { openPostgres } from '../../platform/postgres';
import { withTransaction } from '../../platform/transaction';
import type { SubscribedView } from '../../realtime/subscribe-to';
import { eventually } from '../support/eventually';
import { buildOrder } from '../support/factories/orders';
import { configOf } from '../support/journal';
import { LIVE_TOKENS, openRealtimeNode } from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { openTcpGate, type TcpGate } from '../support/tcp-gate';
import { statement } from '../support/templates';
import { ownPostgres } from './own-postgres';

/** Where the dump is restored: another cluster, whose transaction ids are behind. */
const other = ownPostgres();
let shop: ShopDatabase;
let gate: TcpGate;

beforeAll(async () => {
  shop = await openShopDatabase();
  gate = await openTcpGate(new URL(shop.url).host);
});
afterAll(async () => {
  await gate.close();
  await shop.close();
});

async function within<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const nextId = (url: string) =>
  within(url, async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
    return Number(rows[0]!.id);
  });

/** Uses transaction ids up. */
const passIds = (url: string, count: number) =>
  within(url, (client) =>
    client.query(
      `DO $$ BEGIN FOR i IN 1..${count} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`,
    ),
  );

/** Copies every row to a database with the same tables, as a dump does, with the journal made old (docs/journal.md). */
async function copyRows(from: string, to: string): Promise<void> {
  await within(from, (source) =>
    within(to, async (target) => {
      const { rows: tables } = await source.query<{ name: string; columns: string }>(
        `SELECT c.oid::regclass::text AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attgenerated = ''
         GROUP BY c.oid`,
      );
      await target.query('SET session_replication_role = replica');
      await target.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')} CASCADE`);
      for (const { name, columns } of tables) {
        const { rows } = await source.query<{ all: string }>(
          `SELECT coalesce(json_agg(t), '[]')::text AS all FROM ${name} AS t`,
        );
        await target.query(
          `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE
           SELECT ${columns} FROM json_populate_recordset(NULL::${name}, $1)`,
          [rows[0]!.all],
        );
      }
      await target.query('UPDATE events SET xid = 3');
      await target.query(`SELECT setval(pg_get_serial_sequence('events', 'id'), max(id)) FROM events`);
    }),
  );
}

test('a node whose database is replaced by an older dump asks its clients again, and those ahead forget what they know', async () => {
  const name = shop.database.driver.database!;
  const { postgresUrl, templates } = other.place;
  await statement(postgresUrl, `CREATE DATABASE ${name} TEMPLATE ${templates.migrated}`);
  // Clients of the one get into the other.
  const at = new URL(shop.url);
  await statement(postgresUrl, `ALTER ROLE ${at.username} PASSWORD '${at.password}'`);
  at.host = new URL(postgresUrl).host;
  const target = at.href;
  const behind = (await nextId(target)) + 10_000 - (await nextId(inject('stack').postgresUrl));
  if (behind > 0) await passIds(inject('stack').postgresUrl, behind);

  const through = new URL(shop.url);
  through.host = gate.address;
  const node = await openRealtimeNode(shop, { databaseUrl: through.href });
  const restored = await openPostgres(
    configOf(target),
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'restored',
  );
  try {
    const { id: orderId } = await buildOrder(shop.database);
    const ship = (transaction: Parameters<typeof recordEvents>[0], sku: string) =>
      recordEvents(transaction, ORDER, orderId, {
        type: 'order.units_shipped',
        payload: { sku, quantity: 1 },
      });
    const client = await node.connect('/orders');
    const subscribe = (after: number) =>
      client.get<SubscribedView>('subscribe', { orderId, token: orderToken(LIVE_TOKENS, orderId), after });
    await subscribe(2);
    await copyRows(shop.url, target);
    for (const sku of ['LOST', 'TOO']) await shop.run((transaction) => ship(transaction, sku));
    await eventually(
      () => client.events.at(-1)?.version,
      (version) => version === 4,
    );

    gate.leadTo(new URL(postgresUrl).host);
    gate.open();
    await eventually(
      () => client.others.map((told) => told.name),
      (names) => names.includes('resync'),
    );
    expect(await subscribe(4)).toMatchObject({ reset: true, version: 2, state: { id: orderId, version: 2 } });
    await withTransaction(restored, (transaction) => ship(transaction, 'NEW'));
    await eventually(
      () => client.events.at(-1),
      (event) => event?.version === 3 && (event.payload as { sku?: string }).sku === 'NEW',
    );
  } finally {
    await node.close();
    await restored.destroy();
  }
});
