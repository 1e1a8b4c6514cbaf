import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiProblem, createApiClient, type ApiAnswer, type ApiClient } from '../../api/client/client';
import { OPERATIONS, type Operations } from '../../api/client/generated';
import { describeShop } from '../../api/openapi/shop-document';
import { buildRecipient } from '../support/factories/recipient';
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
  expect((await call('getReadiness', {})).data.status).toBe('ready');
  expect((await call('getLiveness', {})).data.status).toBe('live');
  expect((await call('listCategories', {})).data.length).toBeGreaterThan(3);

  const { data: list } = await call('listProducts', { query: { inStock: true, limit: 5, q: 'گوشی' } });
  const { data: product } = await call('getProduct', { path: { slug: list.items[0]!.slug } });
  const variant = product.variants.find(({ inStock }) => inStock)!;

  const { data: opened } = await call('openCart', {});
  const headers = { 'X-Cart-Token': opened.token };
  await call('addCartLine', { headers, body: { variantId: variant.id, quantity: 2 } });
  const path = { variantId: variant.id };
  await call('setCartLine', { headers, path, body: { quantity: 1 } });
  const { name, phone, province, city, postalCode, lines } = buildRecipient();
  const recipient = { name, phone, province, city, postalCode, lines: [...lines] };
  await call('setCartRecipient', { headers, body: { recipient } });
  const { data: cart } = await call('getCart', { headers });
  expect(cart.total).toEqual(variant.price);
  await call('acknowledgePrices', { headers, body: { version: cart.version } });

  const request = {
    headers: { ...headers, 'Idempotency-Key': randomUUID() },
    body: { expectedTotal: cart.total },
  };
  const first = await call('placeOrder', request);
  const again = await call('placeOrder', request);
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.data.order.id).toBe(first.data.order.id);

  const { order, orderToken, payment } = first.data;
  expect(payment.redirect).toContain('/pg/StartPay/');
  const owner = { 'X-Order-Token': orderToken };
  const { data: detail } = await call('getOrder', { path: { id: order.id }, headers: owner });
  expect(detail.receipt).toBeNull();
  const { data: timeline } = await call('listOrderEvents', {
    path: { id: order.id },
    headers: owner,
    query: { limit: 1 },
  });
  expect(timeline.events).toHaveLength(1);

  const { data: cancelled } = await call('cancelOrder', {
    path: { id: order.id },
    headers: { ...owner, 'Idempotency-Key': randomUUID() },
    body: {},
  });
  expect(cancelled.order.status).toBe('cancelled');
  await call('removeCartLine', { headers, path });
  await call('clearCart', { headers });
  expect(called.size).toBeGreaterThan(12);
});

test('what the documentation page fills in works with the example catalogue', async () => {
  const exampleOf = (method: string, path: string) => {
    const { parameters = [], requestBody } = document.paths[`/api/v1${path}`]![method] as {
      parameters?: {
        name: string;
        in: string;
        required: boolean;
        example?: never;
        schema: { examples?: never[] };
      }[];
      requestBody?: { content: Record<string, { example: never }> };
    };
    const values = (place: string) =>
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === place && parameter.name !== 'cursor')
          .map(({ name, example, schema }) => [name, example ?? schema.examples?.[0]]),
      );
    return {
      path: values('path') as never,
      query: values('query'),
      body: requestBody?.content['application/json']!.example as never,
    };
  };

  const { query } = exampleOf('get', '/products');
  expect((await call('listProducts', { query })).data.items.length).toBeGreaterThan(0);
  await call('getProduct', { path: exampleOf('get', '/products/{slug}').path });
  const { data: opened } = await call('openCart', {});
  const headers = { 'X-Cart-Token': opened.token };
  await call('addCartLine', { headers, body: exampleOf('post', '/carts/current/lines').body });
  const line = exampleOf('put', '/carts/current/lines/{variantId}');
  const { data: cart } = await call('setCartLine', { headers, path: line.path, body: line.body });
  const { body } = exampleOf('post', '/checkout') as { body: { expectedTotal: unknown; gateway: string } };
  expect(body.expectedTotal).toEqual(cart.total);
  await call('removeCartLine', { headers, path: line.path });
  expect((await call('listGateways', {})).data.map(({ name }) => name)).toContain(body.gateway);
});

test('a storefront learns which gateways there are and what they take', async () => {
  const { data } = await call('listGateways', {});

  expect(data).toEqual([
    {
      name: 'zarinpal',
      isDefault: true,
      minimum: { amount: 10_000, currency: 'IRR' },
      maximum: { amount: 1_000_000_000, currency: 'IRR' },
    },
  ]);
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
    .call('getCart', { headers: { 'X-Cart-Token': 'nobody' } })
    .catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(ApiProblem);
  expect(refusal).toMatchObject({
    operation: 'getCart',
    problem: { status: 404, code: 'cart.not_found' },
  });
});

test('parameters are encoded into the path', async () => {
  const refusal = client.call('getProduct', { path: { slug: '../../health/live?x=#' } });

  await expect(refusal).rejects.toMatchObject({
    problem: { status: 404, code: 'catalog.product_not_found' },
  });
});

test('a caller may add headers of its own', async () => {
  const first = await client.call('listProducts', { query: { limit: 1 } });
  const etag = first.headers.get('etag')!;

  const again = await client.call('listProducts', {
    query: { limit: 1 },
    moreHeaders: { 'If-None-Match': etag },
  });

  expect([again.status, again.data]).toEqual([304, undefined]);
});
