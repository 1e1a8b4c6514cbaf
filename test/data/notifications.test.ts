import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { changeProfile } from '../../entities/customers/change-profile';
import { eraseAccount } from '../../entities/customers/erase-account';
import { exportAccount } from '../../entities/customers/export-account';
import { readEvents } from '../../entities/events/read-events';
import type { JournalEvent } from '../../entities/events/read-journal';
import { startJournalCursor, storeJournalCursor } from '../../entities/events/store-journal-cursor';
import { deliverNotifications } from '../../entities/notifications/deliver-notifications';
import { markNotifications } from '../../entities/notifications/mark-notifications';
import { inParts, noteEvents } from '../../entities/notifications/note-events';
import { readBadge } from '../../entities/notifications/notification-boxes';
import { NOTIFICATION_BOX } from '../../entities/notifications/notifications.events';
import { changePreferences } from '../../entities/notifications/own-preferences';
import { changeSettings, DEFAULT_SETTINGS } from '../../entities/notifications/own-settings';
import { readNotifications } from '../../entities/notifications/read-notifications';
import { wakeOverdue } from '../../entities/notifications/wake-overdue';
import { joinOrders } from '../../entities/orders/join-orders';
import { removeNotifications } from '../../entities/retention/remove-notifications';
import { blockAccount } from '../../entities/staff/block-account';
import { takeRoles } from '../../entities/staff/take-roles';
import { noteStockCrossings } from '../../entities/stock-alerts/note-crossings';
import { tellOfStock } from '../../entities/stock-alerts/tell-of-stock';
import { answerAsStaff } from '../../entities/support/answer-ticket';
import { assignTicket } from '../../entities/support/steer-ticket';
import { newId } from '../../entities/values/uuid';
import { createLogger } from '../../platform/logger';
import { createMetrics } from '../../platform/metrics';
import { startNotifier } from '../../workers/notifier/start-notifier';
import { eventually } from '../support/eventually';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { buildAgent } from '../support/factories/chat';
import {
  buildNotification,
  buildOwnedOrder,
  messagesOf,
  requestedFor,
} from '../support/factories/notifications';
import { buildOrder } from '../support/factories/orders';
import { buildAdmin, buildStaff, type BuiltStaff } from '../support/factories/staff';
import { buildWaiting, moveStock } from '../support/factories/stock-waits';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildTicket } from '../support/factories/tickets';
import { interleave } from '../support/interleave';
import { configOf, cursorOf, SILENT } from '../support/journal';
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

/** Everything that the journal says of these, the oldest first. */
const eventsOf = (...ids: string[]) =>
  rows<JournalEvent>(
    shop.database.manager,
    `SELECT id::integer, xid::integer, aggregate_type AS "aggregateType", aggregate_id AS "aggregateId", version, type, payload,
       created_at AS "createdAt"
     FROM events WHERE aggregate_id = ANY($1::uuid[]) ORDER BY id`,
    [ids],
  );

const note = async (...ids: string[]) => {
  const events = await eventsOf(...ids);
  return shop.run((transaction) => noteEvents(transaction, events));
};
const kindsOf = async (...ids: string[]) => (await note(...ids)).map(({ kind }) => kind);
const deliver = (boxId: string, now: Date) =>
  shop.run((transaction) => deliverNotifications(transaction, { boxId, now }));
const badgeOf = (accountId: string) => readBadge(shop.database.manager, accountId);
const list = (accountId: string, roles: ('customer' | 'staff')[] = ['customer']) =>
  readNotifications(shop.database.manager, { accountId, roles, unread: false, limit: 50 });
const settle = (accountId: string, change: Partial<typeof DEFAULT_SETTINGS>) =>
  shop.run((transaction) => changeSettings(transaction, { accountId, ...DEFAULT_SETTINGS, ...change }));
const choose = (accountId: string, isOn: boolean, channel: 'sms' | 'in_app' = 'sms') =>
  shop.run((transaction) =>
    changePreferences(transaction, { accountId, choices: [{ category: 'order', channel, isOn }] }),
  );

/** Today in Tehran, so that nothing is old. */
const TODAY = new Date(Date.now() + 3.5 * 3_600_000).toISOString().slice(0, 10);
const tehran = (hour: number, days = 0) =>
  new Date(Date.parse(`${TODAY}T00:00:00+03:30`) + hour * 3_600_000 + days * 86_400_000);

describe('the rules', () => {
  test('a customer hears of an order in the shop and by SMS, a guest by SMS to the recipient, each once', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    const [owned, guests] = [
      await buildOwnedOrder(shop, 'paid', accountId),
      await buildOrder(shop.database, { stage: 'paid' }),
    ];
    expect(await kindsOf(owned.id, guests.id)).toEqual(['order_paid', 'order_paid']);
    const badge = await badgeOf(accountId);
    expect(badge).toEqual({ version: 1, unread: 1, unseen: 1 });

    // A day read again changes nothing, not even a version.
    expect(await kindsOf(owned.id, guests.id)).toEqual([]);
    expect(await badgeOf(accountId)).toEqual(badge);
    expect((await list(accountId)).map(({ text, data }) => [text, data])).toEqual([
      [`سفارش ${owned.state.number} پرداخت شد`, { orderId: owned.id }],
    ]);

    const { messageIds } = await deliver(guests.id, tehran(12));
    expect(messageIds).toHaveLength(1);
    const recipient = await row<{ phone: string }>(
      shop.database.manager,
      'SELECT phone FROM order_recipients WHERE order_id = $1',
      [guests.id],
    );
    expect(await requestedFor(shop, recipient!.phone)).toContainEqual({
      ...{ template: 'order_paid', language: 'fa', variables: { number: String(guests.state.number) } },
    });
    // Money is told at night too.
    await deliver(accountId, tehran(2));
    expect(await requestedFor(shop, phone)).toEqual([
      { template: 'order_paid', language: 'fa', variables: { number: String(owned.state.number) } },
    ]);
    // The answer of the step was lost: the same message again, and no other.
    expect(await deliver(accountId, tehran(3))).toMatchObject({ lookAgainInMs: null, outcomes: [] });
    expect(await requestedFor(shop, phone)).toHaveLength(1);
  });

  test('a guest who joins the order meanwhile is told once, in one of both ways', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const order = await buildOrder(shop.database, { stage: 'paid' });
    const first = await note(order.id);
    expect(first.map(({ boxId }) => boxId)).toEqual([order.id]);
    await shop.run((transaction) => joinOrders(transaction, { accountId, orderIds: [order.id] }));
    expect(await kindsOf(order.id)).toEqual([]);
    expect(await messagesOf(shop, order.id)).toMatchObject([{ kind: 'order_paid', status: 'queued' }]);
  });

  test('of a ticket its customer hears the shop, its agents hear the customer, and nobody hears themselves', async () => {
    const agent = await buildAgent(shop, 'support');
    const { id, customer } = await buildTicket(shop);
    await shop.run((transaction) =>
      answerAsStaff(transaction, agent, {
        ...{ ticketId: id, clientId: newId(), text: 'There', now: new Date(), status: 'resolved' },
      }),
    );
    await note(id);
    expect((await list(customer.accountId)).map(({ kind }) => kind).toSorted()).toEqual([
      'ticket_answered',
      'ticket_resolved',
    ]);
    const seen = await list(agent.accountId, ['customer', 'staff']);
    expect(seen.map(({ kind }) => kind)).toContain('ticket_opened');
    expect(JSON.stringify(await eventsOf(customer.accountId))).not.toContain('There');
  });

  test('a sign-in is told to who has signed in before, and nothing of it is switched off', async () => {
    const { accountId } = await buildSession(shop.database);
    expect(await kindsOf(accountId)).toEqual([]);
    await buildSession(shop.database, { accountId, deviceLabel: 'Opera on a boat' });
    await note(accountId);
    const [newest] = await list(accountId);
    expect(newest).toMatchObject({ kind: 'signed_in', category: 'security' });
    expect(newest!.text).toContain('Opera on a boat');
    // A row that is gone leaves no text.
    await rows(shop.database.manager, "UPDATE sessions SET device_label = 'gone' WHERE account_id = $1", [
      accountId,
    ]);
    expect((await list(accountId))[0]!.text).not.toContain('Opera');
    await expect(
      shop.run((transaction) =>
        changePreferences(transaction, {
          accountId,
          choices: [{ category: 'security', channel: 'in_app', isOn: false }],
        }),
      ),
    ).rejects.toMatchObject({ code: 'notification.channel_fixed' });
  });

  test('goods that are back are told to who waits, beside the one message of stock alerts', async () => {
    const { variant, accountId } = await waiting();
    await moveStock(shop.database, variant, 3);
    const look = async () => {
      await shop.run((transaction) => noteStockCrossings(transaction, { variantId: variant }));
      await shop.run((transaction) => tellOfStock(transaction, { variantId: variant, now: tehran(12) }));
    };
    await look();
    await look();
    expect((await list(accountId)).map(({ kind }) => kind)).toEqual(['stock_back']);
    expect(await messagesOf(shop, accountId)).toEqual([]);
  });

  test('stock that runs out is told to staff once a day, whatever it does', async () => {
    const { variant } = await waiting();
    for (const delta of [4, -4, 4, -4]) await moveStock(shop.database, variant, delta);
    await note(variant);
    const told = await list(admin.accountId, ['customer', 'staff']);
    expect(told.filter(({ data }) => data['variantId'] === variant).map(({ kind }) => kind)).toEqual([
      'stock_out',
    ]);
    // A session of the same person without a role of the shop learns nothing of it.
    const hidden = (await list(admin.accountId)).find(({ kind }) => kind === 'stock_out')!;
    expect(hidden).toMatchObject({ data: {}, text: 'برای دیدن این پیام کاری با حساب کارکنان وارد شوید' });
  });
});

async function waiting(): Promise<{ variant: string; accountId: string }> {
  const { id: variant } = await buildStockedVariant(shop.database, { stock: 0 });
  const [person] = await buildWaiting(shop.database, variant, 1);
  return { variant, accountId: person!.accountId };
}

describe('the consumer', () => {
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
    await rows(
      shop.database.manager,
      `CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN IF new.box_id = '${refused}' THEN RAISE 'refused' USING ERRCODE = '22023'; END IF; RETURN new; END $$`,
    );
    await rows(
      shop.database.manager,
      'CREATE TRIGGER refuse_one BEFORE INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION refuse_one()',
    );
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
      await rows(shop.database.manager, 'DROP TRIGGER refuse_one ON notifications');
    }
  });

  test('what is told is cut into parts by recipient, and each recipient is in one', () => {
    const people = Array.from({ length: 200 }, () => newId());
    const wanted = Array.from({ length: 5 }, (_, event) =>
      people.map((accountId) => ({ owner: { accountId }, event })),
    ).flat();
    const parts = inParts(wanted);
    expect(parts.map(({ length }) => length)).toEqual([500, 500]);
    const boxes = parts.map((part) => new Set(part.map(({ owner }) => owner.accountId)));
    expect(boxes.map(({ size }) => size)).toEqual([100, 100]);
    expect(new Set(boxes.flatMap((box) => [...box])).size).toBe(200);
    const mine = parts[0]!.filter(({ owner }) => owner.accountId === people[0]);
    expect(mine.map(({ event }) => event)).toEqual([0, 1, 2, 3, 4]);
    expect(inParts([])).toEqual([]);
    expect(inParts(Array.from({ length: 600 }, () => ({ owner: { accountId: people[0]! } })))).toHaveLength(
      1,
    );
  });

  test('who takes a ticket is not told that it is theirs', async () => {
    const agent = await buildAgent(shop, 'support');
    const colleague = await buildAgent(shop, 'support');
    const { id: ticketId } = await buildTicket(shop);
    const assign = (assigneeId: string, expected: string | null) =>
      shop.run((transaction) => assignTicket(transaction, agent, { ticketId, assigneeId, expected }));
    await assign(agent.accountId, null);
    await assign(colleague.accountId, agent.accountId);
    await note(ticketId);
    const assigned = async (accountId: string) =>
      (await list(accountId, ['customer', 'staff'])).filter(({ kind }) => kind === 'ticket_assigned').length;
    expect([await assigned(agent.accountId), await assigned(colleague.accountId)]).toEqual([0, 1]);
  });

  test('a relay or workflow that was lost is made up for, and not again at once', async () => {
    const { boxId } = await buildNotification(shop);
    await rows(
      shop.database.manager,
      "UPDATE notification_deliveries SET created_at = now() - interval '6 minutes' WHERE box_id = $1",
      [boxId],
    );
    expect(await shop.run(wakeOverdue)).toBeGreaterThan(0);
    const { version } = await badgeOf(boxId);
    await shop.run(wakeOverdue);
    expect((await badgeOf(boxId)).version).toBe(version);
    const events = await readEvents(shop.database.manager, NOTIFICATION_BOX, boxId, 0, 10);
    expect(events.map(({ type }) => type)).toEqual(['notifications.added', 'notifications.overdue']);
    await deliver(boxId, tehran(12));
  });
});

describe('messages by SMS', () => {
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
    for (let times = 0; times < 22; times += 1)
      await buildNotification(shop, { accountId, data: { orderId } });
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
});

describe('the badge', () => {
  test('does not drift while new ones come and others are read, and each event has the count of its version', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    await buildNotification(shop, { accountId });
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        if (index % 3 > 0) return buildNotification(shop, { accountId });
        const { version: upTo } = await badgeOf(accountId);
        return shop.run((transaction) =>
          markNotifications(transaction, {
            ...({ accountId, as: index % 2 ? 'read' : 'seen', which: { upTo } } as const),
          }),
        );
      }),
    );
    const events = await readEvents(shop.database.manager, NOTIFICATION_BOX, accountId, 0, 100);
    const now = await badgeOf(accountId);
    expect(events.at(-1)!.payload).toMatchObject({ unread: now.unread, unseen: now.unseen });
    expect(events.at(-1)!.version).toBe(now.version);
    let unread = 0;
    for (const { type, payload } of events) {
      const said = payload['unread'] as number;
      if (type === 'notifications.added') expect(said).toBe(unread + 1);
      else if (type === 'notifications.seen') expect(said).toBe(unread);
      else expect(said).toBeLessThan(unread);
      unread = said;
    }
  });

  test('one, many and all are marked, what came later and what is foreign is not, and a repetition says nothing', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const mine = [
      await buildNotification(shop, { accountId }),
      await buildNotification(shop, { accountId }),
      await buildNotification(shop, { accountId }),
    ];
    const foreign = await buildNotification(shop);
    const mark = (which: { ids: string[] } | { upTo: number }) =>
      shop.run((transaction) => markNotifications(transaction, { accountId, as: 'read', which }));
    expect(await mark({ ids: [mine[0]!.id, foreign.id, newId()] })).toMatchObject({ unread: 2, version: 4 });
    expect(await mark({ ids: [mine[0]!.id] })).toMatchObject({ unread: 2, version: 4 });
    expect(await mark({ upTo: 2 })).toMatchObject({ unread: 1, version: 5 });
    expect(await badgeOf(foreign.boxId)).toMatchObject({ unread: 1 });
    expect(await mark({ upTo: 2_147_483_647 })).toMatchObject({ unread: 0, unseen: 0 });
  });

  test('counts no old ones that are removed', async () => {
    const old = new Date(Date.now() - 100 * 86_400_000);
    const { boxId } = await buildNotification(shop, { at: old });
    await deliver(boxId, new Date());
    await buildNotification(shop, { accountId: boxId });
    expect(await shop.run((transaction) => removeNotifications(transaction, 90))).toMatchObject({
      next: null,
    });
    expect(await badgeOf(boxId)).toEqual({ version: 3, unread: 1, unseen: 1 });
  });
});

test('a person is shown what they were told, an erasure leaves nothing, and nothing comes after it', async () => {
  const { accountId, sessionId } = await buildSession(shop.database);
  await buildNotification(shop, { accountId });
  await settle(accountId, { zone: 'Europe/Berlin' });
  await choose(accountId, false);
  const shown = await shop.run((transaction) => exportAccount(transaction, accountId));
  expect(JSON.stringify(shown)).toContain('Europe/Berlin');
  await shop.run((transaction) => eraseAccount(transaction, accountId));
  await shop.run((transaction) =>
    noteEvents(transaction, [
      {
        ...{ aggregateType: 'account', aggregateId: accountId, version: 99, createdAt: new Date() },
        ...{ type: 'account.number_changed', payload: { sessionId } },
      },
    ]),
  );
  await expect(settle(accountId, {})).rejects.toMatchObject({ code: 'auth.session_over' });
  expect(await deliver(accountId, tehran(12))).toMatchObject({ messageIds: [], lookAgainInMs: null });
  const left = await row<{ left: string }>(
    shop.database.manager,
    `SELECT (SELECT count(*) FROM notifications WHERE box_id = $1) + (SELECT count(*) FROM notification_deliveries WHERE box_id = $1)
       + (SELECT count(*) FROM notification_settings WHERE box_id = $1) AS left`,
    [accountId],
  );
  expect(Number(left!.left)).toBe(0);
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
