import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { announceEvents } from '../../entities/events/record-events';
import { openJournalWake, type JournalWake } from '../../platform/journal-wake';
import { countStatements } from '../../platform/statement-count';
import { onEventsCommitted } from '../../platform/transaction';
import { eventually } from '../support/eventually';
import { configOf, follow, makeParcels, move, SILENT } from '../support/journal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openTcpGate } from '../support/tcp-gate';

const NAME = 'test-wake';

let shop: ShopDatabase;
let listener: Client;
let parcel: string;
let heard = 0;
let journal: JournalWake;

beforeAll(async () => {
  shop = await openShopDatabase();
  [parcel] = (await makeParcels(shop)) as [string];
  listener = new Client({ connectionString: shop.url });
  await listener.connect();
  listener.on('notification', () => (heard += 1));
  await listener.query('LISTEN events');
});
beforeEach(async () => {
  // What Postgres still has to say of the last test comes before the answer.
  await listener.query('SELECT 1');
  heard = 0;
  open(shop.url);
});
afterEach(() => journal.close());
afterAll(async () => {
  await listener.end();
  await shop.close();
});

function open(url: string): void {
  journal = openJournalWake(configOf(url), { applicationName: NAME, logger: SILENT });
  onEventsCommitted(shop.database, journal.wake);
}

const record = () => shop.run((transaction) => move(transaction, parcel, 1));
const hears = (count: number) =>
  eventually(
    () => heard,
    (sum) => sum >= count,
  );

test('a commit with events wakes the readers, one without them does not', async () => {
  await shop.run((transaction) => rows(transaction, 'UPDATE parcels SET version = version'));
  const refused = shop.run(async (transaction) => {
    await move(transaction, parcel, 1);
    throw new Error('refused');
  });
  await expect(refused).rejects.toThrow('refused');

  await record();

  await hears(1);
  await journal.close();
  expect(heard).toBe(1);
});

test('a transaction whose events a trigger writes is marked by hand', async () => {
  await shop.run(async (transaction) => announceEvents(transaction));

  await hears(1);
});

test('a tail reads a commit without waiting for its next poll', async () => {
  const tail = await follow(shop);
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    // The poll before the clock stopped may still find the first event. From then on no poll comes.
    for (let count = 1; count <= 3; count += 1) {
      await record();
      await tail.hasRead(count);
    }
  } finally {
    vi.useRealTimers();
    await tail.close();
  }
});

test('wake-ups that come while one is under way share the next', async () => {
  for (let count = 0; count < 100; count += 1) journal.wake();

  await hears(2);
  await journal.close();
  expect(heard).toBe(2);
});

test('a wake-up is no statement of the transaction', async () => {
  const { statements } = await countStatements(shop.database, record);
  await hears(1);

  expect(statements).toHaveLength(3);
});

test('transactions go on while the connection of the wake-up is killed, and readers are woken again', async () => {
  await record();
  await hears(1);
  const kill = () =>
    rows(
      shop.database.manager,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = $1`,
      [NAME],
    );

  expect(await kill()).toHaveLength(1);
  await Promise.all(Array.from({ length: 20 }, record));

  await eventually(record, () => heard > 1);
});

test('transactions neither fail nor wait when the wake-up gets no answer or no connection', async () => {
  await journal.close();
  const gate = await openTcpGate(new URL(shop.url).host);
  const url = new URL(shop.url);
  url.host = gate.address;
  open(url.href);

  await record();
  await hears(1);
  gate.swallow();
  await record();
  await record();
  await gate.close();
  await journal.close();
  open(url.href);
  await record();

  const tail = await follow(shop);
  await record();
  expect(await tail.hasRead(1)).toHaveLength(1);
  await tail.close();
});
