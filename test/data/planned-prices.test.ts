import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readCart } from '../../api/carts/cart.queries';
import type { ProductListView, ProductView } from '../../api/catalog/catalog.view';
import { nextPlannedInstant } from '../../api/catalog/listed-prices';
import { acknowledgePrices } from '../../entities/carts/acknowledge-prices';
import { refreshListedPrices } from '../../entities/catalog/refresh-listed-prices';
import { placeOrder } from '../../entities/checkout/place-order';
import { newId } from '../../entities/values/uuid';
import { buildProduct, type BuiltProduct, type ProductFields } from '../support/factories/catalog';
import { buildReadyCart, GATEWAY_LIMITS } from '../support/factories/orders';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';
import { openStorefront, type Storefront } from '../support/storefront';

let shop: ShopDatabase;
let storefront: Storefront;

beforeAll(async () => {
  shop = await openShopDatabase();
  storefront = await openStorefront(shop.database);
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await storefront.close();
  await shop.close();
});

/** Plans a price, by hours from now. */
async function plan(variantId: string, price: number, from: number, to: number): Promise<string> {
  const id = newId();
  await rows(
    shop.database.manager,
    `INSERT INTO planned_prices (id, variant_id, price, starts_at, ends_at)
     VALUES ($1, $2, $3, now() + $4 * interval '1 hour', now() + $5 * interval '1 hour')`,
    [id, variantId, price, from, to],
  );
  return id;
}

/** Time passes for one product: its plans and what its listing knows of them lie further back. No trigger sees it. */
async function passHours({ id }: Pick<BuiltProduct, 'id'>, hours: number): Promise<void> {
  await shop.run(async (transaction) => {
    await rows(transaction, 'SET LOCAL session_replication_role = replica');
    await rows(
      transaction,
      `UPDATE planned_prices SET starts_at = starts_at - $2 * interval '1 hour',
         ends_at = ends_at - $2 * interval '1 hour'
       WHERE variant_id IN (SELECT id FROM variants WHERE product_id = $1)`,
      [id, hours],
    );
    await rows(
      transaction,
      `UPDATE product_listings SET priced_until = priced_until - $2 * interval '1 hour' WHERE product_id = $1`,
      [id, hours],
    );
  });
}

async function build(request: ProductFields = {}) {
  const product = await buildProduct(shop.database, { variants: [{ price: 100_000 }], ...request });
  return { ...product, variant: { ...product.variants[0]!, productId: product.id } };
}

async function shown({ slug }: Pick<BuiltProduct, 'slug'>) {
  const { body } = await storefront.get<ProductView>(`/products/${slug}`);
  const { priceFrom, priceTo, variants } = body;
  return [priceFrom.amount, priceTo.amount, variants.map(({ price }) => price.amount)];
}

/** The lowest price that the list of the product's category shows. */
async function listed({ id }: Pick<BuiltProduct, 'id'>, query = '') {
  const category = await row<{ slug: string }>(
    shop.database.manager,
    'SELECT c.slug FROM products p JOIN categories c ON c.id = p.category_id WHERE p.id = $1',
    [id],
  );
  const { body } = await storefront.get<ProductListView>(`/products?category=${category!.slug}${query}`);
  return body.items.map(({ priceFrom, priceTo }) => [priceFrom.amount, priceTo.amount]);
}

test('two plans of a variant never overlap, and may touch', async () => {
  const { variant } = await build();
  await plan(variant.id, 90_000, 1, 2);
  await plan(variant.id, 80_000, 2, 3);
  await expect(plan(variant.id, 70_000, 1.5, 1.6)).rejects.toThrow('ex_planned_prices_overlap');
});

test('a planned price begins and ends at its instants wherever prices are read, without a job', async () => {
  const product = await build({ variants: [{ price: 100_000 }, { price: 120_000 }] });
  const input = await buildReadyCart(shop.database, [{ variant: product.variant, quantity: 2 }]);
  await plan(product.variant.id, 70_000, 1, 3);
  const order = (expectedTotal: number) =>
    shop.run((transaction) =>
      placeOrder(transaction, { ...input, orderId: newId(), expectedTotal }, GATEWAY_LIMITS),
    );
  const before = [await shown(product), await listed(product)];
  expect(before).toEqual([[100_000, 120_000, [100_000, 120_000]], [[100_000, 120_000]]]);

  await passHours(product, 1);

  expect([await shown(product), await listed(product)]).toEqual([
    [70_000, 120_000, [70_000, 120_000]],
    [[70_000, 120_000]],
  ]);
  // The buyer saw 200,000 before the plan began.
  expect(await refusalOf(order(200_000))).toMatchObject({
    code: 'checkout.price_changed',
    details: { total: { amount: 140_000, currency: 'IRR' } },
  });

  await passHours(product, 2);

  expect([await shown(product), await listed(product)]).toEqual(before);
  expect(await refusalOf(order(140_000))).toMatchObject({
    code: 'checkout.price_changed',
    details: { total: { amount: 200_000, currency: 'IRR' } },
  });
  expect(await order(200_000)).toMatchObject({ total: 200_000 });
});

test('an order keeps the planned price after the plan has ended', async () => {
  const product = await build();
  const input = await buildReadyCart(shop.database, [{ variant: product.variant, quantity: 1 }]);
  await plan(product.variant.id, 60_000, 0, 1);
  const order = await shop.run((transaction) =>
    placeOrder(transaction, { ...input, expectedTotal: 60_000 }, GATEWAY_LIMITS),
  );
  await passHours(product, 1);
  const line = await row(
    shop.database.manager,
    'SELECT unit_price AS "unitPrice" FROM order_lines WHERE order_id = $1',
    [order.id],
  );
  expect(line).toEqual({ unitPrice: 60_000 });
});

test('a cart tells of the planned price until it is acknowledged', async () => {
  const product = await build();
  const { cartId, cartVersion } = await buildReadyCart(shop.database, [
    { variant: product.variant, quantity: 1 },
  ]);
  await plan(product.variant.id, 60_000, 0, 1);
  const seen = async () =>
    (await row<{ price: number }>(
      shop.database.manager,
      'SELECT seen_price AS price FROM cart_lines WHERE cart_id = $1',
      [cartId],
    ))!.price;
  const inCart = async () =>
    (await readCart(shop.database.manager, cartId))!.lines.map(({ unitPrice }) => unitPrice);
  expect([await seen(), await inCart()]).toEqual([100_000, [60_000]]);
  await shop.run((transaction) => acknowledgePrices(transaction, { id: cartId }, cartVersion));
  expect(await seen()).toBe(60_000);
});

describe('a listing', () => {
  test('is late for filters and sorts until it is refreshed, once', async () => {
    const product = await build();
    await plan(product.variant.id, 70_000, 1, 2);
    await passHours(product, 1);
    expect(await listed(product, '&maxPrice=80000')).toEqual([]);
    await shop.assertInvariantsHold();

    const refresh = () => shop.run((transaction) => refreshListedPrices(transaction, 1_000));
    expect(await refresh()).toBeGreaterThan(0);
    expect(await refresh()).toBe(0);

    expect(await listed(product, '&maxPrice=80000')).toEqual([[70_000, 70_000]]);
    await passHours(product, 1);
    expect(await listed(product)).toEqual([[100_000, 100_000]]);
    expect(await refresh()).toBe(1);
  });

  test('follows a plan that begins at once and one that is withdrawn', async () => {
    const product = await build();
    const id = await plan(product.variant.id, 70_000, 0, 1);
    expect(await listed(product, '&maxPrice=80000')).toEqual([[70_000, 70_000]]);
    await rows(shop.database.manager, 'DELETE FROM planned_prices WHERE id = $1', [id]);
    expect(await listed(product, '&minPrice=90000')).toEqual([[100_000, 100_000]]);
  });

  test('that is refreshed after a price was changed has the present one', async () => {
    const product = await build();
    await plan(product.variant.id, 70_000, 1, 2);
    await passHours(product, 3);
    await rows(shop.database.manager, 'UPDATE variants SET price = 110_000 WHERE id = $1', [
      product.variant.id,
    ]);
    expect(await listed(product, '&minPrice=110000')).toEqual([[110_000, 110_000]]);
  });
});

test('an answer may be kept until the first instant at which a price of it changes', () => {
  const at = (time: string) => ({ pricedUntil: new Date(time) });
  expect(nextPlannedInstant([])).toBeUndefined();
  expect(nextPlannedInstant([{ pricedUntil: null }])).toBeUndefined();
  expect(
    nextPlannedInstant([at('2026-12-02'), { pricedUntil: null }, at('2026-12-01'), at('2027-01-01')]),
  ).toEqual(new Date('2026-12-01'));
});
