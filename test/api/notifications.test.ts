import { afterAll, beforeAll, expect, test } from 'vitest';

import type { NotificationsView } from '../../api/notifications/notifications.view';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildNotification } from '../support/factories/notifications';
import { buildOrder } from '../support/factories/orders';
import { openShop, type Shop } from '../support/shop';

let shop: Shop;
let customer: BuiltCaller;
beforeAll(async () => {
  shop = await openShop();
  customer = await buildCaller(shop);
});
afterAll(() => shop.close());

async function call(
  { headers }: BuiltCaller,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${shop.url}/api/v1/notifications${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function list(
  caller: BuiltCaller,
  query: string,
): Promise<{ status: number; body: NotificationsView }> {
  const { status, body } = await call(caller, 'GET', query);
  return { status, body: body as unknown as NotificationsView };
}

const home = () => ({
  database: shop.database,
  run: <Result>(work: Parameters<typeof withTransaction<Result>>[1]) => withTransaction(shop.database, work),
});

test('a person pages through what they were told, marks it, and sees nothing of others', async () => {
  const { id: orderId, state } = await buildOrder(shop.database);
  for (let times = 0; times < 3; times += 1)
    await buildNotification(home(), { accountId: customer.accountId, data: { orderId } });
  await buildNotification(home());

  const first = await list(customer, '?limit=2');
  expect(first.status).toBe(200);
  expect(first.body.items).toHaveLength(2);
  expect(first.body.items[0]).toMatchObject({
    ...{ kind: 'order_cancelled', category: 'order', data: { orderId }, isRead: false, isSeen: false },
    text: `سفارش ${state.number} لغو شد`,
  });
  expect(first.body.badge).toEqual({ version: 3, unread: 3, unseen: 3 });
  const second = await list(customer, `?limit=2&cursor=${first.body.nextCursor}`);
  expect([second.body.items.length, second.body.nextCursor]).toEqual([1, null]);

  expect(await call(customer, 'POST', '/seen', { upTo: first.body.badge.version })).toMatchObject({
    body: { unread: 3, unseen: 0, version: 4 },
  });
  const ids = [first.body.items[0]!.id];
  expect((await call(customer, 'POST', '/read', { ids })).body).toEqual({ version: 5, unread: 2, unseen: 0 });
  expect((await call(customer, 'POST', '/read', { ids })).body).toEqual({ version: 5, unread: 2, unseen: 0 });
  expect((await list(customer, '?unread=true')).body.items).toHaveLength(2);
  expect((await call(customer, 'GET', '/badge')).body).toEqual({ version: 5, unread: 2, unseen: 0 });

  const stranger = await buildCaller(shop);
  expect((await call(stranger, 'POST', '/read', { ids })).body).toEqual({ version: 0, unread: 0, unseen: 0 });
  expect((await list(stranger, '')).body.items).toEqual([]);
});

test('what marks nothing, too much or rubbish is refused', async () => {
  for (const body of [
    {},
    { ids: [] },
    { ids: Array.from({ length: 101 }, newId) },
    { ids: ['x'] },
    { upTo: -1 },
  ])
    expect(await call(customer, 'POST', '/read', body)).toMatchObject({
      status: 422,
      body: { code: 'request.invalid' },
    });
  for (const query of ['?cursor=x', '?limit=51', '?unread=perhaps'])
    expect((await call(customer, 'GET', query)).status).toBe(422);
});

test('channels are chosen, but those of security and payment, and work is offered to who works here', async () => {
  const sms = (category: string, isOn: boolean) => ({ choices: [{ category, channel: 'sms', isOn }] });
  const changed = await call(customer, 'PUT', '/preferences', sms('order', false));
  expect(changed.status).toBe(200);
  expect(changed.body['items']).toContainEqual({
    category: 'order',
    channel: 'sms',
    isOn: false,
    isFixed: false,
  });
  expect(changed.body['items']).toContainEqual({
    category: 'payment',
    channel: 'sms',
    isOn: true,
    isFixed: true,
  });
  expect(JSON.stringify(changed.body)).not.toContain('desk');
  for (const category of ['payment', 'security', 'stock'])
    expect(await call(customer, 'PUT', '/preferences', sms(category, false))).toMatchObject({
      status: 409,
      body: { code: 'notification.channel_fixed' },
    });
  const agent = await buildCaller(shop, { roles: ['support'] });
  expect((await call(agent, 'GET', '/preferences')).body['items']).toContainEqual({
    ...{ category: 'desk', channel: 'sms', isOn: false, isFixed: false },
  });
});

test('settings have a zone that is real, hours that are minutes of a day, and defaults', async () => {
  const defaults = await call(customer, 'GET', '/settings');
  expect(defaults.body).toEqual({
    ...{ zone: 'Asia/Tehran', locale: null, quietFrom: 1_320, quietTo: 480, digest: 'off', digestHour: 9 },
  });
  const chosen = { ...defaults.body, zone: 'Europe/Berlin', locale: 'en', digest: 'daily' };
  expect(await call(customer, 'PUT', '/settings', chosen)).toEqual({ status: 200, body: chosen });
  expect((await call(customer, 'GET', '/settings')).body).toEqual(chosen);
  const otherwise = { ...chosen, zone: 'eUROPE/bERLIN' };
  expect(await call(customer, 'PUT', '/settings', otherwise)).toEqual({ status: 200, body: chosen });
  expect((await call(customer, 'GET', '/settings')).body).toEqual(chosen);
  expect((await list(customer, '?limit=1')).body.items[0]!.text).toMatch(/^Order /);
  for (const zone of ['Mars/Olympus', '+03:30', ''])
    expect(await call(customer, 'PUT', '/settings', { ...chosen, zone })).toMatchObject({
      body: { code: 'notification.zone_unknown' },
    });
  for (const change of [
    { quietFrom: 1_440 },
    { quietTo: 0.5 },
    { digestHour: 24 },
    { locale: 'de' },
    { digest: 'no' },
  ])
    expect((await call(customer, 'PUT', '/settings', { ...chosen, ...change })).status).toBe(422);
});

test('who changes all the time is refused for a while', async () => {
  const eager = await buildCaller(shop);
  const statuses = await Promise.all(
    Array.from({ length: 65 }, async () => (await call(eager, 'POST', '/read', { upTo: 0 })).status),
  );
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
});
