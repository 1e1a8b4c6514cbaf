import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { acknowledgePrices } from '../../entities/carts/acknowledge-prices';
import { cartIdOf, isCartToken } from '../../entities/carts/cart-token';
import { lockCart } from '../../entities/carts/lock-cart';
import { SELECT_CART_LINES, type PricedCartLine } from '../../entities/carts/price-cart';
import { addToCart, setQuantity } from '../../entities/carts/put-into-cart';
import { clearCart, removeLine } from '../../entities/carts/take-lines-out';
import { takeOutOfCart } from '../../entities/carts/take-out-of-cart';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildCart, newCartToken, WIDE_LIMITS } from '../support/factories/carts';
import { buildProduct } from '../support/factories/catalog';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(() => shop.close());

async function stateOf(cartId: string) {
  const cart = await row<{ version: number }>(
    shop.database.manager,
    'SELECT version FROM carts WHERE id = $1',
    [cartId],
  );
  const lines = await rows<{ variantId: string; quantity: number; seenPrice: number }>(
    shop.database.manager,
    `SELECT variant_id AS "variantId", quantity, seen_price AS "seenPrice" FROM cart_lines WHERE cart_id = $1
     ORDER BY variant_id`,
    [cartId],
  );
  return { version: cart!.version, lines };
}

async function variantOf(request: Parameters<typeof buildProduct>[1] = {}) {
  return (await buildProduct(shop.database, request)).variants[0]!;
}

/** An order with these lines, without the rest of its rows, which the cart does not need. */
async function takeOut(
  cartId: string,
  bought: readonly { variantId: string; quantity: number }[],
): Promise<void> {
  await shop.run(async (transaction: Transaction) => {
    const orderId = newId();
    await rows(
      transaction,
      `CREATE TEMP TABLE order_lines (order_id uuid, variant_id uuid, quantity integer) ON COMMIT DROP`,
    );
    await rows(
      transaction,
      `INSERT INTO pg_temp.order_lines
       SELECT $1, "variantId", quantity FROM jsonb_to_recordset($2::jsonb) AS b("variantId" uuid, quantity integer)`,
      [orderId, JSON.stringify(bought)],
    );
    await lockCart(transaction, cartId);
    await takeOutOfCart(transaction, cartId, orderId);
  });
}

describe('a token', () => {
  test('is unique and opens one cart only', () => {
    const token = newCartToken();
    expect(isCartToken(token)).toBe(true);
    expect(token).toHaveLength(43);
    expect(cartIdOf(token)).toBe(cartIdOf(token));
    expect(cartIdOf(newCartToken())).not.toBe(cartIdOf(token));
  });

  test('is stored nowhere', async () => {
    const { token } = await buildCart(shop.database, [{ variantId: (await variantOf()).id, quantity: 1 }]);
    const found = await rows(
      shop.database.manager,
      `SELECT 1 FROM carts c LEFT JOIN cart_lines l ON l.cart_id = c.id WHERE position($1 IN c::text || l::text) > 0`,
      [token],
    );
    expect(found).toEqual([]);
  });
});

describe('lines for an order', () => {
  test('have the present prices, by variant id, in one statement', async () => {
    const product = await buildProduct(shop.database, {
      title: 'کفش',
      variants: [
        { price: 100, title: 'سایز ۴۱', sku: 'PRICED-41' },
        { price: 200, title: 'سایز ۴۲', sku: 'PRICED-42' },
      ],
    });
    const [first, second] = product.variants;
    const cart = await buildCart(shop.database, [
      { variantId: second!.id, quantity: 1 },
      { variantId: first!.id, quantity: 3 },
    ]);
    await rows(shop.database.manager, 'UPDATE variants SET price = 150 WHERE id = $1', [first!.id]);
    const { result, statements } = await countStatements(shop.database, () =>
      shop.run(async (transaction) => {
        const locked = await lockCart(transaction, cart.id);
        return { locked, lines: await rows<PricedCartLine>(transaction, SELECT_CART_LINES, [cart.id]) };
      }),
    );
    expect(result.locked).toEqual({ id: cart.id, version: 3, customerId: null });
    expect(result.lines).toEqual(
      [
        {
          variantId: first!.id,
          sku: 'PRICED-41',
          title: 'کفش - سایز ۴۱',
          quantity: 3,
          unitPrice: 150,
          sellable: true,
        },
        {
          variantId: second!.id,
          sku: 'PRICED-42',
          title: 'کفش - سایز ۴۲',
          quantity: 1,
          unitPrice: 200,
          sellable: true,
        },
      ].toSorted((a, b) => (a.variantId < b.variantId ? -1 : 1)),
    );
    expect(statements).toHaveLength(4);
  });

  test.each([
    ['a retired variant', `UPDATE variants SET status = 'retired' WHERE id = $1`],
    [
      'an archived product',
      `UPDATE products SET status = 'archived' WHERE id = (SELECT product_id FROM variants WHERE id = $1)`,
    ],
  ])('say that %s cannot be sold', async (_what, change) => {
    const { id } = await variantOf();
    const cart = await buildCart(shop.database, [{ variantId: id, quantity: 1 }]);
    await rows(shop.database.manager, change, [id]);
    const lines = await shop.run((transaction) =>
      rows<PricedCartLine>(transaction, SELECT_CART_LINES, [cart.id]),
    );
    expect(lines.map(({ sellable }) => sellable)).toEqual([false]);
  });

  test('a cart that does not exist cannot be locked', async () => {
    expect(await shop.run((transaction) => lockCart(transaction, newId()))).toBeUndefined();
  });
});

describe('the bought lines leave the cart', () => {
  test('and what was added since then stays', async () => {
    const [all, some, other] = [await variantOf(), await variantOf(), await variantOf()];
    const cart = await buildCart(shop.database, [
      { variantId: all.id, quantity: 2 },
      { variantId: some.id, quantity: 5 },
      { variantId: other.id, quantity: 1 },
    ]);
    await takeOut(cart.id, [
      { variantId: all.id, quantity: 2 },
      { variantId: some.id, quantity: 3 },
    ]);
    const { version, lines } = await stateOf(cart.id);
    expect(version).toBe(5);
    expect(Object.fromEntries(lines.map((line) => [line.variantId, line.quantity]))).toEqual({
      [some.id]: 2,
      [other.id]: 1,
    });
  });

  test('also when the cart has less than was bought', async () => {
    const { id } = await variantOf();
    const cart = await buildCart(shop.database, [{ variantId: id, quantity: 1 }]);
    await takeOut(cart.id, [{ variantId: id, quantity: 4 }]);
    expect((await stateOf(cart.id)).lines).toEqual([]);
  });

  test('and a cart without them stays as it is', async () => {
    const cart = await buildCart(shop.database, [{ variantId: (await variantOf()).id, quantity: 1 }]);
    await takeOut(cart.id, [{ variantId: (await variantOf()).id, quantity: 1 }]);
    expect(await stateOf(cart.id)).toMatchObject({ version: 2, lines: [{ quantity: 1 }] });
  });
});

describe('the version', () => {
  test('goes up with every change and only then', async () => {
    const { id: variantId } = await variantOf({ variants: [{ price: 10 }] });
    const { id } = await buildCart(shop.database);
    const versions: number[] = [];
    const step = async (work: (transaction: Transaction) => Promise<void>) => {
      await shop.run(work);
      versions.push((await stateOf(id)).version);
    };
    await step((t) => addToCart(t, { id, mayBeOpened: false }, { variantId, quantity: 1 }, WIDE_LIMITS));
    await step((t) => addToCart(t, { id, mayBeOpened: false }, { variantId, quantity: 1 }, WIDE_LIMITS));
    await step((t) => setQuantity(t, { id, mayBeOpened: false }, { variantId, quantity: 2 }, WIDE_LIMITS));
    await step((t) => acknowledgePrices(t, { id }, 3));
    await rows(shop.database.manager, 'UPDATE variants SET price = 11 WHERE id = $1', [variantId]);
    await step((t) => acknowledgePrices(t, { id }, 3));
    await step((t) => removeLine(t, { id }, variantId));
    await step((t) => clearCart(t, { id }));
    expect(versions).toEqual([2, 3, 3, 3, 4, 5, 5]);
  });

  test('counts each of many changes at once', async () => {
    const { id: variantId } = await variantOf();
    const { id } = await buildCart(shop.database, [{ variantId, quantity: 1 }]);
    await Promise.all(
      Array.from({ length: 30 }, () =>
        shop.run((transaction) =>
          addToCart(transaction, { id, mayBeOpened: false }, { variantId, quantity: 2 }, WIDE_LIMITS),
        ),
      ),
    );
    expect(await stateOf(id)).toMatchObject({ version: 32, lines: [{ quantity: 61 }] });
  });
});

test('the limit of lines holds for many changes at once', async () => {
  const { id } = await buildCart(shop.database);
  const variants = await Promise.all(Array.from({ length: 8 }, () => variantOf()));
  const limits = { ...WIDE_LIMITS, cartLines: 3, unitsPerLine: 10 };
  const outcomes = await Promise.allSettled(
    variants.map((variant) =>
      shop.run((transaction) =>
        addToCart(transaction, { id, mayBeOpened: false }, { variantId: variant.id, quantity: 1 }, limits),
      ),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect((await stateOf(id)).lines).toHaveLength(3);
});
