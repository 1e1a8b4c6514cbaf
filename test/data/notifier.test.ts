import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { readEvents } from '../../entities/events/read-events';
import type { JournalEvent } from '../../entities/events/read-journal';
import { startJournalCursor, storeJournalCursor } from '../../entities/events/store-journal-cursor';
import { noteEvents } from '../../entities/notifications/note-events';
import { NOTIFICATION_BOX } from '../../entities/notifications/notifications.events';
import { notify } from '../../entities/notifications/notify';
import { wakeOverdue } from '../../entities/notifications/wake-overdue';
import { newId } from '../../entities/values/uuid';
import { createBell } from '../../platform/bell';
import { createLogger } from '../../platform/logger';
import { createMetrics } from '../../platform/metrics';
import { notifierMetrics } from '../../workers/notifier/notifier-metrics';
import { startNotifier } from '../../workers/notifier/start-notifier';
import { createTellEvents, Superseded } from '../../workers/notifier/tell-events';
import { tendOverdue } from '../../workers/notifier/tend-overdue';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import { buildAgent } from '../support/factories/chat';
import { buildNotification, notificationTools, tehran } from '../support/factories/notifications';
import { buildOrder } from '../support/factories/orders';
import { interleave } from '../support/interleave';
import { SILENT, configOf, cursorOf } from '../support/journal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { collectLines } from '../unit/platform/log-lines';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const { badgeOf, deliver, eventsOf, kindsOf } = notificationTools(() => shop);

async function buildPeople(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  await rows(
    shop.database.manager,
    `INSERT INTO accounts (id, phone) SELECT id, '+98' || (9350000000 + (SELECT count(*) FROM accounts) + place)
     FROM unnest($1::uuid[]) WITH ORDINALITY AS new(id, place)`,
    [ids],
  );
  return ids;
}

/** An event of which an account is told. */
const factorReplaced = (accountId: string): JournalEvent => ({
  ...{ id: 1, xid: 1, aggregateType: 'account', aggregateId: accountId, version: 90 },
  ...{ type: 'account.factor_replaced', payload: {}, createdAt: new Date() },
});

/** Lets Postgres refuse whatever a box is told, until the function that is returned is called. */
async function refuseNotices(boxId: string, code: string): Promise<() => Promise<unknown>> {
  const run = (sql: string) => rows(shop.database.manager, sql);
  await run(
    `CREATE OR REPLACE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN IF new.box_id = '${boxId}' THEN RAISE 'refused' USING ERRCODE = '${code}'; END IF; RETURN new; END $$`,
  );
  await run(
    'CREATE TRIGGER refuse_one BEFORE INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION refuse_one()',
  );
  return () => run('DROP TRIGGER refuse_one ON notifications');
}

const notified = (ids: readonly string[]) =>
  rows<{ boxId: string; times: string }>(
    shop.database.manager,
    `SELECT box_id AS "boxId", count(*)::text AS times FROM notifications WHERE box_id = ANY($1::uuid[]) GROUP BY box_id`,
    [ids],
  );

test('of two leaders with one cursor, one keeps its batch and the other nothing', async () => {
  const order = await buildOrder(shop.database, { stage: 'paid' });
  const events = await eventsOf(order.id);
  const consumer = `doubled-${newId()}`;
  const from = await shop.run((transaction) => startJournalCursor(transaction, consumer));
  const batch = async (transaction: Parameters<typeof noteEvents>[0]) => {
    const created = await noteEvents(transaction, events);
    const isOurs = await storeJournalCursor(transaction, consumer, '900:900:', from);
    return { created: created.length, isOurs };
  };
  const { first, second } = await interleave(shop, batch, batch);
  expect(first).toEqual({ created: 1, isOurs: true });
  expect(second).toMatchObject({ status: 'fulfilled', value: { created: 0, isOurs: false } });
  expect(await notified([order.id])).toEqual([{ boxId: order.id, times: '1' }]);
});

test('a batch that dies before its commit is told again, whole', async () => {
  const order = await buildOrder(shop.database, { stage: 'paid' });
  const events = await eventsOf(order.id);
  const dies = shop.run(async (transaction) => {
    await noteEvents(transaction, events);
    throw new Error('killed');
  });
  await expect(dies).rejects.toThrow('killed');
  expect(await notified([order.id])).toEqual([]);
  expect(await kindsOf(order.id)).toEqual(['order_paid']);
});

test('connections that are cut and leaders that change tell nobody twice and miss nobody', async () => {
  const name = `notifier-${newId().slice(-8)}`;
  const metrics = [createMetrics(), createMetrics()];
  await shop.run((transaction) => startJournalCursor(transaction, name));
  const notifiers = metrics.map((it) =>
    startNotifier({
      name,
      database: shop.database,
      databaseConfig: configOf(shop.url),
      logger: SILENT,
      metrics: it,
    }),
  );
  const leader = () => notifiers.find(({ isLeading }) => isLeading);
  const orders: string[] = [];
  try {
    for (let round = 0; round < 4; round += 1) {
      await eventually(() => leader() !== undefined, Boolean);
      for (let more = 0; more < 3; more += 1) {
        orders.push((await buildOrder(shop.database, { stage: 'paid' })).id);
        if (more === 1)
          await rows(
            shop.database.manager,
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'asoud-%${name}'`,
          );
      }
    }
    await eventually(
      () => notified(orders),
      (found) => found.length === orders.length,
    );
    expect(new Set((await notified(orders)).map(({ times }) => times))).toEqual(new Set(['1']));
    const created = await Promise.all(
      metrics.map(async ({ registry }) => {
        const { values } = await registry.getSingleMetric('notifications_created_total')!.get();
        return values.reduce((sum, { value }) => sum + value, 0);
      }),
    );
    expect(created[0]! + created[1]!).toBeGreaterThanOrEqual(orders.length);
  } finally {
    await Promise.all(notifiers.map((it) => it.close()));
  }
});

test('a leader whose cursor another process has moved keeps nothing of its batch, and leads again from there', async () => {
  const name = `stale-${newId().slice(-8)}`;
  const { destination, lines } = collectLines();
  const metrics = createMetrics();
  const notifier = startNotifier({
    ...{ name, database: shop.database, databaseConfig: configOf(shop.url), metrics },
    logger: createLogger({ logLevel: 'info' }, { service: 'test', destination }),
  });
  try {
    await eventually(() => notifier.isLeading, Boolean);
    const moved = await cursorOf(shop);
    await shop.run((transaction) => storeJournalCursor(transaction, name, moved));
    const { id } = await buildOrder(shop.database, { stage: 'paid' });
    await eventually(
      () => notified([id]),
      (found) => found.length === 1,
    );
    expect(lines().map(({ reason }) => reason)).toContain('another process has moved the cursor');
    expect(await notified([id])).toEqual([{ boxId: id, times: '1' }]);
  } finally {
    await notifier.close();
  }
});

test('an event that Postgres refuses is left out, named and counted, and all others are told', async () => {
  const name = `refusing-${newId().slice(-8)}`;
  const { destination, lines } = collectLines();
  const metrics = createMetrics();
  await shop.run((transaction) => startJournalCursor(transaction, name));
  const [before, refused, after] = [
    await buildOrder(shop.database, { stage: 'paid' }),
    await buildOrder(shop.database, { stage: 'paid' }),
    await buildOrder(shop.database, { stage: 'paid' }),
  ].map(({ id }) => id) as [string, string, string];
  const allow = await refuseNotices(refused, '22023');
  const notifier = startNotifier({
    ...{ name, database: shop.database, databaseConfig: configOf(shop.url), metrics },
    logger: createLogger({ logLevel: 'info' }, { service: 'test', destination }),
  });
  try {
    await eventually(
      () => notified([before, after]),
      (found) => found.length === 2,
    );
    await eventually(
      () => metrics.registry.getSingleMetricAsString('notifier_events_skipped_total'),
      (text) => text.includes('notifier_events_skipped_total 1'),
    );
    expect(await notified([refused])).toEqual([]);
    expect(lines()).toContainEqual(
      expect.objectContaining({ msg: 'somebody is not told of an event', type: 'order.paid' }),
    );
  } finally {
    await notifier.close();
    await allow();
  }
});

test('a relay or workflow that was lost is made up for, and not again at once', async () => {
  const { boxId } = await buildNotification(shop);
  await rows(
    shop.database.manager,
    "UPDATE notification_deliveries SET created_at = now() - interval '6 minutes' WHERE box_id = $1",
    [boxId],
  );
  expect((await shop.run(wakeOverdue)).count).toBeGreaterThan(0);
  const { version } = await badgeOf(boxId);
  await shop.run(wakeOverdue);
  expect((await badgeOf(boxId)).version).toBe(version);
  const events = await readEvents(shop.database.manager, NOTIFICATION_BOX, boxId, 0, 10);
  expect(events.map(({ type }) => type)).toEqual(['notifications.added', 'notifications.overdue']);
  await deliver(boxId, tehran(12));
});

test('an old payload that no rule can read and a person who cannot be told keep nobody else from hearing', async () => {
  const colleagues = [await buildAgent(shop, 'staff'), await buildAgent(shop, 'staff')] as const;
  const [refused, fine] = colleagues;
  const order = await buildOrder(shop.database, { stage: 'paid' });
  const paid = (await eventsOf(order.id)).filter(({ type }) => type === 'order.paid');
  const unreadable = {
    ...paid[0]!,
    aggregateType: 'ticket',
    type: 'ticket.answered',
    payload: null as never,
  };
  const stuck = {
    ...{ ...paid[0]!, aggregateType: 'purchase_order', aggregateId: newId(), payload: {} },
    type: 'purchase_order.needs_attention',
  };
  const allow = await refuseNotices(refused.accountId, 'P0001');
  const name = `tell-${newId().slice(-8)}`;
  const cursor = await shop.run((transaction) => startJournalCursor(transaction, name));
  const { destination, lines } = collectLines();
  const metrics = createMetrics();
  const tell = createTellEvents({
    ...{ name, database: shop.database, cursor, isStopped: () => false },
    logger: createLogger({ logLevel: 'info' }, { service: 'test', destination }),
    counted: notifierMetrics(metrics, () => 0),
  });
  try {
    await tell([unreadable, stuck, ...paid], '900:900:');
  } finally {
    await allow();
  }
  expect(await kindsIn(order.id)).toEqual(['order_paid']);
  expect(await kindsIn(fine.accountId)).toContain('purchase_stuck');
  expect(await kindsIn(refused.accountId)).not.toContain('purchase_stuck');
  expect(lines()).toContainEqual(
    expect.objectContaining({ msg: 'nobody is told of an event', type: 'ticket.answered' }),
  );
  expect(lines()).toContainEqual(
    expect.objectContaining({ msg: 'somebody is not told of an event', box: refused.accountId }),
  );
  expect(await metrics.registry.getSingleMetricAsString('notifier_events_skipped_total')).toContain(
    'notifier_events_skipped_total 2',
  );
  expect(await shop.run((transaction) => startJournalCursor(transaction, name))).toBe('900:900:');
});

const kindsIn = async (boxId: string) => {
  const found = await rows<{ kind: string }>(
    shop.database.manager,
    'SELECT kind FROM notifications WHERE box_id = $1',
    [boxId],
  );
  return found.map(({ kind }) => kind);
};

describe('what waits for too long', () => {
  /** Many boxes with one message each, which has waited for so many minutes. */
  const buildOverdue = async (count: number, minutes: number) => {
    const ids = await buildPeople(count);
    await shop.run((transaction) =>
      notify(
        transaction,
        ids.map((accountId) => ({
          ...{ owner: { accountId }, kind: 'order_expired' as const, data: { orderId: newId() } },
          ...{ at: new Date(), dedupeKey: 'overdue' },
        })),
      ),
    );
    await rows(
      shop.database.manager,
      "UPDATE notification_deliveries SET created_at = now() - $2 * interval '1 minute' WHERE box_id = ANY($1)",
      [ids, minutes],
    );
    return ids;
  };
  const wokenOf = async (ids: readonly string[]) => {
    const [found] = await rows<{ boxes: string; events: string }>(
      shop.database.manager,
      `SELECT count(DISTINCT aggregate_id)::text AS boxes, count(*)::text AS events FROM events
       WHERE type = 'notifications.overdue' AND aggregate_id = ANY($1)`,
      [ids],
    );
    return { boxes: Number(found!.boxes), events: Number(found!.events) };
  };
  const wokenAgo = (ids: readonly string[], minutes: number) =>
    rows(
      shop.database.manager,
      "UPDATE notification_boxes SET woken_at = now() - $2 * interval '1 minute' WHERE id = ANY($1)",
      [ids, minutes],
    );
  const end = (ids: readonly string[]) =>
    rows(
      shop.database.manager,
      `UPDATE notification_deliveries SET status = 'suppressed', reason = 'gone', ended_at = now()
       WHERE box_id = ANY($1) AND channel = 'sms'`,
      [ids],
    );

  test('is woken while a page is full: of more than two pages nobody waits for the next minute', async () => {
    const ids = await buildOverdue(1_100, 6);
    const bell = createBell();
    const tending = tendOverdue(shop.database, bell, SILENT);
    await eventually(
      () => wokenOf(ids),
      ({ boxes }) => boxes === ids.length,
    );
    bell.stop();
    await tending;
    expect(await wokenOf(ids)).toEqual({ boxes: 1_100, events: 1_100 });
    await end(ids);
  });

  test('is woken also while what no provider took cannot be queued again', async () => {
    const [box] = (await buildOverdue(1, 6)) as [string];
    const { destination, lines } = collectLines();
    const bell = createBell();
    let chores = 0;
    const database = interrupted(shop.database, async () => {
      chores += 1;
      if (chores === 1) throw new Error('refused');
    });
    const logger = createLogger({ logLevel: 'info' }, { service: 'test', destination });
    const tending = tendOverdue(database, bell, logger);
    await eventually(
      () => wokenOf([box]),
      ({ boxes }) => boxes === 1,
    );
    bell.stop();
    await tending;
    expect(lines()).toContainEqual(
      expect.objectContaining({
        msg: 'messages that wait for too long cannot be tended',
        chore: 'reopenLate',
      }),
    );
    await end([box]);
  });

  test('and was never woken comes before what was, so that nobody starves while Temporal is away', async () => {
    const old = await buildOverdue(600, 12);
    await wokenAgo(old, 11);
    const fresh = await buildOverdue(2, 6);
    expect(await shop.run(wakeOverdue)).toEqual({ count: 500, isFull: true });
    expect(await wokenOf(fresh)).toMatchObject({ boxes: 2 });
    expect(await shop.run(wakeOverdue)).toEqual({ count: 102, isFull: false });
    await end([...old, ...fresh]);
  });

  test('is woken again after ten minutes, then more and more rarely, hourly at last', async () => {
    const [box] = (await buildOverdue(1, 300)) as [string];
    const isWoken = async (minutesAgo: number, waits: number) => {
      await wokenAgo([box], minutesAgo);
      await rows(
        shop.database.manager,
        "UPDATE notification_deliveries SET created_at = now() - $2 * interval '1 minute' WHERE box_id = $1",
        [box, waits],
      );
      return (await shop.run(wakeOverdue)).count === 1;
    };
    // Woken after 5, 15, 30 and 240 minutes.
    expect([await isWoken(9, 14), await isWoken(11, 16)]).toEqual([false, true]);
    expect([await isWoken(14, 29), await isWoken(16, 31)]).toEqual([false, true]);
    expect([await isWoken(59, 299), await isWoken(61, 301)]).toEqual([false, true]);
    await end([box]);
  });

  test('is found by an index, however many messages were sent', async () => {
    await rows(shop.database.manager, 'ANALYZE notification_deliveries');
    const plan = await shop.run(async (transaction) => {
      await transaction.query('SET LOCAL enable_seqscan = off');
      return transaction.query(
        `EXPLAIN SELECT box_id FROM notification_deliveries
         WHERE status IN ('queued', 'deferred') AND coalesce(due_at, created_at) < now() - interval '5 minutes'`,
      );
    });
    expect(JSON.stringify(plan)).toContain('ix_notification_deliveries_due');
  });
});

test('a second leader between the parts of a batch: everybody is told once, and the first one keeps no cursor', async () => {
  const name = `parted-${newId().slice(-8)}`;
  const cursor = await shop.run((transaction) => startJournalCursor(transaction, name));
  // 1,200 people in three parts: each hears of a payment.
  const people = await buildPeople(1_200);
  const events = people.map(factorReplaced);
  let parts = 0;
  const leader = (between?: () => Promise<void>) => {
    const metrics = createMetrics();
    const counted = notifierMetrics(metrics, () => 0);
    const database = between === undefined ? shop.database : interrupted(shop.database, between);
    return createTellEvents({ name, database, cursor, logger: SILENT, counted, isStopped: () => false });
  };
  const second = leader();
  const first = leader(async () => {
    parts += 1;
    // The people are found, and the first part is told.
    if (parts === 3) await second(events, '900:900:');
  });
  await expect(first(events, '950:950:')).rejects.toThrow(Superseded);
  expect(parts).toBe(3);
  const told = await notified(people);
  expect(told).toHaveLength(people.length);
  expect(new Set(told.map(({ times }) => times))).toEqual(new Set(['1']));
  const versions = await rows<{ version: number }>(
    shop.database.manager,
    'SELECT DISTINCT version FROM notification_boxes WHERE id = ANY($1)',
    [people],
  );
  expect(versions).toEqual([{ version: 1 }]);
  expect(await shop.run((transaction) => startJournalCursor(transaction, name))).toBe('900:900:');
});

test('a check that refuses somebody in the first part of a batch holds nobody in the other parts back, and keeps the cursor', async () => {
  const name = `held-${newId().slice(-8)}`;
  const cursor = await shop.run((transaction) => startJournalCursor(transaction, name));
  const counted = notifierMetrics(createMetrics(), () => 0);
  const tell = createTellEvents({
    ...{ name, database: shop.database, cursor, logger: SILENT, counted, isStopped: () => false },
  });
  const people = await buildPeople(1_200);
  const events = people.map(factorReplaced);
  await rows(
    shop.database.manager,
    `ALTER TABLE notifications ADD CONSTRAINT ck_notifications_probe CHECK (box_id <> '${people[0]}') NOT VALID`,
  );
  try {
    await expect(tell(events, '900:900:')).rejects.toThrow('ck_notifications_probe');
    expect(await notified(people)).toHaveLength(1_199);
    expect(await shop.run((transaction) => startJournalCursor(transaction, name))).toBe(cursor);
  } finally {
    await rows(shop.database.manager, 'ALTER TABLE notifications DROP CONSTRAINT ck_notifications_probe');
  }
  await tell(events, '900:900:');
  expect(await notified(people)).toHaveLength(1_200);
  expect(await shop.run((transaction) => startJournalCursor(transaction, name))).toBe('900:900:');
});

/** A database that does something before each transaction. */
const interrupted = (database: DataSource, before: () => Promise<void>): DataSource =>
  new Proxy(database, {
    get(target, property) {
      if (property !== 'createQueryRunner') return Reflect.get(target, property) as unknown;
      return () => {
        const runner = target.createQueryRunner();
        const start = runner.startTransaction.bind(runner);
        runner.startTransaction = async (...level) => {
          await before();
          await start(...level);
        };
        return runner;
      };
    },
  });

test('a check of the schema that is older than the code holds the batch back, and its migration lets it through', async () => {
  const [refused, fine] = [await buildAccount(shop.database), await buildAccount(shop.database)];
  const name = `checked-${newId().slice(-8)}`;
  const cursor = await shop.run((transaction) => startJournalCursor(transaction, name));
  const metrics = createMetrics();
  const tell = createTellEvents({
    ...{ name, database: shop.database, cursor, logger: SILENT, isStopped: () => false },
    counted: notifierMetrics(metrics, () => 0),
  });
  const events = [refused.id, fine.id].map(factorReplaced);
  await rows(
    shop.database.manager,
    `ALTER TABLE notifications ADD CONSTRAINT ck_notifications_probe CHECK (box_id <> '${refused.id}') NOT VALID`,
  );
  try {
    await expect(tell(events, '900:900:')).rejects.toThrow('ck_notifications_probe');
    expect(await notified([refused.id, fine.id])).toEqual([{ boxId: fine.id, times: '1' }]);
    expect(await shop.run((transaction) => startJournalCursor(transaction, name))).toBe(cursor);
  } finally {
    await rows(shop.database.manager, 'ALTER TABLE notifications DROP CONSTRAINT ck_notifications_probe');
  }
  await tell(events, '900:900:');
  expect(await notified([refused.id, fine.id])).toHaveLength(2);
  expect(await metrics.registry.getSingleMetricAsString('notifier_events_skipped_total')).toContain(
    'notifier_events_skipped_total 0',
  );
});
