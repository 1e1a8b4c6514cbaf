import { expect, test } from 'vitest';

import { eventually } from '../support/eventually';
import { buildApprovedChange, standingOf } from '../support/factories/number-changes';
import { buildOrder } from '../support/factories/orders';
import { openShopProcesses, type ShopProcesses } from '../support/shop-processes';
import { rows } from '../support/sql';

/** The server's end of the connection with which a worker leads. */
async function leader(
  { database }: ShopProcesses,
  what: 'relay' | 'notifier' = 'relay',
): Promise<number | undefined> {
  const found = await rows<{ pid: number }>(
    database.manager,
    `SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = $1
       AND a.datname = current_database()`,
    [`asoud-lead-${what}`],
  );
  return found[0]?.pid;
}

/** An approved change of number, which nobody starts but the relay, is carried out. */
async function expectRelayed(shop: ShopProcesses): Promise<void> {
  const change = await buildApprovedChange(shop.database, 0);
  const standing = await eventually(
    () => standingOf(shop.database, change),
    (it) => it?.status === 'changed',
  );
  expect(standing?.phone).toBe(change.newPhone);
}

/** A buyer hears of a paid order, by a message that one workflow delivers. Returns the order. */
async function expectTold(shop: ShopProcesses): Promise<string> {
  const { id } = await buildOrder(shop.database, { stage: 'paid' });
  await eventually(
    () => toldOf(shop, [id]),
    ([found]) => found?.messages === 1,
  );
  return id;
}

/** How often each of these orders was told, and how many messages there are of it. */
function toldOf({ database }: ShopProcesses, orders: readonly string[]) {
  return rows<{ boxId: string; times: number; messages: number }>(
    database.manager,
    `SELECT n.box_id AS "boxId", count(*)::integer AS times, count(m.id)::integer AS messages
     FROM notifications n
       LEFT JOIN notification_deliveries d ON d.notification_id = n.id AND d.channel = 'sms'
       LEFT JOIN sms_messages m ON m.id = d.message_id
     WHERE n.box_id = ANY($1::uuid[]) AND n.kind = 'order_paid' GROUP BY n.box_id ORDER BY n.box_id`,
    [orders],
  );
}

test('relay and notifier go on in another worker when theirs is killed, and when it is frozen; each order is told once', async () => {
  const shop = await openShopProcesses();
  const orders: string[] = [];
  try {
    const first = await shop.startWorker();
    const killed = await eventually(() => leader(shop), Boolean);
    const notifier = await eventually(() => leader(shop, 'notifier'), Boolean);
    const second = await shop.startWorker();
    await expectRelayed(shop);
    orders.push(await expectTold(shop));
    // Nobody has been told of this one yet when the worker dies.
    orders.push((await buildOrder(shop.database, { stage: 'paid' })).id);

    await first.kill();
    const frozen = await eventually(
      () => leader(shop),
      (pid) => pid !== undefined && pid !== killed,
    );
    const frozenNotifier = await eventually(
      () => leader(shop, 'notifier'),
      (pid) => pid !== undefined && pid !== notifier,
    );
    await expectRelayed(shop);
    orders.push(await expectTold(shop));

    await shop.startWorker();
    second.pause();
    await eventually(
      () => leader(shop),
      (pid) => pid !== undefined && pid !== frozen,
    );
    await eventually(
      () => leader(shop, 'notifier'),
      (pid) => pid !== undefined && pid !== frozenNotifier,
    );
    await expectRelayed(shop);
    orders.push(await expectTold(shop));

    second.goOn();
    await eventually(
      () => shop.logs(),
      (logs) => logs.includes('not leading any more'),
    );
    await expectRelayed(shop);
    orders.push(await expectTold(shop));
    const told = await eventually(
      () => toldOf(shop, orders),
      (found) => found.every(({ messages }) => messages === 1) && found.length === orders.length,
    );
    expect(told).toEqual(orders.toSorted().map((boxId) => ({ boxId, times: 1, messages: 1 })));
  } finally {
    await shop.close();
  }
});
