import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { eraseAccount } from '../../entities/customers/erase-account';
import { exportAccount } from '../../entities/customers/export-account';
import { readEvents } from '../../entities/events/read-events';
import { markNotifications } from '../../entities/notifications/mark-notifications';
import { noteEvents } from '../../entities/notifications/note-events';
import { readBadge } from '../../entities/notifications/notification-boxes';
import { NOTIFICATION_BOX } from '../../entities/notifications/notifications.events';
import { changePreferences } from '../../entities/notifications/own-preferences';
import { readTicketNotices } from '../../entities/notifications/read-ticket-notices';
import { joinOrders } from '../../entities/orders/join-orders';
import { removeNotifications } from '../../entities/retention/remove-notifications';
import { audited } from '../../entities/staff/audited';
import { blockAccount } from '../../entities/staff/block-account';
import { takeRoles } from '../../entities/staff/take-roles';
import { noteStockCrossings } from '../../entities/stock-alerts/note-crossings';
import { tellOfStock } from '../../entities/stock-alerts/tell-of-stock';
import { answerAsCustomer, answerAsStaff } from '../../entities/support/answer-ticket';
import { assignTicket } from '../../entities/support/steer-ticket';
import { newId } from '../../entities/values/uuid';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { buildAgent } from '../support/factories/chat';
import {
  buildNotification,
  buildOwnedOrder,
  messagesOf,
  notificationTools,
  requestedFor,
  tehran,
} from '../support/factories/notifications';
import { buildOrder } from '../support/factories/orders';
import { buildAdmin, type BuiltStaff } from '../support/factories/staff';
import { buildWaiting, moveStock } from '../support/factories/stock-waits';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildTicket } from '../support/factories/tickets';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;
let admin: BuiltStaff;
beforeAll(async () => {
  shop = await openShopDatabase();
  admin = await buildAdmin(shop.database);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const { badgeOf, choose, deliver, eventsOf, kindsOf, list, note, settle, tellOften } = notificationTools(
  () => shop,
);

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

  test('the lines of an agent are one piece of news until the customer reads it or writes, its message goes out, or the day is read again', async () => {
    const agent = await buildAgent(shop, 'support');
    const { id, customer } = await buildTicket(shop);
    const write = (text: string) => ({ ticketId: id, clientId: newId(), text });
    const answer = () =>
      shop.run((transaction) =>
        answerAsStaff(transaction, agent, { ...write('There'), status: 'pending_customer' }),
      );
    const told = async () => {
      await note(id);
      return (await list(customer.accountId)).filter(({ kind }) => kind === 'ticket_answered').length;
    };
    // Ten lines, of which the first two are read together.
    await answer();
    for (let line = 1; line < 10; line += 1) {
      await answer();
      expect(await told()).toBe(1);
    }
    expect(await messagesOf(shop, customer.accountId)).toHaveLength(1);

    const { version: upTo } = await badgeOf(customer.accountId);
    const mark = { accountId: customer.accountId, as: 'read', which: { upTo } } as const;
    await shop.run((transaction) => markNotifications(transaction, mark));
    expect(await told()).toBe(1);
    await answer();
    expect(await told()).toBe(2);
    await answer();
    await shop.run((transaction) => answerAsCustomer(transaction, customer, write('Where?')));
    expect(await told()).toBe(2);
    await answer();
    await answer();
    expect(await told()).toBe(3);

    // Its message waits for the morning. Until then it stands for what follows.
    const later = (minutes: number, version: number) => ({
      ...{ aggregateType: 'ticket', aggregateId: id, version, type: 'ticket.answered' },
      ...{ payload: { seq: version, by: 'shop' }, createdAt: new Date(Date.now() + minutes * 60_000) },
    });
    const hear = async (minutes: number, version: number) =>
      (await shop.run((transaction) => noteEvents(transaction, [later(minutes, version)]))).length;
    expect([await hear(59, 90), await hear(300, 91)]).toEqual([0, 0]);
    await settle(customer.accountId, { quietFrom: 0, quietTo: 0 });
    await deliver(customer.accountId, minutesFromNow(60));
    expect([await hear(59, 90), await hear(61, 92), await hear(62, 93), await hear(61, 92)]).toEqual([
      0, 1, 0, 0,
    ]);
  });

  describe('an answer that the customer waits for', () => {
    /** A ticket whose first answer has come, and what happens after it. */
    async function buildAnswered(settings: { sms?: boolean; list?: boolean } = {}) {
      const { id: ticketId, customer } = await buildTicket(shop);
      const { accountId } = customer;
      await settle(accountId, { quietFrom: 0, quietTo: 0, locale: 'en' });
      const choices = [
        { category: 'support', channel: 'sms', isOn: settings.sms ?? true },
        { category: 'support', channel: 'in_app', isOn: settings.list ?? true },
      ] as const;
      await shop.run((transaction) => changePreferences(transaction, { accountId, choices }));
      const phone = await row<{ phone: string }>(
        shop.database.manager,
        'SELECT phone FROM accounts WHERE id = $1',
        [accountId],
      );
      const hear = async (minutes: number) => {
        const event = {
          ...{ aggregateType: 'ticket', aggregateId: ticketId, version: 50 + minutes },
          ...{ type: 'ticket.answered', payload: { seq: minutes, by: 'shop' } },
          createdAt: minutesFromNow(minutes),
        };
        return (await shop.run((transaction) => noteEvents(transaction, [event]))).length;
      };
      expect(await hear(0)).toBe(1);
      return {
        ...{ accountId, hear },
        deliver: (minutes: number) => deliver(accountId, minutesFromNow(minutes)),
        requested: async () => (await requestedFor(shop, phone!.phone)).length,
        read: () => shop.run((transaction) => readTicketNotices(transaction, { accountId, ticketId })),
      };
    }

    test('is told a few minutes later, with the lines that follow at once, and what comes after that is told again', async () => {
      const { accountId, hear, deliver: look, requested } = await buildAnswered();
      expect(await look(1)).toMatchObject({ lookAgainInMs: expect.closeTo(240_000, -4) });
      expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'deferred', reason: 'more' }]);
      for (let line = 1; line < 5; line += 1) expect(await hear(line)).toBe(0);
      await look(5.1);
      expect(await requested()).toBe(1);
      // The customer has the message, and may have looked without the list. Nobody else tells them of this one.
      expect(await hear(6)).toBe(1);
      expect(await hear(7)).toBe(0);
      await look(11.1);
      expect(await requested()).toBe(2);
    });

    test('is told again after the ticket was read, also to who has no list', async () => {
      for (const isShown of [true, false]) {
        const { accountId, hear, deliver: look, requested, read } = await buildAnswered({ list: isShown });
        const { version } = await badgeOf(accountId);
        await read();
        await read();
        expect(await badgeOf(accountId)).toMatchObject({ version: version + (isShown ? 1 : 0), unread: 0 });
        await look(6);
        expect(await messagesOf(shop, accountId)).toMatchObject([{ status: 'suppressed', reason: 'read' }]);
        expect(await hear(1)).toBe(1);
        await look(7);
        expect(await requested()).toBe(1);
      }
    });

    test('is told though the number had enough messages when the earlier one was to go out', async () => {
      const { accountId, hear, deliver: look, requested } = await buildAnswered({ list: false });
      await tellOften(accountId, 20, (await buildOrder(shop.database)).id);
      await look(1);
      expect(await requested()).toBe(20);
      await look(6);
      expect((await messagesOf(shop, accountId))[0]).toMatchObject({ reason: 'limit' });
      expect(await hear(7)).toBe(1);
    });

    test('is one line of the list where there is no message, until a few minutes later', async () => {
      const { accountId, hear } = await buildAnswered({ sms: false });
      expect([await hear(4), await hear(6)]).toEqual([0, 1]);
      expect(await badgeOf(accountId)).toMatchObject({ unread: 2 });
    });

    test('does not stand behind a message that no provider has taken for a day', async () => {
      const { hear } = await buildAnswered();
      expect([await hear(23 * 60), await hear(25 * 60)]).toEqual([0, 1]);
    });
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
});

async function waiting(): Promise<{ variant: string; accountId: string }> {
  const { id: variant } = await buildStockedVariant(shop.database, { stock: 0 });
  const [person] = await buildWaiting(shop.database, variant, 1);
  return { variant, accountId: person!.accountId };
}

test('a guest hears of money only: a number that nobody verified gets no messages for free', async () => {
  for (const stage of ['cancelled', 'expired'] as const) {
    const { id } = await buildOrder(shop.database, { stage });
    expect(await note(id)).toEqual([]);
  }
  const { id } = await buildOrder(shop.database, { stage: 'refunded' });
  expect((await note(id)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['payment_refunded']));
});

test('a customer hears of a cancellation by the shop and of an expiry, not of what they cancelled themselves', async () => {
  const { id: accountId } = await buildAccount(shop.database);
  const own = await buildOwnedOrder(shop, 'cancelled', accountId);
  expect(await note(own.id)).toEqual([]);
  const shops = await buildOwnedOrder(shop, 'cancelled', accountId);
  await shop.run((transaction) =>
    audited(transaction, admin, { action: 'order.cancel', object: { type: 'order', id: shops.id } }),
  );
  expect(await note(shops.id)).toMatchObject([{ boxId: accountId, kind: 'order_cancelled' }]);
  const expired = await buildOwnedOrder(shop, 'expired', accountId);
  expect(await note(expired.id)).toMatchObject([{ boxId: accountId, kind: 'order_expired' }]);
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

const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);

/** Somebody of the staff as a customer. */
async function ownerOf(accountId: string) {
  const { sessionId } = await buildSession(shop.database, { accountId, kind: 'staff' });
  return { accountId, sessionId, requestId: newId(), roles: ['customer' as const] };
}

test('a sign-in is told by what the journal says of earlier ones, not by sessions that retention removes', async () => {
  const { accountId } = await buildSession(shop.database);
  await rows(shop.database.manager, 'DELETE FROM sessions WHERE account_id = $1', [accountId]);
  await buildSession(shop.database, { accountId });
  const told = await note(accountId);
  expect(told.map(({ kind }) => kind)).toEqual(['signed_in']);
  // Two sign-ins of a new person that are read together: the first is not told.
  const { accountId: other } = await buildSession(shop.database);
  await buildSession(shop.database, { accountId: other });
  expect(await note(other)).toHaveLength(1);
});

test('what a guest was told belongs to who joins the order: it is exported and erased', async () => {
  const { accountId } = await buildSession(shop.database);
  const { id } = await buildOrder(shop.database, { stage: 'paid' });
  const recipient = await row<{ phone: string }>(
    shop.database.manager,
    'UPDATE order_recipients SET phone = $2 WHERE order_id = $1 RETURNING phone',
    [id, '+989127654321'],
  );
  await note(id);
  await deliver(id, tehran(12));
  expect(await requestedFor(shop, recipient!.phone)).toHaveLength(1);
  await shop.run((transaction) => joinOrders(transaction, { accountId, orderIds: [id] }));
  const shown = await shop.run((transaction) => exportAccount(transaction, accountId));
  expect(shown['notifications']).toMatchObject([{ kind: 'order_paid' }]);
  await shop.run((transaction) => eraseAccount(transaction, accountId));
  expect(await messagesOf(shop, id)).toEqual([]);
  expect(await requestedFor(shop, recipient!.phone)).toEqual([]);
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
