import { isDeepStrictEqual } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { STAFF_ROLES } from '../../entities/auth/policy';
import { recordEvents } from '../../entities/events/record-events';
import { DEFAULT_SETTINGS } from '../../entities/notifications/own-settings';
import { wakeOverdue } from '../../entities/notifications/wake-overdue';
import { joinOrders } from '../../entities/orders/join-orders';
import { orderToken } from '../../entities/orders/order-token';
import { ORDER, type OrderEvent, type OrderEvents } from '../../entities/orders/orders.events';
import { removeNotifications } from '../../entities/retention/remove-notifications';
import { newId } from '../../entities/values/uuid';
import { NAMESPACES } from '../../realtime/namespaces';
import { eventually } from '../support/eventually';
import { buildSession } from '../support/factories/accounts';
import { giveRoles } from '../support/factories/factors';
import { buildNotification } from '../support/factories/notifications';
import { buildOrder } from '../support/factories/orders';
import { viewAt } from '../support/factories/tracked';
import {
  ConnectRefused,
  LIVE_TOKENS,
  liveToken,
  openRealtimeNode,
  type LiveClient,
  type OpenRealtime,
} from '../support/open-realtime';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

/** Everybody who may stand before a socket. */
const CALLERS = ['guest', 'customer', 'stranger', ...STAFF_ROLES] as const;
type Caller = (typeof CALLERS)[number];

/** What is at stake: a customer's order, and a guest's with its token. */
interface Scene {
  readonly owned: string;
  readonly guests: string;
  readonly token: string;
  readonly otherToken: string;
  /** The account of `customer`. */
  readonly customerId: string;
  /** A token of each caller's own session. */
  readonly own: Readonly<Partial<Record<Caller, string>>>;
}

interface Row {
  readonly verb: string;
  readonly what: string;
  readonly input: (scene: Scene, caller: Caller) => object;
  /** `ok` or the code of the refusal. */
  readonly outcome: Readonly<Record<Caller, string>>;
}

const staff = (outcome: string) => ({ support: outcome, staff: outcome, admin: outcome });
const all = (outcome: string) => ({
  guest: outcome,
  customer: outcome,
  stranger: outcome,
  ...staff(outcome),
});

const RENEWALS: readonly Row[] = [
  {
    verb: 'auth.renew',
    what: 'with a token of one’s own',
    input: ({ own }, caller) => ({ token: own[caller] ?? own.customer }),
    outcome: { ...all('ok'), guest: 'access.token_missing' },
  },
  {
    verb: 'auth.renew',
    what: 'with a token of somebody else',
    input: ({ own }, caller) => ({ token: caller === 'admin' ? own.staff : own.admin }),
    outcome: { ...all('access.forbidden'), guest: 'access.token_missing' },
  },
  {
    verb: 'auth.renew',
    what: 'with nothing',
    input: () => ({}),
    outcome: all('access.token_missing'),
  },
];

/** What comes of a verb of a namespace for staff, whom it is about alone. */
const forStaff = (outcome: string) => ({
  guest: 'access.token_missing',
  customer: 'access.forbidden',
  stranger: 'access.forbidden',
  ...staff(outcome),
});

/** {@link RENEWALS} where only staff join. */
const STAFF_RENEWALS = RENEWALS.map((row) => ({
  ...row,
  outcome: { ...forStaff('ok'), ...staff(row.outcome.admin) },
}));

/** For each namespace, what comes of each verb. */
const MATRIX: Readonly<Record<string, readonly Row[]>> = {
  '/orders': [
    ...RENEWALS,
    {
      verb: 'subscribe',
      what: 'to the order of a customer',
      input: ({ owned }) => ({ orderId: owned }),
      outcome: {
        guest: 'access.token_missing',
        customer: 'ok',
        stranger: 'order.not_found',
        ...staff('ok'),
      },
    },
    {
      verb: 'subscribe',
      what: 'to the order of a customer with its token',
      input: ({ owned }) => ({ orderId: owned, token: orderToken(LIVE_TOKENS, owned) }),
      outcome: {
        guest: 'order.sign_in_needed',
        customer: 'ok',
        stranger: 'order.sign_in_needed',
        ...staff('ok'),
      },
    },
    {
      verb: 'subscribe',
      what: 'to the order of a guest',
      input: ({ guests }) => ({ orderId: guests }),
      outcome: {
        guest: 'access.token_missing',
        customer: 'order.not_found',
        stranger: 'order.not_found',
        ...staff('ok'),
      },
    },
    {
      verb: 'subscribe',
      what: 'to the order of a guest with its token',
      input: ({ guests, token }) => ({ orderId: guests, token }),
      outcome: all('ok'),
    },
    {
      verb: 'subscribe',
      what: 'to the order of a guest with the token of another order',
      input: ({ guests, otherToken }) => ({ orderId: guests, token: otherToken }),
      outcome: all('access.forbidden'),
    },
    {
      verb: 'unsubscribe',
      what: 'from any order',
      input: ({ owned }) => ({ orderId: owned }),
      outcome: all('ok'),
    },
    {
      verb: 'list',
      what: 'of one’s own',
      input: () => ({}),
      outcome: { ...all('ok'), guest: 'access.token_missing' },
    },
    {
      verb: 'list',
      what: 'of everybody',
      input: () => ({ of: 'all' }),
      outcome: {
        guest: 'access.token_missing',
        customer: 'access.forbidden',
        stranger: 'access.forbidden',
        ...staff('ok'),
      },
    },
  ],
  // Its verbs depend on roles in rooms: chat-rights.test.ts has their matrix, which does not compile without a row for each.
  '/chat': RENEWALS,
  // Those of tickets, and their events: support-rights.test.ts.
  '/support': RENEWALS,
  // Everybody has a box of their own, and no verb names another one.
  '/notifications': [
    ...RENEWALS.map((renewal) => ({
      ...renewal,
      outcome: { ...renewal.outcome, guest: 'access.token_missing' },
    })),
    ...(
      [
        ['subscribe', {}],
        ['unsubscribe', {}],
        ['list', { unread: true }],
        ['badge', {}],
        ['read', { upTo: 0 }],
        ['seen', { ids: ['0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b'] }],
        ['preferences', {}],
        ['choose', { choices: [{ category: 'order', channel: 'sms', isOn: true }] }],
        ['settings', {}],
        [
          'arrange',
          { zone: 'Asia/Tehran', locale: null, quietFrom: 0, quietTo: 0, digest: 'off', digestHour: 9 },
        ],
      ] as const
    ).map(([verb, input]) => ({
      ...{ verb, what: 'of one’s own', input: () => input },
      outcome: { ...all('ok'), guest: 'access.token_missing' },
    })),
  ],
  '/analytics': [
    ...STAFF_RENEWALS,
    {
      verb: 'history',
      what: 'of orders',
      input: () => ({ figure: 'orders', from: '2026-11-01', to: '2026-11-14' }),
      outcome: { ...forStaff('ok'), support: 'access.forbidden' },
    },
    {
      verb: 'history',
      what: 'of too many hours',
      input: () => ({ figure: 'orders', from: '2026-11-01', to: '2026-11-15', by: 'hour' }),
      outcome: { ...forStaff('request.invalid'), support: 'access.forbidden' },
    },
  ],
  '/analytics/dashboard': [
    ...STAFF_RENEWALS,
    ...['watch', 'unwatch'].map((verb) => ({
      verb,
      what: 'the figures',
      input: () => ({}),
      outcome: { ...forStaff('ok'), support: 'access.forbidden' },
    })),
  ],
  '/analytics/tracking': [
    ...RENEWALS,
    {
      verb: 'track',
      what: 'a page view',
      input: () => ({ session: newId(), events: [viewAt(new Date())] }),
      outcome: all('ok'),
    },
    {
      verb: 'track',
      what: 'something else',
      input: () => ({ session: newId(), events: [{ ...viewAt(new Date()), name: 'paid' }] }),
      outcome: all('request.invalid'),
    },
  ],
};

/** Whose verbs have a matrix of their own. */
const ELSEWHERE: readonly string[] = ['/chat', '/support'];

let shop: ShopDatabase;
let node: OpenRealtime;
let scene: Scene;

beforeAll(async () => {
  shop = await openShopDatabase();
  node = await openRealtimeNode(shop);
  const own: Partial<Record<Caller, string>> = {};
  const accounts: Partial<Record<Caller, string>> = {};
  for (const caller of ['customer', 'stranger'] as const) {
    const session = await buildSession(shop.database);
    own[caller] = liveToken(session);
    accounts[caller] = session.accountId;
  }
  for (const role of STAFF_ROLES) {
    const { accountId } = await buildSession(shop.database);
    await giveRoles(shop.database, accountId, [role]);
    own[role] = liveToken(await buildSession(shop.database, { kind: 'staff', accountId }));
  }
  const [owned, guests, other] = [
    await buildOrder(shop.database),
    await buildOrder(shop.database),
    await buildOrder(shop.database),
  ];
  await shop.run((transaction) =>
    joinOrders(transaction, { accountId: accounts.customer!, orderIds: [owned.id] }),
  );
  scene = {
    owned: owned.id,
    guests: guests.id,
    token: orderToken(LIVE_TOKENS, guests.id),
    otherToken: orderToken(LIVE_TOKENS, other.id),
    customerId: accounts.customer!,
    own,
  };
});
afterAll(async () => {
  await node.close();
  await shop.close();
});

const connect = (namespace: string, caller: Caller) =>
  node.connect(namespace, scene.own[caller] ? { token: scene.own[caller] } : {});

/** `ok`, or the code of the refusal, also of one to join the namespace. */
async function outcomeOf(joining: Promise<LiveClient>, verb: string, input: object): Promise<string> {
  const client = await joining.catch((error: unknown) => {
    if (error instanceof ConnectRefused) return error.problem.code;
    throw error;
  });
  if (typeof client === 'string') return client;
  const answer = await client.call(verb, input);
  client.close();
  return answer.ok ? 'ok' : answer.problem.code;
}

test('the matrix has every verb of every namespace', () => {
  const listed = Object.entries(MATRIX).map(([namespace, entries]) => ({
    namespace,
    verbs: [...new Set(entries.map(({ verb }) => verb))].toSorted(),
  }));
  const registered = NAMESPACES.map(({ name, verbs }) => ({
    namespace: name,
    verbs: [...(ELSEWHERE.includes(name) ? [] : Object.keys(verbs)), 'auth.renew'].toSorted(),
  }));
  expect(listed).toEqual(registered);
});

for (const [namespace, entries] of Object.entries(MATRIX)) {
  describe(`in ${namespace}`, () => {
    test.each(entries)('$verb $what', async ({ verb, input, outcome }) => {
      const outcomes: Partial<Record<Caller, string>> = {};
      for (const caller of CALLERS) {
        outcomes[caller] = await outcomeOf(connect(namespace, caller), verb, input(scene, caller));
      }
      expect(outcomes).toEqual(outcome);
    });
  });
}

test('what a person is told reaches the sockets of that person, and of nobody else', async () => {
  const followers = await Promise.all(
    CALLERS.filter((caller) => caller !== 'guest').map(async (caller) => {
      const client = await connect('/notifications', caller);
      const answer = await client.call('subscribe');
      expect(answer).toMatchObject({ ok: true });
      return { caller, client };
    }),
  );
  const created = await buildNotification(shop, { accountId: scene.customerId });
  const added = ({ client }: (typeof followers)[number]) =>
    client.events.filter(({ type, payload }) => {
      return type === 'notifications.added' && (payload as { ids: string[] }).ids.includes(created.id);
    });
  const customer = followers.find(({ caller }) => caller === 'customer')!;
  const [event] = await eventually(
    () => added(customer),
    (found) => found.length === 1,
  );
  // The count is absolute and has a version: who resumes from it misses nothing, and a badge cannot drift.
  const badge = await customer.client.call('badge');
  expect(badge).toMatchObject({
    ok: true,
    result: { version: event!.version, unread: (event!.payload as { unread: number }).unread },
  });
  const resumed = await customer.client.call('subscribe', { after: event!.version - 1 });
  expect(resumed).toMatchObject({ ok: true, result: { version: event!.version, more: false, reset: false } });
  expect(resumed.ok && resumed.result['events']).toHaveLength(1);
  const listed = await customer.client.call('list', { unread: true });
  expect(listed).toMatchObject({ ok: true, result: { notifications: [{ id: created.id }], next: null } });
  await customer.client.call('read', { upTo: event!.version });
  await eventually(
    () => customer.client.events.at(-1),
    (last) => last?.type === 'notifications.read' && (last.payload as { unread: number }).unread === 0,
  );
  // Everything else that a box can say.
  const { customerId: accountId } = scene;
  await buildNotification(shop, { accountId });
  await customer.client.call('seen', { upTo: 2_147_483_647 });
  await customer.client.call('arrange', { ...DEFAULT_SETTINGS, digestHour: 10 });
  const overdue = await buildNotification(shop, { accountId });
  const age = (what: string) =>
    rows(shop.database.manager, `UPDATE ${what} SET created_at = now() - interval '100 days'`);
  await age(`notification_deliveries`);
  await shop.run(wakeOverdue);
  await rows(
    shop.database.manager,
    "UPDATE notification_deliveries SET status = 'suppressed', reason = 'read' WHERE channel = 'sms' AND status = 'queued'",
  );
  await age('notifications');
  await shop.run((transaction) => removeNotifications(transaction, 90));
  expect(overdue.boxId).toBe(accountId);
  const types = ['added', 'arranged', 'overdue', 'read', 'removed', 'seen'].map(
    (type) => `notifications.${type}`,
  );
  await eventually(
    () => [...new Set(customer.client.events.map(({ type }) => type))].toSorted(),
    (heard) => isDeepStrictEqual(heard, types),
  );
  for (const follower of followers) {
    await follower.client.call('badge');
    if (follower !== customer) expect(follower.client.events).toEqual([]);
    follower.client.close();
  }
});

/** How somebody may try to follow an order. */
const WAYS = {
  subscribe: ({ owned }: Scene) => ['subscribe', { orderId: owned }],
  'by the token': ({ guests, token }: Scene) => ['subscribe', { orderId: guests, token }],
  'by another token': ({ guests, otherToken }: Scene) => [
    'subscribe',
    { orderId: guests, token: otherToken },
  ],
  'list of own': () => ['list', { of: 'own' }],
  'list of all': () => ['list', { of: 'all' }],
} as const satisfies Readonly<Record<string, (scene: Scene) => readonly [string, object]>>;

const PAYMENT = { attemptId: newId(), gateway: 'zarinpal' };
const AMOUNT = { amount: 120_000, currency: 'IRR' } as const;

/** One event of each type, in the order in which they are recorded. With the last one a token alone opens the order no longer. */
const ORDER_EVENTS: { readonly [Type in keyof OrderEvents]: OrderEvents[Type] } = {
  'order.created': { number: 7, total: AMOUNT, lines: [], paymentDeadline: '2026-11-01T08:00:00.000Z' },
  'order.payment_opened': { ...PAYMENT, amount: AMOUNT, payableUntil: '2026-11-01T08:00:00.000Z' },
  'order.payment_unavailable': { ...PAYMENT, reason: 'gateway_unavailable' },
  'order.payment_refused': { ...PAYMENT, reason: 'stock_gone' },
  'order.payment_surplus': { ...PAYMENT, amount: AMOUNT },
  'order.payment_refunded': { ...PAYMENT, amount: AMOUNT },
  'order.paid': { ...PAYMENT, amount: AMOUNT, refId: '201' },
  'order.units_shipped': { sku: 'A', quantity: 1 },
  'order.reopened': { attemptId: PAYMENT.attemptId },
  'order.expired': {},
  'order.cancelled': {},
  'order.joined': {},
};

test('an event of an order, of each type, reaches those who may follow it, and nobody else', async () => {
  const followers = await Promise.all(
    CALLERS.flatMap((caller) =>
      Object.entries(WAYS).map(async ([way, frameOf]) => {
        const client = await connect('/orders', caller);
        const [verb, input] = frameOf(scene);
        await client.call(verb, input);
        return { name: `${caller}: ${way}`, client, since: client.events.length };
      }),
    ),
  );
  const events = Object.entries(ORDER_EVENTS).map(([type, payload]) => ({ type, payload }) as OrderEvent);
  for (const id of [scene.owned, scene.guests]) {
    for (const event of events) await shop.run((transaction) => recordEvents(transaction, ORDER, id, event));
    await shop.run((transaction) =>
      recordEvents(transaction, ORDER, id, { type: 'order.cancelled', payload: {} }),
    );
  }
  const types = [...events.map(({ type }) => type), 'order.cancelled'];
  const ofStaff = (way: keyof typeof WAYS) => STAFF_ROLES.map((role) => `${role}: ${way}`);
  const expected = new Map<string, Readonly<Record<string, readonly string[]>>>([
    ...['customer: subscribe', 'customer: list of own', ...ofStaff('subscribe')].map(
      (name) => [name, { [scene.owned]: types }] as const,
    ),
    ...ofStaff('list of all').map((name) => [name, { [scene.owned]: types, [scene.guests]: types }] as const),
    ...ofStaff('by the token').map((name) => [name, { [scene.guests]: types }] as const),
    ...['guest', 'customer', 'stranger'].map(
      (name) => [`${name}: by the token`, { [scene.guests]: types.slice(0, -1) }] as const,
    ),
  ]);
  const reached = () =>
    followers.map(({ name, client, since }) => {
      const got: Record<string, string[]> = {};
      for (const { id, type } of client.events.slice(since)) (got[id] ??= []).push(type);
      return [name, got] as const;
    });
  const wanted = followers.map(({ name }) => [name, expected.get(name) ?? {}] as const);
  await eventually(reached, (found) => isDeepStrictEqual(found, wanted)).catch(() => undefined);
  // What was sent before an answer has come before it.
  for (const { client } of followers) await client.call('unsubscribe', { orderId: scene.owned });
  expect(reached()).toEqual(wanted);
  for (const { client } of followers) client.close();
});

test('the figures of each second reach those who watch them and may, and nobody else', async () => {
  const clients = new Map<Caller, LiveClient>();
  for (const caller of STAFF_ROLES) clients.set(caller, await connect('/analytics/dashboard', caller));
  const reached = () =>
    [...clients]
      .filter(([, { others }]) => others.some(({ name }) => name === 'figures'))
      .map(([caller]) => caller);
  for (const client of clients.values()) await client.call('watch');
  await eventually(reached, (callers) => callers.length === 2);
  const admin = clients.get('admin')!;
  const seen = admin.others.length;
  await eventually(
    () => admin.others.length,
    (length) => length > seen,
  );
  expect(reached()).toEqual(['staff', 'admin']);
  for (const client of clients.values()) client.close();
});
