import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { changeProfile } from '../../entities/customers/change-profile';
import { deliverNotifications } from '../../entities/notifications/deliver-notifications';
import { markNotifications } from '../../entities/notifications/mark-notifications';
import { changePreferences } from '../../entities/notifications/own-preferences';
import { readNotifications } from '../../entities/notifications/read-notifications';
import { requireMessageState } from '../../entities/sms/message-state';
import { blockAccount } from '../../entities/staff/block-account';
import { takeRoles } from '../../entities/staff/take-roles';
import { newId } from '../../entities/values/uuid';
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
  await deliver(boxId, tehran(12));
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
