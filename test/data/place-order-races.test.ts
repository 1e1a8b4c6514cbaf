import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { closeOrder } from '../../entities/checkout/close-order';
import { placeOrder, type PlaceOrder } from '../../entities/checkout/place-order';
import { AppError } from '../../entities/errors';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildFilledCart } from '../support/factories/filled-cart';
import { buildPlacing, buildReadyCart, GATEWAY_LIMITS, type BuiltLine } from '../support/factories/orders';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: 20 });
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

/** `placed`, or the code of the refusal; anything else is a failure. */
async function outcomeOf(input: PlaceOrder): Promise<string> {
  try {
    await shop.run((transaction) => placeOrder(transaction, input, GATEWAY_LIMITS));
    return 'placed';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

async function placeAtOnce(inputs: readonly PlaceOrder[]): Promise<Record<string, number>> {
  const outcomes = await Promise.all(inputs.map(outcomeOf));
  return Object.fromEntries(
    [...new Set(outcomes)].map((outcome) => [outcome, outcomes.filter((it) => it === outcome).length]),
  );
}

const buyers = (count: number, lines: readonly BuiltLine[]) =>
  Promise.all(Array.from({ length: count }, () => buildReadyCart(shop.database, lines)));

/** A line for a new variant of each product, of which there is one unit. */
async function lastUnitsOf(productIds: readonly string[]): Promise<BuiltLine[]> {
  const lines: BuiltLine[] = [];
  for (const productId of productIds) {
    lines.push({ variant: await buildStockedVariant(shop.database, { productId, stock: 1 }), quantity: 1 });
  }
  return lines;
}

async function countListedInStock(productIds: readonly string[]): Promise<number> {
  const listed = await row<{ count: number }>(
    shop.database.manager,
    'SELECT count(*) FROM product_listings WHERE product_id = ANY($1) AND in_stock',
    [productIds],
  );
  return listed!.count;
}

async function availableOf(variant: StockedVariant): Promise<number> {
  const level = await row<{ available: number }>(
    shop.database.manager,
    'SELECT on_hand - reserved AS available FROM stock_levels WHERE variant_id = $1',
    [variant.id],
  );
  return level!.available;
}

test('of fifty buyers of the last unit one gets it, and 49 are refused with a code', async () => {
  const variant = await buildStockedVariant(shop.database, { stock: 1 });

  const outcomes = await placeAtOnce(await buyers(50, [{ variant, quantity: 1 }]));

  expect(outcomes).toEqual({ placed: 1, 'checkout.out_of_stock': 49 });
  expect(await availableOf(variant)).toBe(0);
});

test('a buyer who waits for stock that another order releases gets it', async () => {
  const variant = await buildStockedVariant(shop.database, { stock: 1 });
  const other = await buildStockedVariant(shop.database, { stock: 1 });
  const [holder, buyer] = await buyers(2, [{ variant, quantity: 1 }]);
  const [greedy] = await buyers(1, [
    { variant: other, quantity: 1 },
    { variant, quantity: 1 },
  ]);
  await shop.run((transaction) => placeOrder(transaction, holder!, GATEWAY_LIMITS));

  const { second, waited } = await interleave(
    shop,
    (transaction) =>
      closeOrder(transaction, { orderId: holder!.orderId, placeKey: newId(), as: 'cancelled' }),
    (transaction) => placeOrder(transaction, greedy!, GATEWAY_LIMITS),
  );

  expect(waited).toBe(true);
  expect(second).toMatchObject({ status: 'fulfilled' });
  expect([await availableOf(variant), await availableOf(other)]).toEqual([0, 0]);
  expect(await outcomeOf(buyer!)).toBe('checkout.out_of_stock');
});

test('of fifty buyers of twenty units twenty get one', async () => {
  const variant = await buildStockedVariant(shop.database, { stock: 20 });

  const outcomes = await placeAtOnce(await buyers(50, [{ variant, quantity: 1 }]));

  expect(outcomes).toEqual({ placed: 20, 'checkout.out_of_stock': 30 });
  expect(await availableOf(variant)).toBe(0);
});

test('carts with the same goods in different orders never deadlock', async () => {
  const goods = await Promise.all(
    Array.from({ length: 6 }, () => buildStockedVariant(shop.database, { stock: 500 })),
  );
  const lines = goods.map((variant) => ({ variant, quantity: 1 }));
  const inputs = [
    ...(await buyers(30, lines)),
    ...(await buyers(30, lines.toReversed())),
    ...(await buyers(30, [...lines.slice(3), ...lines.slice(0, 3)])),
  ];

  const { result, statements } = await countStatements(shop.database, () => placeAtOnce(inputs));

  expect(result).toEqual({ placed: 90 });
  expect(statements.filter((statement) => statement === 'ROLLBACK')).toEqual([]);
});

test('buyers who take the last units of different variants of the same products never deadlock', async () => {
  for (let round = 0; round < 10; round++) {
    const products = Array.from({ length: 12 }, () => newId());
    // Stock is locked by the ids of the variants, which grow with time and say nothing about the order of products.
    const there = await lastUnitsOf(products);
    const back = await lastUnitsOf(products.toReversed());
    const inputs = [...(await buyers(1, there)), ...(await buyers(1, back))];
    expect(await countListedInStock(products)).toBe(12);

    const { result, statements } = await countStatements(shop.database, () => placeAtOnce(inputs));

    expect(result).toEqual({ placed: 2 });
    expect(statements.filter((statement) => statement === 'ROLLBACK')).toEqual([]);
    expect(await countListedInStock(products)).toBe(0);
  }
});

test('twenty requests of one cart with different keys make one order', async () => {
  const variant = await buildStockedVariant(shop.database, { stock: 100 });
  const lines = [{ variant, quantity: 1 }];
  const cart = await buildFilledCart(shop.database, [{ variantId: variant.id, quantity: 1 }]);
  const inputs = Array.from({ length: 20 }, () => buildPlacing(cart, lines));

  expect(await placeAtOnce(inputs)).toEqual({ placed: 1, 'checkout.order_open': 19 });
  expect(await availableOf(variant)).toBe(99);
});

test('an address that orders from many carts at once gets no more orders than its limit', async () => {
  const variant = await buildStockedVariant(shop.database, { stock: 100 });
  const inputs = (await buyers(15, [{ variant, quantity: 1 }])).map((input) => ({
    ...input,
    clientKey: 'busy-address',
    openOrdersPerClient: 4,
  }));

  expect(await placeAtOnce(inputs)).toEqual({ placed: 4, 'checkout.too_many_open_orders': 11 });
});

test('a pool of two connections serves 64 buyers', async () => {
  const small = await openShopDatabase({ poolSize: 2 });
  try {
    const variant = await buildStockedVariant(small.database, { stock: 64 });
    const inputs = [];
    for (let buyer = 0; buyer < 64; buyer++)
      inputs.push(await buildReadyCart(small.database, [{ variant, quantity: 1 }]));

    const orders = await Promise.all(
      inputs.map((input) => small.run((transaction) => placeOrder(transaction, input, GATEWAY_LIMITS))),
    );

    expect(orders).toHaveLength(64);
    expect(await small.brokenInvariants()).toEqual([]);
  } finally {
    await small.close();
  }
});
