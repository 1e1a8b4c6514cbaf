import { afterAll, beforeAll, expect, test } from 'vitest';

import type { AwaitedStockView, WatchedStocksView } from '../../api/stock-alerts/stock-subscriptions.view';
import { recommendSimilar } from '../../entities/recommendations/recommend-similar';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildProduct } from '../support/factories/catalog';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { openShop, type Shop } from '../support/shop';
import { rows } from '../support/sql';

let shop: Shop;
let customer: BuiltCaller;
let staff: BuiltCaller;
beforeAll(async () => {
  shop = await openShop();
  customer = await buildCaller(shop);
  staff = await buildCaller(shop, { roles: ['staff'] });
});
afterAll(() => shop.close());

async function call(
  { headers }: BuiltCaller,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${shop.url}/api/v1${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

test('a customer asks to hear of what is out, sees it and stops; a stranger cannot stop it', async () => {
  const variant = await buildStockedVariant(shop.database, { stock: 0 });
  const path = '/me/stock-subscriptions';
  const asked = await call(customer, 'POST', path, { variantId: variant.id });
  expect(asked).toMatchObject({
    status: 201,
    body: { variant: { id: variant.id, sku: variant.sku, productTitle: 'کالا' }, channel: 'sms' },
  });
  expect(await call(customer, 'POST', path, { variantId: variant.id })).toEqual({ ...asked, status: 200 });
  expect(await call(customer, 'GET', path)).toEqual({ status: 200, body: { items: [asked.body] } });

  const one = `${path}/${(asked.body as AwaitedStockView).id}`;
  expect(await call(await buildCaller(shop), 'DELETE', one)).toMatchObject({
    status: 404,
    body: { code: 'stock_subscription.not_found' },
  });
  expect((await call(customer, 'DELETE', one)).status).toBe(204);
  expect(await call(customer, 'GET', path)).toEqual({ status: 200, body: { items: [] } });
});

test('what can be bought is refused with how many there are, and only SMS is offered', async () => {
  const variant = await buildStockedVariant(shop.database, { stock: 25 });
  expect(await call(customer, 'POST', '/me/stock-subscriptions', { variantId: variant.id })).toMatchObject({
    status: 409,
    body: { code: 'stock_subscription.available', available: 20, variantId: variant.id },
  });
  const inApp = { variantId: variant.id, channel: 'in_app' };
  expect((await call(customer, 'POST', '/me/stock-subscriptions', inApp)).status).toBe(422);
  const unknown = await call(customer, 'POST', '/me/stock-subscriptions', { variantId: newId() });
  expect(unknown).toMatchObject({ status: 404, body: { code: 'catalog.variant_not_found' } });
});

test('staff watch a variant, a category or everything, each recorded, and see only their own', async () => {
  const { id: variantId, productId } = await buildStockedVariant(shop.database);
  const [product] = await rows<{ categoryId: string }>(
    shop.database.manager,
    'SELECT category_id AS "categoryId" FROM products WHERE id = $1',
    [productId],
  );
  const { categoryId } = product!;
  const watch = (body: object) => call(staff, 'POST', '/stock/subscriptions', body);
  expect(await watch({ kind: 'low', variantId })).toMatchObject({
    status: 201,
    body: { kind: 'low', variant: { id: variantId }, category: null },
  });
  expect(await watch({ kind: 'out', categoryId })).toMatchObject({
    status: 201,
    body: { category: { id: categoryId } },
  });
  expect(await watch({ kind: 'back' })).toMatchObject({
    status: 201,
    body: { variant: null, category: null },
  });
  expect((await watch({ kind: 'back' })).status).toBe(200);
  expect((await watch({ kind: 'low', variantId, categoryId })).status).toBe(422);
  expect((await watch({ kind: 'low', categoryId: newId() })).body).toMatchObject({
    code: 'catalog.category_not_found',
  });

  const { items } = (await call(staff, 'GET', '/stock/subscriptions')).body as WatchedStocksView;
  expect(items.map(({ kind }) => kind)).toEqual(['low', 'out', 'back']);
  const colleague = await buildCaller(shop, { roles: ['staff'] });
  expect((await call(colleague, 'GET', '/stock/subscriptions')).body).toEqual({ items: [] });
  expect((await call(colleague, 'DELETE', `/stock/subscriptions/${items[0]!.id}`)).status).toBe(404);
  for (const { id } of items)
    expect((await call(staff, 'DELETE', `/stock/subscriptions/${id}`)).status).toBe(204);
  const support = await buildCaller(shop, { roles: ['support'] });
  expect((await call(support, 'POST', '/stock/subscriptions', { kind: 'low' })).status).toBe(403);
});

test('a product shows what is similar, what can be bought first and only what is listed', async () => {
  const [wanted, soldOut, archived, inStock] = [
    await buildProduct(shop.database, { title: 'هدفون سونی مشکی' }),
    await buildProduct(shop.database, { title: 'هدفون سونی سفید', variants: [{ stock: 0 }] }),
    await buildProduct(shop.database, { title: 'هدفون سونی آبی' }),
    await buildProduct(shop.database, { title: 'بلندگوی سونی' }),
  ];
  await rows(
    shop.database.manager,
    `UPDATE products SET category_id = (SELECT category_id FROM products WHERE id = $1) WHERE id = ANY($2::uuid[])`,
    [wanted.id, [soldOut.id, archived.id, inStock.id]],
  );
  await withTransaction(shop.database, (transaction) =>
    recommendSimilar(transaction, { after: null, products: 10_000 }),
  );
  await rows(shop.database.manager, "UPDATE products SET status = 'archived' WHERE id = $1", [archived.id]);

  const ids = (shown: { similar: { id: string }[] }) => shown.similar.map(({ id }) => id);
  type Shown = Parameters<typeof ids>[0];
  const page = await call(customer, 'GET', `/products/${wanted.slug}`);
  expect(ids((page.body as { recommendations: Shown }).recommendations)).toEqual([inStock.id, soldOut.id]);
  const route = await call(customer, 'GET', `/products/${wanted.slug}/recommendations`);
  expect(route).toMatchObject({ status: 200, body: { together: [] } });
  expect(ids(route.body as Shown)).toEqual([inStock.id, soldOut.id]);
  expect(await call(customer, 'GET', `/products/${archived.slug}/recommendations`)).toMatchObject({
    status: 404,
    body: { code: 'catalog.product_not_found' },
  });
});
