import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiProblem, createApiClient, type ApiAnswer, type ApiClient } from '../../api/client/client';
import { OPERATIONS, type Operations } from '../../api/client/generated';
import { describeShop } from '../../api/openapi/shop-document';
import { openShop, type Shop } from '../support/shop';
import { differencesFrom, operationsOf } from './documented-answers';

const document = describeShop();
const operations = operationsOf(document);
const differences = differencesFrom(document);

let shop: Shop;
let client: ApiClient;
const called = new Set<string>();

beforeAll(async () => {
  shop = await openShop();
  client = createApiClient(shop.url);
});
afterAll(() => shop.close());

/** Calls through the client and compares the answer with the document. */
async function call<Name extends keyof Operations>(
  name: Name,
  ...request: Parameters<typeof client.call<Name>> extends [unknown, infer Request] ? [Request] : never
): Promise<ApiAnswer<Operations[Name]['answer']>> {
  const answer = await client.call(name, ...request);
  const { method, path } = OPERATIONS[name];
  const operation = operations.find((it) => it.method === method && it.path === path)!;
  expect(differences(operation, answer.status, 'application/json', answer.data), name).toEqual([]);
  called.add(name);
  return answer;
}

test('every answer to a purchase through the client is as documented', async () => {
  expect((await call('getHealthReady', {})).data.status).toBe('ready');
  expect((await call('getHealthLive', {})).data.status).toBe('live');
  expect((await call('getCategories', {})).data.length).toBeGreaterThan(3);

  const { data: list } = await call('getProducts', { query: { inStock: true, limit: 5, q: 'گوشی' } });
  const { data: product } = await call('getProductsBySlug', { path: { slug: list.items[0]!.slug } });
  const variant = product.variants.find(({ inStock }) => inStock)!;

  const { data: opened } = await call('postCarts', {});
  const headers = { 'X-Cart-Token': opened.token };
  await call('postCartsCurrentLines', { headers, body: { variantId: variant.id, quantity: 2 } });
  const path = { variantId: variant.id };
  await call('putCartsCurrentLinesByVariantId', { headers, path, body: { quantity: 1 } });
  const { data: cart } = await call('getCartsCurrent', { headers });
  expect(cart.total).toEqual(variant.price);
  await call('postCartsCurrentAcknowledgements', { headers, body: { version: cart.version } });

  const request = {
    headers: { ...headers, 'Idempotency-Key': randomUUID() },
    body: { expectedTotal: cart.total },
  };
  const first = await call('postCheckout', request);
  const again = await call('postCheckout', request);
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.data.order.id).toBe(first.data.order.id);

  const { order, orderToken, payment } = first.data;
  expect(payment.redirect).toContain('/pg/StartPay/');
  const owner = { 'X-Order-Token': orderToken };
  await call('getOrdersById', { path: { id: order.id }, headers: owner });
  const { data: timeline } = await call('getOrdersByIdEvents', {
    path: { id: order.id },
    headers: owner,
    query: { limit: 1 },
  });
  expect(timeline.events).toHaveLength(1);

  const { data: cancelled } = await call('postOrdersByIdCancel', {
    path: { id: order.id },
    headers: { ...owner, 'Idempotency-Key': randomUUID() },
    body: {},
  });
  expect(cancelled.order.status).toBe('cancelled');
  await call('deleteCartsCurrentLinesByVariantId', { headers, path });
  await call('deleteCartsCurrentLines', { headers });
  expect(called.size).toBeGreaterThan(12);
});

test('an answer that differs from the document is noticed', () => {
  const ready = operations.find(({ path }) => path === '/health/ready')!;
  const differencesOf = (body: unknown) => differences(ready, 200, 'application/json', body);

  expect(differencesOf({ status: 'ready', away: [] })).toEqual([]);
  expect(differencesOf({ status: 'ready', away: [], secret: 1 })).toHaveLength(1);
  expect(differencesOf({ status: 'ready' })).toHaveLength(1);
  expect(differencesOf({ status: 'odd', away: [1] })).toHaveLength(2);
  expect(differences(ready, 201, 'application/json', {})).toEqual([
    '201 with application/json is not documented',
  ]);
});

test('a refusal arrives as a problem with its code', async () => {
  const refusal = await client
    .call('getCartsCurrent', { headers: { 'X-Cart-Token': 'nobody' } })
    .catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(ApiProblem);
  expect(refusal).toMatchObject({
    operation: 'getCartsCurrent',
    problem: { status: 404, code: 'cart.not_found' },
  });
});

test('parameters are encoded into the path', async () => {
  const refusal = client.call('getProductsBySlug', { path: { slug: '../../health/live?x=#' } });

  await expect(refusal).rejects.toMatchObject({
    problem: { status: 404, code: 'catalog.product_not_found' },
  });
});

test('a caller may add headers of its own', async () => {
  const first = await client.call('getProducts', { query: { limit: 1 } });
  const etag = first.headers.get('etag')!;

  const again = await client.call('getProducts', {
    query: { limit: 1 },
    moreHeaders: { 'If-None-Match': etag },
  });

  expect([again.status, again.data]).toEqual([304, undefined]);
});
