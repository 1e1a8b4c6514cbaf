import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { putRecipient } from '../../entities/carts/put-recipient';
import { placeOrder, type PlaceOrder } from '../../entities/checkout/place-order';
import { eraseAccount } from '../../entities/customers/erase-account';
import { joinOrders } from '../../entities/orders/join-orders';
import { readOrder } from '../../entities/orders/read-order';
import { newId } from '../../entities/values/uuid';
import { buildAccount } from '../support/factories/accounts';
import { buildFilledCart } from '../support/factories/filled-cart';
import { buildOrder, buildPlacing, GATEWAY_LIMITS } from '../support/factories/orders';
import { buildRecipient } from '../support/factories/recipient';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
let lamp: StockedVariant;
let sara: string;

beforeAll(async () => {
  shop = await openShopDatabase();
  lamp = await buildStockedVariant(shop.database, { stock: 100 });
});
beforeEach(async () => {
  sara = (await buildAccount(shop.database)).id;
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const place = (input: PlaceOrder) =>
  shop.run((transaction) => placeOrder(transaction, input, GATEWAY_LIMITS));
async function placingOf(customerId: string | null, overrides: Partial<PlaceOrder> = {}) {
  const cart = await buildFilledCart(shop.database, [{ variantId: lamp.id, quantity: 1 }], customerId);
  return buildPlacing(cart, [{ variant: lamp, quantity: 1 }], overrides);
}
const recipientOf = async (orderId: string) =>
  (await readOrder(shop.database.manager, orderId, null))!.recipient;

const join = (accountId: string, ...orderIds: string[]) =>
  shop.run((transaction) => joinOrders(transaction, { accountId, orderIds }));

describe('an order', () => {
  test('has the customer and a copy of the recipient of its cart, which is free to change', async () => {
    const placing = await placingOf(sara);
    const order = await place(placing);
    await shop.run((transaction) =>
      putRecipient(
        transaction,
        { id: placing.cartId, callerId: sara, mayBeOpened: false },
        buildRecipient({ name: 'رضا', location: { latitude: 35.7, longitude: 51.4 } }),
      ),
    );
    expect(order.customerId).toBe(sara);
    expect(await recipientOf(order.id)).toEqual(buildRecipient());
  });

  test('goes to the recipient that its buyer saw, or nowhere', async () => {
    const placing = await placingOf(sara);
    const cart = { id: placing.cartId, callerId: sara, mayBeOpened: false };
    const say = (name: string) =>
      shop.run((transaction) => putRecipient(transaction, cart, buildRecipient({ name })));
    await say('رضا');
    expect(await refusalOf(place(placing))).toMatchObject({ code: 'checkout.cart_changed' });
    // Saying the same again changes nothing.
    await say('رضا');
    const order = await place({ ...placing, cartVersion: placing.cartVersion + 1 });
    expect(await recipientOf(order.id)).toMatchObject({ name: 'رضا' });
  });

  test('needs a recipient where the shop delivers', async () => {
    const placing = await placingOf(null);
    await rows(shop.database.manager, 'DELETE FROM cart_recipients WHERE cart_id = $1', [placing.cartId]);
    expect(await refusalOf(place(placing))).toMatchObject({ code: 'checkout.recipient_missing' });
    const order = await place({ ...placing, delivers: false });
    expect(await recipientOf(order.id)).toBeNull();
  });
});

test('people behind one address have a share of open orders each once they have signed in', async () => {
  const reza = (await buildAccount(shop.database)).id;
  const terms = { clientKey: 'an operator', openOrdersPerClient: 2 };
  const people = [sara, sara, sara, reza, reza, null, null, null];
  const placings = await Promise.all(people.map((customerId) => placingOf(customerId, terms)));

  const outcomes = await Promise.allSettled(placings.map(place));

  const placed = (customerId: string | null) =>
    outcomes.filter((it, at) => people[at] === customerId && it.status === 'fulfilled').length;
  expect([placed(sara), placed(reza), placed(null)]).toEqual([2, 2, 2]);
  const refused = outcomes.flatMap((it) => (it.status === 'rejected' ? [it.reason as object] : []));
  expect(refused).toMatchObject([
    { code: 'checkout.too_many_open_orders' },
    { code: 'checkout.too_many_open_orders' },
  ]);
});

describe('orders of guests', () => {
  test('join one customer, once, and the journal tells it', async () => {
    const [one, other] = [await buildOrder(shop.database), await buildOrder(shop.database)];
    expect(await join(sara, one.id, newId())).toEqual([one.id]);
    expect(await join(sara, one.id)).toEqual([one.id]);
    const reza = (await buildAccount(shop.database)).id;
    expect(await join(reza, one.id, other.id)).toEqual([other.id]);

    const joined = await rows<{ orderId: string; payload: object }>(
      shop.database.manager,
      `SELECT aggregate_id AS "orderId", payload FROM events WHERE type = 'order.joined' AND aggregate_id = ANY($1)`,
      [[one.id, other.id]],
    );
    expect(joined).toHaveLength(2);
    expect(joined.map(({ payload }) => payload)).toEqual([{}, {}]);
  });

  test('are joined by one of two customers who show their tokens at once', async () => {
    const reza = (await buildAccount(shop.database)).id;
    const orders = [await buildOrder(shop.database), await buildOrder(shop.database)].map(({ id }) => id);
    const [hers, his] = await Promise.all([join(sara, ...orders), join(reza, ...orders.toReversed())]);
    expect([hers.length, his.length].toSorted((a, b) => a - b)).toEqual([0, 2]);
  });
});

describe('an erasure', () => {
  const erase = (transaction: Parameters<typeof eraseAccount>[0]) => eraseAccount(transaction, sara);

  test('is refused while an order awaits payment', async () => {
    const { id } = await place(await placingOf(sara));
    expect((await refusalOf(shop.run(erase))).code).toBe('account.order_open');
    expect(await recipientOf(id)).not.toBeNull();
  });

  test('leaves a paid order, and nobody who gets it', async () => {
    const { id } = await buildOrder(shop.database, { stage: 'paid' });
    await join(sara, id);
    await shop.run(erase);
    expect((await readOrder(shop.database.manager, id, sara))?.recipient).toBeNull();
  });

  test('that meets a checkout waits for it, and is refused', async () => {
    const placing = await placingOf(sara);
    const { second, waited } = await interleave(
      shop,
      (transaction) => placeOrder(transaction, placing, GATEWAY_LIMITS),
      erase,
    );
    expect(waited).toBe(true);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'account.order_open' } });
  });

  test('that comes before a checkout leaves it without a recipient', async () => {
    const placing = await placingOf(sara);
    const { second, waited } = await interleave(shop, erase, (transaction) =>
      placeOrder(transaction, placing, GATEWAY_LIMITS),
    );
    expect(waited).toBe(true);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'checkout.recipient_missing' } });
  });

  test('lets no recipient in that a session brings too late', async () => {
    const { cartId } = await placingOf(sara);
    await shop.run(erase);
    await shop.run((transaction) =>
      putRecipient(transaction, { id: cartId, callerId: sara, mayBeOpened: false }, buildRecipient()),
    );
    expect(
      await rows(shop.database.manager, 'SELECT 1 FROM cart_recipients WHERE cart_id = $1', [cartId]),
    ).toEqual([]);
  });
});
