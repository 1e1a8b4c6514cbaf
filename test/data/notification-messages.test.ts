import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { changeProfile } from '../../entities/customers/change-profile';
import { deliverNotifications } from '../../entities/notifications/deliver-notifications';
import { markNotifications } from '../../entities/notifications/mark-notifications';
import { changePreferences } from '../../entities/notifications/own-preferences';
import { readNotifications } from '../../entities/notifications/read-notifications';
import { reopenLate } from '../../entities/notifications/reopen-late';
import { closeMessage } from '../../entities/sms/close-message';
import { requireMessageState } from '../../entities/sms/message-state';
import { blockAccount } from '../../entities/staff/block-account';
import { takeRoles } from '../../entities/staff/take-roles';
import { newId } from '../../entities/values/uuid';
import { createBell } from '../../platform/bell';
import { tendOverdue } from '../../workers/notifier/tend-overdue';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import {
  buildNotification,
  messagesOf,
  notificationTools,
  requestedFor,
  tehran,
} from '../support/factories/notifications';
import { buildOrder } from '../support/factories/orders';
import { buildSend } from '../support/factories/sms';
import { buildAdmin, buildStaff, type BuiltStaff } from '../support/factories/staff';
import { SILENT } from '../support/journal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
let admin: BuiltStaff;
beforeAll(async () => {
  shop = await openShopDatabase();
  admin = await buildAdmin(shop.database);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const { badgeOf, choose, deliver, list, settle, tellOften } = notificationTools(() => shop);

test('wait over the night, and for other quiet hours when these change meanwhile', async () => {
  const { id: accountId, phone } = await buildAccount(shop.database);
  const { id: orderId } = await buildOrder(shop.database);
  await buildNotification(shop, { accountId, data: { orderId } });
  const until = async (now: Date) => {
    await deliver(accountId, now);
    const [message] = await messagesOf(shop, accountId);
    return message;
  };
  expect(await until(tehran(23))).toMatchObject({
    status: 'deferred',
    reason: 'quiet',
    dueAt: tehran(8, 1),
  });
  await settle(accountId, { quietFrom: 23 * 60, quietTo: 5 * 60 });
  expect(await until(tehran(23.5))).toMatchObject({ dueAt: tehran(5, 1) });
  expect(await requestedFor(shop, phone)).toEqual([]);
  // Moved to where it is day.
  await settle(accountId, { zone: 'America/Los_Angeles', quietFrom: 23 * 60, quietTo: 5 * 60 });
  expect(await until(tehran(23.6))).toMatchObject({ status: 'sent', dueAt: null });
  expect(await requestedFor(shop, phone)).toHaveLength(1);
});

test('are not sent to who switches them off, reads, is blocked or leaves the shop meanwhile', async () => {
  const [chooser, reader, blocked] = [
    await buildAccount(shop.database),
    await buildAccount(shop.database),
    await buildAccount(shop.database),
  ];
  const people = [chooser, reader, blocked];
  for (const { id } of people) {
    await buildNotification(shop, { accountId: id });
    await deliver(id, tehran(23));
  }
  await choose(chooser.id, false);
  const { version: upTo } = await badgeOf(reader.id);
  await shop.run((transaction) =>
    markNotifications(transaction, { accountId: reader.id, as: 'read', which: { upTo } }),
  );
  await shop.run((transaction) => blockAccount(transaction, admin, blocked.id));
  const former = await buildStaff(shop.database, admin, 'staff');
  await shop.run((transaction) =>
    changePreferences(transaction, {
      accountId: former.accountId,
      choices: [{ category: 'purchasing', channel: 'sms', isOn: true }],
    }),
  );
  await buildNotification(shop, {
    ...{ accountId: former.accountId, kind: 'approval_needed', data: { purchaseOrderId: newId() } },
  });
  await shop.run((transaction) =>
    takeRoles(transaction, admin, { accountId: former.accountId, role: 'staff' }),
  );

  for (const { id } of [...people, { id: former.accountId }]) await deliver(id, tehran(9, 1));
  const reasons = await Promise.all(
    [chooser.id, reader.id, blocked.id, former.accountId].map(
      async (id) => (await messagesOf(shop, id))[0]!.reason,
    ),
  );
  expect(reasons).toEqual(['preference', 'read', 'gone', 'role']);
});

test('of a channel that was off from the beginning never wait', async () => {
  const { id: accountId } = await buildAccount(shop.database);
  await choose(accountId, false);
  await choose(accountId, false, 'in_app');
  await buildNotification(shop, { accountId });
  expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'suppressed', reason: 'preference' }]);
  expect(await badgeOf(accountId)).toMatchObject({ unread: 0 });
  expect(await list(accountId)).toEqual([]);
});

test('come as one a day to who wants that: not twice when interrupted, nor after the hour was moved', async () => {
  const { id: accountId, phone } = await buildAccount(shop.database);
  await settle(accountId, { digest: 'daily', digestHour: 18, quietFrom: 0, quietTo: 0, locale: 'en' });
  const orders = [1, 2, 3].map(() => newId());
  for (const orderId of orders)
    await buildNotification(shop, { accountId, data: { orderId }, at: tehran(1) });
  expect(await deliver(accountId, tehran(12))).toMatchObject({ lookAgainInMs: 6 * 3_600_000 });

  const dies = shop.run(async (transaction) => {
    await deliverNotifications(transaction, { boxId: accountId, now: tehran(18) });
    throw new Error('killed');
  });
  await expect(dies).rejects.toThrow('killed');
  const results = await Promise.all([deliver(accountId, tehran(18)), deliver(accountId, tehran(18))]);
  expect(results.map(({ messageIds }) => messageIds.length)).toEqual([1, 1]);
  const digest = { template: 'notification_digest', language: 'en', variables: { count: '3' } };
  expect(await requestedFor(shop, phone)).toEqual([digest]);

  await buildNotification(shop, { accountId, data: { orderId: newId() }, at: tehran(18.1) });
  await settle(accountId, { digest: 'daily', digestHour: 20, quietFrom: 0, quietTo: 0, locale: 'en' });
  await deliver(accountId, tehran(20));
  expect((await messagesOf(shop, accountId)).at(-1)).toMatchObject({
    reason: 'digest',
    dueAt: tehran(20, 1),
  });
  await deliver(accountId, tehran(20, 1));
  expect(await requestedFor(shop, phone)).toEqual([digest, { ...digest, variables: { count: '1' } }]);
});

test('that no provider could take fail alone, and nobody gets more than twenty a day', async () => {
  const { id: accountId, phone } = await buildAccount(shop.database);
  await buildNotification(shop, { accountId, data: { orderId: newId() } });
  await deliver(accountId, tehran(12));
  // The order is not there, so its number is missing.
  expect(await messagesOf(shop, accountId)).toMatchObject([
    { status: 'failed', reason: 'sms.variables_invalid' },
  ]);

  const { id: orderId } = await buildOrder(shop.database);
  for (let times = 0; times < 22; times += 1) await buildNotification(shop, { accountId, data: { orderId } });
  expect(await deliver(accountId, tehran(12))).toMatchObject({ lookAgainInMs: null });
  const reasons = (await messagesOf(shop, accountId)).map(({ reason }) => reason);
  expect(reasons.filter((reason) => reason === 'limit')).toHaveLength(2);
  expect(await requestedFor(shop, phone)).toHaveLength(20);
});

test('speak the language of the profile', async () => {
  const { id: accountId, phone } = await buildAccount(shop.database);
  await shop.run((transaction) => changeProfile(transaction, { accountId, language: 'en' }));
  const { id: orderId } = await buildOrder(shop.database);
  await buildNotification(shop, { accountId, data: { orderId } });
  await deliver(accountId, tehran(12));
  expect(await requestedFor(shop, phone)).toMatchObject([{ language: 'en' }]);
});

test('messages of a day are counted by number, whichever box they came from, and without the fixed ones', async () => {
  const { id: accountId, phone } = await buildAccount(shop.database);
  const { id: orderId } = await buildOrder(shop.database);
  for (let paid = 0; paid < 3; paid += 1)
    await buildNotification(shop, { accountId, kind: 'order_paid', data: { orderId } });
  await deliver(accountId, tehran(12));
  const { id: former } = await buildAccount(shop.database);
  await tellOften(former, 19, orderId);
  await deliver(former, tehran(12));
  await rows(
    shop.database.manager,
    `UPDATE sms_messages SET recipient = $2
     WHERE id IN (SELECT message_id FROM notification_deliveries WHERE box_id = $1)`,
    [former, phone],
  );
  await tellOften(accountId, 2, orderId);
  await deliver(accountId, tehran(12));
  expect((await messagesOf(shop, accountId)).map(({ status, reason }) => [status, reason])).toEqual([
    ...[1, 2, 3, 4].map(() => ['sent', null]),
    ['suppressed', 'limit'],
  ]);
  expect(await requestedFor(shop, phone)).toHaveLength(23);
});

test('of more messages than are judged at once, all wait for the morning and none is judged without end', async () => {
  const { id: accountId } = await buildAccount(shop.database);
  const { id: orderId } = await buildOrder(shop.database);
  await tellOften(accountId, 501, orderId);
  const night = tehran(23);
  expect(await deliver(accountId, night)).toMatchObject({ lookAgainInMs: 0 });
  // The last one is new. After that nothing is.
  expect(await deliver(accountId, night)).toMatchObject({ lookAgainInMs: 0 });
  expect(await deliver(accountId, night)).toMatchObject({ lookAgainInMs: 9 * 3_600_000 });
  const reasons = (await messagesOf(shop, accountId)).map(({ status }) => status);
  expect(new Set(reasons)).toEqual(new Set(['deferred']));
});

test('what a newer version of the code has stored is shown without a text of its own, and not sent', async () => {
  const { boxId } = await buildNotification(shop);
  await rows(shop.database.manager, "UPDATE notifications SET kind = 'parcel_lost' WHERE box_id = $1", [
    boxId,
  ]);
  const part = { accountId: boxId, roles: ['customer' as const], unread: false, limit: 5 };
  expect(await readNotifications(shop.database.manager, part)).toMatchObject([{ text: 'پیام تازه' }]);
  // The worker that knows it may run beside this one.
  const now = new Date();
  expect(await deliver(boxId, now)).toMatchObject({ lookAgainInMs: 60_000 });
  expect(await messagesOf(shop, boxId)).toMatchObject([{ status: 'deferred', reason: 'deploy' }]);
  expect(await deliver(boxId, after(now, 5))).toMatchObject({ lookAgainInMs: expect.closeTo(300_000, -4) });
  expect(await deliver(boxId, after(now, 60))).toMatchObject({ lookAgainInMs: 600_000 });
  // Nobody knows it: a mistake.
  expect(await deliver(boxId, after(now, 24 * 60 + 1))).toMatchObject({ lookAgainInMs: null });
  expect(await messagesOf(shop, boxId)).toMatchObject([{ status: 'suppressed', reason: 'unknown' }]);
});

test('a message that no provider takes before the night is cancelled, and one of money within three days', async () => {
  const { id: accountId } = await buildAccount(shop.database);
  const { id: orderId } = await buildOrder(shop.database);
  for (const kind of ['order_expired', 'order_paid'] as const)
    await buildNotification(shop, { accountId, kind, data: { orderId } });
  await deliver(accountId, tehran(12));
  const handedOver = await rows<{ id: string; template: string; notAfter: Date; isLate: boolean }>(
    shop.database.manager,
    `SELECT id, template, not_after AS "notAfter", not_after > now() + interval '2 days' AS "isLate" FROM sms_messages
     WHERE id IN (SELECT message_id FROM notification_deliveries WHERE box_id = $1) ORDER BY template`,
    [accountId],
  );
  expect(handedOver).toMatchObject([
    { template: 'order_expired', notAfter: tehran(22) },
    { template: 'order_paid', isLate: true },
  ]);
  // It is night, and providers are there again.
  const { id } = handedOver[0]!;
  await rows(shop.database.manager, 'UPDATE sms_messages SET not_after = now() WHERE id = $1', [id]);
  expect(await buildSend(shop.database, id)).toBeNull();
  const state = await shop.run((transaction) => requireMessageState(transaction, id));
  expect(state).toMatchObject({ status: 'cancelled', attempts: [] });
});

test('a delivery moves along its table only', async () => {
  const { boxId } = await buildNotification(shop);
  await deliver(boxId, tehran(12));
  for (const status of ['queued', 'deferred', 'sent'])
    await expect(
      rows(
        shop.database.manager,
        `UPDATE notification_deliveries SET status = $2, reason = NULL WHERE box_id = $1 AND channel = 'sms'`,
        [boxId, status],
      ),
    ).rejects.toThrow(/may not move|violates/);
});

const after = (instant: Date, minutes: number) => new Date(instant.getTime() + minutes * 60_000);

describe('a deploy that is unfinished loses no message', () => {
  test('of a kind or category that only the newer workers know: the first one of these to look sends it', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    await settle(accountId, { quietFrom: 0, quietTo: 0 });
    const { id: orderId } = await buildOrder(shop.database);
    await buildNotification(shop, { accountId, data: { orderId } });
    await buildNotification(shop, { accountId, kind: 'order_expired', data: { orderId } });
    const isKnown = (known: boolean) =>
      rows(
        shop.database.manager,
        `UPDATE notifications SET kind = CASE WHEN $2 THEN 'order_cancelled' ELSE 'order_lost' END
         WHERE box_id = $1 AND kind <> 'order_expired'`,
        [accountId, known],
      );
    await isKnown(false);
    const now = new Date();
    await deliver(accountId, now);
    // What is known does not wait for it.
    expect(await requestedFor(shop, phone)).toMatchObject([{ template: 'order_expired' }]);
    await isKnown(true);
    await deliver(accountId, after(now, 1));
    expect((await requestedFor(shop, phone)).map(({ template }) => template)).toEqual([
      'order_expired',
      'order_cancelled',
    ]);
  });

  /** Takes a template away in Persian, as before its seed has run, until the function that is returned is called. */
  async function withoutTemplate(key: string): Promise<() => Promise<unknown>> {
    const taken = (table: string, where: string) =>
      rows<object>(
        shop.database.manager,
        `DELETE FROM ${table} WHERE ${where} AND language = 'fa' RETURNING *`,
        [key],
      );
    const bindings = await taken('sms_template_bindings', 'template = $1');
    const [template] = await taken('sms_templates', 'key = $1');
    const put = (table: string, found: object[]) =>
      rows(
        shop.database.manager,
        `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
        [JSON.stringify(found)],
      );
    return async () => {
      await put('sms_templates', [template!]);
      await put('sms_template_bindings', bindings);
    };
  }

  test('of a template whose seed has not run yet, and a template that nobody seeds fails after a day', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    await buildNotification(shop, { accountId, kind: 'recovery_code_used', data: {} });
    const seed = await withoutTemplate('recovery_code_used');
    const now = new Date();
    expect(await deliver(accountId, now)).toMatchObject({ lookAgainInMs: 60_000, messageIds: [] });
    expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'deferred', reason: 'deploy' }]);
    const { id: other } = await buildAccount(shop.database);
    await buildNotification(shop, { accountId: other, kind: 'recovery_code_used', data: {} });
    await deliver(other, now);
    expect(await deliver(other, after(now, 24 * 60 + 1))).toMatchObject({ lookAgainInMs: null });
    expect(await messagesOf(shop, other)).toMatchObject([
      { status: 'failed', reason: 'sms.template_unknown' },
    ]);
    await seed();
    await deliver(accountId, after(now, 1));
    expect(await requestedFor(shop, phone)).toMatchObject([{ template: 'recovery_code_used' }]);
  });

  test('of a template that has other variables yet', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    await buildNotification(shop, { accountId, kind: 'recovery_code_used', data: {} });
    const name = (from: string, to: string) =>
      rows(
        shop.database.manager,
        `UPDATE sms_templates SET variables = replace(variables::text, $1, $2)::jsonb
         WHERE key = 'recovery_code_used' AND language = 'fa'`,
        [from, to],
      );
    await name('"ending"', '"other"');
    const now = new Date();
    await deliver(accountId, now);
    expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'deferred', reason: 'deploy' }]);
    await name('"other"', '"ending"');
    await deliver(accountId, after(now, 1));
    expect(await requestedFor(shop, phone)).toHaveLength(1);
  });

  test('that a digest held back for a day: the day of grace begins when its template is missing', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    await settle(accountId, { digest: 'daily', digestHour: 18, quietFrom: 0, quietTo: 0, locale: 'fa' });
    await buildNotification(shop, { accountId, at: tehran(18) });
    await deliver(accountId, tehran(18));
    const seed = await withoutTemplate('notification_digest');
    for (const minutes of [0, 15, 23 * 60]) {
      await deliver(accountId, after(tehran(18, 1), minutes));
      expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'deferred', reason: 'deploy' }]);
    }
    await deliver(accountId, after(tehran(18, 1), 24 * 60 + 1));
    expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'failed' }]);
    await seed();
  });

  test('of a digest: the day keeps its one message', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    await settle(accountId, { digest: 'daily', digestHour: 18, quietFrom: 0, quietTo: 0, locale: 'fa' });
    await buildNotification(shop, { accountId, at: tehran(1) });
    const seed = await withoutTemplate('notification_digest');
    await deliver(accountId, tehran(18));
    expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'deferred', reason: 'deploy' }]);
    expect(await requestedFor(shop, phone)).toEqual([]);
    await seed();
    await deliver(accountId, tehran(18.1));
    expect(await requestedFor(shop, phone)).toMatchObject([{ template: 'notification_digest' }]);
    expect(await deliver(accountId, tehran(18.2))).toMatchObject({ outcomes: [] });
  });
});

test('what happens in the quiet hours of a night comes at their end, before and after midnight', async () => {
  const { id: accountId, phone } = await buildAccount(shop.database);
  const { id: orderId } = await buildOrder(shop.database);
  for (const [hour, day] of [
    [22, 0],
    [23.99, 0],
    [0, 1],
    [7.99, 1],
  ] as const) {
    const at = tehran(hour, day);
    await buildNotification(shop, { accountId, data: { orderId }, at });
    expect(await deliver(accountId, at)).toMatchObject({
      messageIds: [],
      lookAgainInMs: tehran(8, 1).getTime() - at.getTime(),
    });
  }
  expect(new Set((await messagesOf(shop, accountId)).map(({ dueAt }) => dueAt?.getTime()))).toEqual(
    new Set([tehran(8, 1).getTime()]),
  );
  expect(await requestedFor(shop, phone)).toEqual([]);
  expect((await deliver(accountId, tehran(8, 1))).messageIds).toHaveLength(4);
});

test.each([
  ['between its row and its message', 'BEFORE INSERT ON sms_messages'],
  ['after its message', 'BEFORE UPDATE ON notification_digests'],
  ['before its commit', 'BEFORE UPDATE ON notification_deliveries'],
])('of a digest that is killed %s nothing is there, and the day has one message', async (_when, event) => {
  const { id: accountId, phone } = await buildAccount(shop.database);
  await settle(accountId, { digest: 'daily', digestHour: 18, quietFrom: 0, quietTo: 0 });
  await buildNotification(shop, { accountId, at: tehran(1) });
  await deliver(accountId, tehran(12));
  const run = (sql: string) => rows(shop.database.manager, sql);
  await run(
    `CREATE OR REPLACE FUNCTION kill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'killed'; END $$`,
  );
  await run(`CREATE TRIGGER kill ${event} FOR EACH ROW EXECUTE FUNCTION kill()`);
  await expect(deliver(accountId, tehran(18))).rejects.toThrow('killed');
  await run(`DROP TRIGGER kill ON ${event.split(' ').at(-1)!}`);
  const digests = () =>
    rows(shop.database.manager, 'SELECT notifications FROM notification_digests WHERE box_id = $1', [
      accountId,
    ]);
  expect(await digests()).toEqual([]);
  expect(await requestedFor(shop, phone)).toEqual([]);
  await deliver(accountId, tehran(18));
  await deliver(accountId, tehran(18));
  expect(await digests()).toEqual([{ notifications: 1 }]);
  expect(await requestedFor(shop, phone)).toHaveLength(1);
});

describe('a message that no provider took in time', () => {
  // What other tests left.
  beforeAll(() => shop.run(reopenLate));

  /** Somebody whose message was handed over at noon, and cancelled as its time was over. */
  async function buildLate(kind: 'order_expired' | 'order_paid' = 'order_expired') {
    const { id: accountId, phone } = await buildAccount(shop.database);
    const { id: orderId } = await buildOrder(shop.database);
    await buildNotification(shop, { accountId, kind, data: { orderId } });
    await deliver(accountId, tehran(12));
    const [message] = await messagesOf(shop, accountId);
    return { accountId, phone, messageId: message!.messageId! };
  }
  const cancel = async (messageId: string) => {
    await rows(shop.database.manager, 'UPDATE sms_messages SET not_after = now() WHERE id = $1', [messageId]);
    expect(await buildSend(shop.database, messageId)).toBeNull();
  };
  const statusesFor = (phone: string) =>
    rows<{ status: string }>(
      shop.database.manager,
      'SELECT status FROM sms_messages WHERE recipient = $1 ORDER BY created_at, id',
      [phone],
    );

  test('is judged again: it waits for the morning and comes then, once', async () => {
    const { accountId, phone, messageId } = await buildLate();
    await cancel(messageId);
    expect(await shop.run(reopenLate)).toEqual({ count: 1, isFull: false });
    expect(await shop.run(reopenLate)).toEqual({ count: 0, isFull: false });
    expect(await deliver(accountId, tehran(23))).toMatchObject({ messageIds: [] });
    expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'deferred', dueAt: tehran(8, 1) }]);
    const { messageIds } = await deliver(accountId, tehran(8, 1));
    expect(messageIds).toHaveLength(1);
    expect(messageIds).not.toContain(messageId);
    await deliver(accountId, tehran(9, 1));
    expect(await statusesFor(phone)).toEqual([{ status: 'cancelled' }, { status: 'queued' }]);

    // And again, should nobody take that one either.
    await cancel(messageIds[0]!);
    await shop.run(reopenLate);
    await deliver(accountId, tehran(12, 2));
    expect(await statusesFor(phone)).toHaveLength(3);
  });

  test('is judged by what holds then, and its workflow is woken', async () => {
    const { accountId, phone, messageId } = await buildLate();
    await cancel(messageId);
    await rows(
      shop.database.manager,
      "UPDATE notification_deliveries SET created_at = now() - interval '1 hour' WHERE box_id = $1",
      [accountId],
    );
    // It was woken a moment ago for another one, after long.
    await rows(shop.database.manager, 'UPDATE notification_boxes SET woken_at = now() WHERE id = $1', [
      accountId,
    ]);
    const { version } = await badgeOf(accountId);
    const bell = createBell();
    const tending = tendOverdue(shop.database, bell, SILENT);
    await eventually(
      () => badgeOf(accountId),
      (badge) => badge.version > version,
    );
    bell.stop();
    await tending;
    await choose(accountId, false);
    await deliver(accountId, tehran(8, 1));
    expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'suppressed', reason: 'preference' }]);
    expect(await statusesFor(phone)).toHaveLength(1);
  });

  test('is not judged again when it was read, when a person gave it up, or when it is three days old', async () => {
    const [read, givenUp, old] = [await buildLate(), await buildLate(), await buildLate('order_paid')];
    const { version: upTo } = await badgeOf(read.accountId);
    await shop.run((transaction) =>
      markNotifications(transaction, { accountId: read.accountId, as: 'read', which: { upTo } }),
    );
    // Its time is over, and SMS has not looked yet.
    await rows(shop.database.manager, 'UPDATE sms_messages SET not_after = now() WHERE id = $1', [
      givenUp.messageId,
    ]);
    await shop.run((transaction) =>
      closeMessage(transaction, { messageId: givenUp.messageId, as: 'given_up' }),
    );
    await rows(
      shop.database.manager,
      "UPDATE notifications SET created_at = now() - interval '73 hours' WHERE box_id = $1",
      [old.accountId],
    );
    for (const { messageId } of [read, old]) await cancel(messageId);
    expect(await shop.run(reopenLate)).toEqual({ count: 0, isFull: false });
    for (const { accountId } of [read, givenUp, old])
      expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'sent' }]);
  });

  test('is queued again while a page is full', async () => {
    const { messageId } = await buildLate();
    await cancel(messageId);
    // 500 more people, whose deliveries have the same message.
    await rows(
      shop.database.manager,
      `WITH people AS (
         INSERT INTO accounts (id, phone) SELECT gen_random_uuid(), '+98' || (9370000000 + place) FROM generate_series(1, 500) AS place
         RETURNING id
       ), boxes AS (
         INSERT INTO notification_boxes (id, account_id, version) SELECT id, id, 1 FROM people RETURNING id
       ), told AS (
         INSERT INTO notifications (id, box_id, kind, category, dedupe_key, data, version, is_shown, created_at)
         SELECT gen_random_uuid(), id, 'order_expired', 'order', 'late', '{}', 1, false, now() FROM boxes RETURNING id, box_id
       )
       INSERT INTO notification_deliveries (notification_id, channel, box_id, status, reason, message_id, ended_at)
       SELECT id, 'in_app', box_id, 'suppressed', 'preference', NULL, now() FROM told
       UNION ALL SELECT id, 'sms', box_id, 'sent', NULL, $1::uuid, now() FROM told`,
      [messageId],
    );
    try {
      expect(await shop.run(reopenLate)).toEqual({ count: 500, isFull: true });
      expect(await shop.run(reopenLate)).toEqual({ count: 1, isFull: false });
    } finally {
      await rows(shop.database.manager, `DELETE FROM notifications WHERE dedupe_key = 'late'`);
      await rows(
        shop.database.manager,
        `DELETE FROM notification_boxes b USING accounts a WHERE a.id = b.account_id AND a.phone LIKE '+98937%'`,
      );
    }
  });

  test('does not count for the twenty of a day: nothing of it went out', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    const { id: orderId } = await buildOrder(shop.database);
    await tellOften(accountId, 20, orderId);
    await deliver(accountId, tehran(12));
    for (const { messageId } of await messagesOf(shop, accountId)) await cancel(messageId!);
    expect(await shop.run(reopenLate)).toEqual({ count: 20, isFull: false });
    await deliver(accountId, tehran(8, 1));
    expect((await statusesFor(phone)).filter(({ status }) => status === 'queued')).toHaveLength(20);
  });

  test('of a digest is told with the next one', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    await settle(accountId, { digest: 'daily', digestHour: 18, quietFrom: 0, quietTo: 0, locale: 'en' });
    for (const hour of [1, 2]) await buildNotification(shop, { accountId, at: tehran(hour) });
    const { messageIds } = await deliver(accountId, tehran(18));
    await cancel(messageIds[0]!);
    expect(await shop.run(reopenLate)).toEqual({ count: 2, isFull: false });
    await deliver(accountId, tehran(19));
    expect(await messagesOf(shop, accountId)).toMatchObject([
      { status: 'deferred', reason: 'digest', dueAt: tehran(18, 1) },
      { status: 'deferred' },
    ]);
    await deliver(accountId, tehran(18, 1));
    expect((await requestedFor(shop, phone)).at(-1)).toMatchObject({ variables: { count: '2' } });
  });
});
