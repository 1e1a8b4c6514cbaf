import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { eraseAccount } from '../../entities/customers/erase-account';
import { exportAccount } from '../../entities/customers/export-account';
import type { JournalEvent } from '../../entities/events/read-journal';
import { startJournalCursor } from '../../entities/events/store-journal-cursor';
import { deliverNotifications } from '../../entities/notifications/deliver-notifications';
import { markNotifications } from '../../entities/notifications/mark-notifications';
import { noteEvents } from '../../entities/notifications/note-events';
import { readBadge } from '../../entities/notifications/notification-boxes';
import { notify } from '../../entities/notifications/notify';
import { readNotifications } from '../../entities/notifications/read-notifications';
import { joinOrders } from '../../entities/orders/join-orders';
import { requireMessageState } from '../../entities/sms/message-state';
import { audited } from '../../entities/staff/audited';
import { blockAccount } from '../../entities/staff/block-account';
import { takeRoles } from '../../entities/staff/take-roles';
import { assignTicket } from '../../entities/support/steer-ticket';
import { newId } from '../../entities/values/uuid';
import { createLogger } from '../../platform/logger';
import { createMetrics } from '../../platform/metrics';
import { createHalving } from '../../workers/notifier/in-halves';
import { notifierMetrics } from '../../workers/notifier/notifier-metrics';
import { createTellEvents } from '../../workers/notifier/tell-events';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { buildAgent } from '../support/factories/chat';
import {
  buildNotification,
  buildOwnedOrder,
  messagesOf,
  requestedFor,
} from '../support/factories/notifications';
import { buildOrder } from '../support/factories/orders';
import { buildSend } from '../support/factories/sms';
import { buildAdmin, type BuiltStaff } from '../support/factories/staff';
import { buildTicket } from '../support/factories/tickets';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';
import { collectLines } from '../unit/platform/log-lines';

let shop: ShopDatabase;
let admin: BuiltStaff;
beforeAll(async () => {
  shop = await openShopDatabase();
  admin = await buildAdmin(shop.database);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const eventsOf = (id: string) =>
  rows<JournalEvent>(
    shop.database.manager,
    `SELECT id::integer, xid::integer, aggregate_type AS "aggregateType", aggregate_id AS "aggregateId", version, type, payload,
       created_at AS "createdAt"
     FROM events WHERE aggregate_id = $1 ORDER BY id`,
    [id],
  );
/** Who hears of what an aggregate did, by kind. */
const heardOf = async (id: string) => {
  const events = await eventsOf(id);
  return shop.run((transaction) => noteEvents(transaction, events));
};
const deliver = (boxId: string, now: Date) =>
  shop.run((transaction) => deliverNotifications(transaction, { boxId, now }));

const TODAY = new Date(Date.now() + 3.5 * 3_600_000).toISOString().slice(0, 10);
const tehran = (hour: number, days = 0) =>
  new Date(Date.parse(`${TODAY}T00:00:00+03:30`) + hour * 3_600_000 + days * 86_400_000);

/** Many notifications of an order for somebody, in one transaction. */
const tellOften = (accountId: string, times: number, orderId: string) =>
  shop.run((transaction) =>
    notify(
      transaction,
      Array.from({ length: times }, (_, index) => ({
        ...{ owner: { accountId }, kind: 'order_expired' as const, data: { orderId }, at: new Date() },
        dedupeKey: `often:${index}`,
      })),
    ),
  );

test('a guest hears of money only: a number that nobody verified gets no messages for free', async () => {
  for (const stage of ['cancelled', 'expired'] as const) {
    const { id } = await buildOrder(shop.database, { stage });
    expect(await heardOf(id)).toEqual([]);
  }
  const { id } = await buildOrder(shop.database, { stage: 'refunded' });
  expect((await heardOf(id)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['payment_refunded']));
});

test('a customer hears of a cancellation by the shop and of an expiry, not of what they cancelled themselves', async () => {
  const { id: accountId } = await buildAccount(shop.database);
  const own = await buildOwnedOrder(shop, 'cancelled', accountId);
  expect(await heardOf(own.id)).toEqual([]);
  const shops = await buildOwnedOrder(shop, 'cancelled', accountId);
  await shop.run((transaction) =>
    audited(transaction, admin, { action: 'order.cancel', object: { type: 'order', id: shops.id } }),
  );
  expect(await heardOf(shops.id)).toMatchObject([{ boxId: accountId, kind: 'order_cancelled' }]);
  const expired = await buildOwnedOrder(shop, 'expired', accountId);
  expect(await heardOf(expired.id)).toMatchObject([{ boxId: accountId, kind: 'order_expired' }]);
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

test('badges count up to a hundred, and no more is marked at once than a thousand', async () => {
  const { id: accountId } = await buildAccount(shop.database);
  const { id: orderId } = await buildOrder(shop.database);
  await tellOften(accountId, 1_001, orderId);
  const badge = await readBadge(shop.database.manager, accountId);
  expect(badge).toEqual({ version: 1, unread: 100, unseen: 100 });
  const mark = () =>
    shop.run((transaction) =>
      markNotifications(transaction, { accountId, as: 'read', which: { upTo: badge.version } }),
    );
  expect(await mark()).toEqual({ version: 2, unread: 1, unseen: 1 });
  expect(await mark()).toEqual({ version: 3, unread: 0, unseen: 0 });
});

test('an assignee who was blocked or works here no longer leaves the ticket to all agents, never to its own customer', async () => {
  const [agent, blocked, former] = [
    await buildAgent(shop, 'support'),
    await buildAgent(shop, 'support'),
    await buildAgent(shop, 'support'),
  ];
  const warn = async (assigneeId: string) => {
    const { id, customer } = await buildTicket(shop, await ownerOf(agent.accountId));
    await shop.run((transaction) =>
      assignTicket(transaction, admin as never, { ticketId: id, assigneeId, expected: null }),
    );
    return {
      customer,
      heard: async () => {
        const warned = {
          ...{
            aggregateType: 'ticket_staff',
            aggregateId: id,
            version: 90,
            type: 'ticket_staff.clock_warned',
          },
          ...{ payload: { kind: 'first_response', round: 1 }, createdAt: new Date() },
        };
        const created = await shop.run((transaction) => noteEvents(transaction, [warned]));
        return created.map(({ boxId }) => boxId);
      },
    };
  };
  const [first, second, third] = [
    await warn(blocked.accountId),
    await warn(former.accountId),
    await warn(former.accountId),
  ];
  expect(await third.heard()).toEqual([former.accountId]);
  await shop.run((transaction) =>
    takeRoles(transaction, admin, { accountId: former.accountId, role: 'support' }),
  );
  await shop.run((transaction) => blockAccount(transaction, admin, blocked.accountId));
  for (const { heard } of [first, second]) {
    const told = await heard();
    expect(told).toContain(admin.accountId);
    for (const nobody of [blocked, former, agent]) expect(told).not.toContain(nobody.accountId);
  }
});

/** Somebody of the staff as a customer. */
async function ownerOf(accountId: string) {
  const { sessionId } = await buildSession(shop.database, { accountId, kind: 'staff' });
  return { accountId, sessionId, requestId: newId(), roles: ['customer' as const] };
}

test('a sign-in is told by what the journal says of earlier ones, not by sessions that retention removes', async () => {
  const { accountId } = await buildSession(shop.database);
  await rows(shop.database.manager, 'DELETE FROM sessions WHERE account_id = $1', [accountId]);
  await buildSession(shop.database, { accountId });
  const told = await heardOf(accountId);
  expect(told.map(({ kind }) => kind)).toEqual(['signed_in']);
  // Two sign-ins of a new person that are read together: the first is not told.
  const { accountId: other } = await buildSession(shop.database);
  await buildSession(shop.database, { accountId: other });
  expect(await heardOf(other)).toHaveLength(1);
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

test('what a guest was told belongs to who joins the order: it is exported and erased', async () => {
  const { accountId } = await buildSession(shop.database);
  const { id } = await buildOrder(shop.database, { stage: 'paid' });
  await heardOf(id);
  await deliver(id, tehran(12));
  const recipient = await row<{ phone: string }>(
    shop.database.manager,
    'SELECT phone FROM order_recipients WHERE order_id = $1',
    [id],
  );
  expect(await requestedFor(shop, recipient!.phone)).toHaveLength(1);
  await shop.run((transaction) => joinOrders(transaction, { accountId, orderIds: [id] }));
  const shown = await shop.run((transaction) => exportAccount(transaction, accountId));
  expect(shown['notifications']).toMatchObject([{ kind: 'order_paid' }]);
  await shop.run((transaction) => eraseAccount(transaction, accountId));
  expect(await messagesOf(shop, id)).toEqual([]);
  expect(await requestedFor(shop, recipient!.phone)).toEqual([]);
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
  await rows(
    shop.database.manager,
    `CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN IF new.box_id = '${refused.accountId}' THEN RAISE 'refused' USING ERRCODE = 'P0001'; END IF; RETURN new; END $$`,
  );
  await rows(
    shop.database.manager,
    'CREATE TRIGGER refuse_one BEFORE INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION refuse_one()',
  );
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
    await rows(shop.database.manager, 'DROP TRIGGER refuse_one ON notifications');
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

/** Work that refuses some numbers, and how often it was tried. */
function refusing(refused: readonly number[], code?: string) {
  const skipped: number[] = [];
  const done: number[] = [];
  const error = Object.assign(new Error('refused'), code === undefined ? {} : { code });
  const inHalves = createHalving<number>({
    nameOf: String,
    endsAll: () => false,
    onSkipped: (item) => skipped.push(item),
  });
  const run = () =>
    inHalves([1, 2, 3, 4, 5], async (some) => {
      if (some.some((item) => refused.includes(item))) throw error;
      done.push(...some);
    });
  return { skipped, done, run };
}

test('what cannot be told is found by halves, and only that is left out', async () => {
  for (const code of ['22023', '23505', undefined]) {
    const { skipped, done, run } = refusing([2, 5], code);
    await run();
    expect([skipped, done]).toEqual([
      [2, 5],
      [1, 3, 4],
    ]);
  }
});

test.each(['08006', '40P01', '42P01', '42703', '53300'])(
  'nothing is left out while Postgres says %s: it is away, or a deploy is unfinished',
  async (code) => {
    const { skipped, run } = refusing([2], code);
    await expect(run()).rejects.toThrow('refused');
    expect(skipped).toEqual([]);
  },
);

test('what is too slow is halved, and left out alone after five tries', async () => {
  const { skipped, run } = refusing([2], '57014');
  for (let times = 0; times < 4; times += 1) await expect(run()).rejects.toThrow('refused');
  expect(skipped).toEqual([]);
  await run();
  expect(skipped).toEqual([2]);
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
