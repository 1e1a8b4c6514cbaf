import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { findCurrentCart } from '../../entities/carts/current-cart';
import { joinCart, type CartMode } from '../../entities/carts/join-cart';
import { placeOrder } from '../../entities/checkout/place-order';
import { newId } from '../../entities/values/uuid';
import { buildAccount } from '../support/factories/accounts';
import { WIDE_LIMITS } from '../support/factories/carts';
import { buildFilledCart, type FilledCart } from '../support/factories/filled-cart';
import { buildOrder, buildPlacing, GATEWAY_LIMITS } from '../support/factories/orders';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;
let sara: string;
/** In the order of their ids. */
let goods: readonly StockedVariant[];

beforeAll(async () => {
  shop = await openShopDatabase();
  const built = await Promise.all(Array.from({ length: 4 }, () => buildStockedVariant(shop.database)));
  goods = built.toSorted((a, b) => (a.id < b.id ? -1 : 1));
});
beforeEach(async () => {
  sara = (await buildAccount(shop.database)).id;
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

/** A cart with these quantities of the goods, by their place. */
const cartOf = (quantities: readonly number[], customerId: string | null = null) =>
  buildFilledCart(
    shop.database,
    quantities.flatMap((quantity, place) =>
      quantity > 0 ? [{ variantId: goods[place]!.id, quantity }] : [],
    ),
    customerId,
  );
const join = (cart: FilledCart, mode: CartMode, limits = {}) =>
  shop.run((transaction) =>
    joinCart(
      transaction,
      { cartId: cart.id, mayBeOpened: true, accountId: sara, mode },
      { ...WIDE_LIMITS, ...limits },
    ),
  );
async function stateOf({ id }: { readonly id: string }) {
  const cart = await row<{ version: number; customerId: string | null }>(
    shop.database.manager,
    'SELECT version, customer_id AS "customerId" FROM carts WHERE id = $1',
    [id],
  );
  const lines = await rows<{ variantId: string; quantity: number }>(
    shop.database.manager,
    'SELECT variant_id AS "variantId", quantity FROM cart_lines WHERE cart_id = $1',
    [id],
  );
  const quantities = goods.map((it) => lines.find(({ variantId }) => variantId === it.id)?.quantity ?? 0);
  return { ...cart, quantities };
}

describe("a guest's cart", () => {
  test('becomes the current one with the lines of the saved cart, and the quantity of the guest stays', async () => {
    const saved = await cartOf([5, 6, 0, 0], sara);
    const cart = await cartOf([1, 0, 2, 0]);

    expect(await join(cart, 'merge')).toEqual({ isJoined: true, leftBehind: [] });

    expect(await stateOf(cart)).toEqual({ version: 2, customerId: sara, quantities: [1, 6, 2, 0] });
    expect(await stateOf(saved)).toMatchObject({ version: 2, quantities: [0, 0, 0, 0] });
    expect(await findCurrentCart(shop.database.manager, sara)).toBe(cart.id);
  });

  test('is merged once, however often it is joined', async () => {
    await cartOf([5, 6, 0, 0], sara);
    const cart = await cartOf([1, 0, 0, 0]);
    await join(cart, 'merge');
    const before = await stateOf(cart);
    await rows(shop.database.manager, 'DELETE FROM cart_lines WHERE cart_id = $1 AND variant_id = $2', [
      cart.id,
      goods[1]!.id,
    ]);

    expect(await join(cart, 'merge')).toEqual({ isJoined: true, leftBehind: [] });
    expect(await stateOf(cart)).toEqual({ ...before, quantities: [1, 0, 0, 0] });
  });

  test('is kept as it is where its buyer is checking out', async () => {
    const saved = await cartOf([5, 0, 0, 0], sara);
    const cart = await cartOf([0, 1, 0, 0]);

    expect(await join(cart, 'keep')).toEqual({ isJoined: true, leftBehind: [] });

    expect(await stateOf(cart)).toEqual({ version: 1, customerId: sara, quantities: [0, 1, 0, 0] });
    expect(await stateOf(saved)).toMatchObject({ version: 1, quantities: [5, 0, 0, 0] });
  });

  test('takes no more lines and units than a cart may hold, and the rest is named', async () => {
    const saved = await cartOf([0, 3, 9, 2], sara);
    const cart = await cartOf([1, 0, 0, 0]);

    const joined = await join(cart, 'merge', { cartLines: 2, unitsPerLine: 5 });

    expect(joined.leftBehind).toEqual([
      { variantId: goods[2]!.id, quantity: 9, reason: 'quantity_limit' },
      { variantId: goods[3]!.id, quantity: 2, reason: 'line_limit' },
    ]);
    expect((await stateOf(cart)).quantities).toEqual([1, 3, 0, 0]);
    expect((await stateOf(saved)).quantities).toEqual([0, 0, 9, 2]);
  });

  test('takes nothing that is no longer for sale', async () => {
    const retired = await buildStockedVariant(shop.database);
    const saved = await buildFilledCart(shop.database, [{ variantId: retired.id, quantity: 1 }], sara);
    await rows(shop.database.manager, `UPDATE variants SET status = 'retired' WHERE id = $1`, [retired.id]);
    const cart = await cartOf([1, 0, 0, 0]);

    expect((await join(cart, 'merge')).leftBehind).toEqual([
      { variantId: retired.id, quantity: 1, reason: 'not_sellable' },
    ]);
    expect(await stateOf(saved)).toMatchObject({ version: 1 });
  });

  test('that nothing was put into is filled from the saved one', async () => {
    await cartOf([2, 0, 0, 0], sara);
    const cart = { id: newId(), token: '', version: 1 };
    expect(await join(cart, 'merge')).toEqual({ isJoined: true, leftBehind: [] });
    expect(await stateOf(cart)).toMatchObject({ customerId: sara, quantities: [2, 0, 0, 0] });
  });

  test('of another customer stays theirs', async () => {
    const saved = await cartOf([2, 0, 0, 0], sara);
    const other = await buildAccount(shop.database);
    const cart = await cartOf([0, 1, 0, 0], other.id);
    expect(await join(cart, 'merge')).toEqual({ isJoined: false, leftBehind: [] });
    expect(await stateOf(cart)).toEqual({ version: 1, customerId: other.id, quantities: [0, 1, 0, 0] });
    expect(await stateOf(saved)).toMatchObject({ version: 1 });
  });
});

describe('an open order', () => {
  const orderOf = (cart: FilledCart, lines: readonly (readonly [place: number, quantity: number])[]) =>
    buildOrder(shop.database, {
      cart,
      lines: lines.map(([place, quantity]) => ({ variant: goods[place]!, quantity })),
      stage: 'verifying',
    });

  test('of the saved cart keeps its lines there, or they would be bought twice', async () => {
    const saved = await cartOf([1, 0, 0, 0], sara);
    await orderOf(saved, [[0, 1]]);
    const cart = await cartOf([1, 1, 0, 0]);

    expect((await join(cart, 'merge')).leftBehind).toEqual([
      { variantId: goods[0]!.id, quantity: 1, reason: 'open_order' },
    ]);
    expect((await stateOf(saved)).quantities).toEqual([1, 0, 0, 0]);
  });

  test("of the guest's cart stays the guest's, and its cart is merged", async () => {
    await cartOf([0, 1, 0, 0], sara);
    const cart = await cartOf([1, 0, 0, 0]);
    const order = await orderOf(cart, [[0, 1]]);

    await join(cart, 'merge');

    expect((await stateOf(cart)).quantities).toEqual([1, 1, 0, 0]);
    expect(order.state.customerId).toBeNull();
  });
});

describe('at once', () => {
  test('two sign-ins with two carts leave each line in one of them', async () => {
    const saved = await cartOf([1, 1, 0, 0], sara);
    const [phone, laptop] = [await cartOf([0, 0, 1, 0]), await cartOf([0, 0, 0, 1])];

    const joined = await Promise.all([join(phone, 'merge'), join(laptop, 'merge')]);

    expect(joined.map(({ isJoined }) => isJoined)).toEqual([true, true]);
    const states = await Promise.all([saved, phone, laptop].map(stateOf));
    const sums = goods.map((_, place) => states.reduce((sum, it) => sum + it.quantities[place]!, 0));
    expect(sums).toEqual([1, 1, 1, 1]);
    const current = await findCurrentCart(shop.database.manager, sara);
    expect((await stateOf({ id: current! })).quantities).toEqual([1, 1, 1, 1]);
  });

  test('a checkout of the cart hears that it has changed', async () => {
    await cartOf([0, 1, 0, 0], sara);
    const cart = await cartOf([1, 0, 0, 0]);
    const placing = buildPlacing(cart, [{ variant: goods[0]!, quantity: 1 }]);

    const { second, waited } = await interleave(
      shop,
      (transaction) =>
        joinCart(
          transaction,
          { cartId: cart.id, mayBeOpened: true, accountId: sara, mode: 'merge' },
          WIDE_LIMITS,
        ),
      (transaction) => placeOrder(transaction, placing, GATEWAY_LIMITS),
    );

    expect(waited).toBe(true);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'checkout.cart_changed' } });
  });
});
