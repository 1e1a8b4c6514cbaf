import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import type { CartView } from '../../api/carts/cart.view';
import type { OrderDetailView } from '../../api/orders/order.view';
import type { JoinedOrdersView, OwnOrdersView } from '../../api/orders/own-orders.view';
import { cartIdOf } from '../../entities/carts/cart-token';
import { joinCart } from '../../entities/carts/join-cart';
import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { withTransaction } from '../../platform/transaction';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { Buyer, type PlacedByBuyer, type ProblemBody } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildItem } from '../support/factories/item';
import { buildRecipient } from '../support/factories/recipient';
import { journeyShop } from '../support/journey';
import { workflowOf } from '../support/workflow';

const journey = journeyShop();

/** Somebody who has signed in, and a browser of theirs. */
async function customer(): Promise<BuiltCaller & { buyer: Buyer }> {
  const caller = await buildCaller(journey.shop);
  return { ...caller, buyer: new Buyer(journey.shop, undefined, caller.headers) };
}

type Body = CartView & OrderDetailView & OwnOrdersView & JoinedOrdersView & ProblemBody;
const anybody = () => new Buyer(journey.shop);
const get = (buyer: Buyer, path: string, headers = {}) => buyer.call<Body>('GET', path, { headers });
const post = (buyer: Buyer, path: string, body: object, headers = {}) =>
  buyer.call<Body>('POST', path, { body, headers: { 'Idempotency-Key': randomUUID(), ...headers } });
const joinOrders = (buyer: Buyer, ...orderTokens: string[]) => post(buyer, '/me/orders', { orderTokens });
const tokenOf = ({ orderToken }: PlacedByBuyer) => ({ 'X-Order-Token': orderToken });

/** What signing in does with the cart that is brought along. */
const bringCart = (cartToken: string, { accountId }: BuiltCaller) =>
  withTransaction(journey.shop.database, (transaction) =>
    joinCart(
      transaction,
      { cartId: cartIdOf(cartToken), mayBeOpened: true, accountId, mode: 'merge' },
      journey.shop.checkout,
    ),
  );

describe('a cart that joined a customer', () => {
  test('opens with its token only while its customer is signed in', async () => {
    const [sara, reza] = [await customer(), await customer()];
    const item = await buildItem(journey.shop);
    const guest = anybody();
    await guest.put(item);
    await bringCart(guest.cartToken, sara);
    const token = { 'X-Cart-Token': guest.cartToken };

    for (const other of [anybody(), reza.buyer]) {
      const answers = [
        await get(other, '/carts/current', token),
        await post(other, '/carts/current/lines', { variantId: item.variantId, quantity: 1 }, token),
        await other.call<Body>('DELETE', '/carts/current/lines', { headers: token }),
        await other.call<Body>('DELETE', '/carts/current/recipient', { headers: token }),
        await post(other, '/checkout', { expectedTotal: { amount: item.price, currency: 'IRR' } }, token),
      ];
      for (const { status, body } of answers) {
        expect([status, body.code]).toEqual([403, 'cart.not_yours']);
        expect(JSON.stringify(body)).not.toContain(item.sku);
      }
    }
    expect((await get(sara.buyer, '/carts/current', token)).body).toMatchObject({
      units: 1,
      recipient: buildRecipient(),
    });
  });

  test('is the current one without its token, and can be ordered', async () => {
    const sara = await customer();
    const item = await buildItem(journey.shop);
    const guest = anybody();
    await guest.put(item, 2);
    await bringCart(guest.cartToken, sara);

    expect((await get(sara.buyer, '/carts/current')).body).toMatchObject({ units: 2, orderable: true });
    const key = { 'Idempotency-Key': randomUUID() };
    const request = { expectedTotal: { amount: item.price * 2, currency: 'IRR' } };
    const placed = await post(sara.buyer, '/checkout', request, key);
    const repeated = await post(sara.buyer, '/checkout', request, key);
    expect([placed.status, repeated.status]).toEqual([201, 200]);
    expect(repeated.body.order.id).toBe(placed.body.order.id);
  });

  test('is not needed: a customer fills one without a token', async () => {
    const sara = await customer();
    const { variantId } = await buildItem(journey.shop);
    expect((await get(sara.buyer, '/carts/current')).body).toMatchObject({ version: 1, lines: [] });
    await post(sara.buyer, '/carts/current/lines', { variantId, quantity: 3 });
    expect((await get(sara.buyer, '/carts/current')).body.units).toBe(3);
    expect((await get((await customer()).buyer, '/carts/current')).body.units).toBe(0);
  });
});

describe('an order of a customer', () => {
  test('is read, paid again and cancelled with the session, and found by its CustomerId', async () => {
    const { shop } = journey;
    const sara = await customer();
    const placed = await sara.buyer.order(await buildItem(shop));
    const path = `/orders/${placed.order.id}`;

    expect((await get(sara.buyer, path)).body).toMatchObject({
      isPartial: false,
      recipient: buildRecipient(),
    });
    expect((await get(sara.buyer, `${path}/events`)).status).toBe(200);
    expect((await post(sara.buyer, `${path}/payments`, {})).status).toBe(201);
    const found = await eventually(
      () => workflowOf(shop, placed.order.id).handle.describe(),
      ({ typedSearchAttributes }) => typedSearchAttributes.get(SEARCH_ATTRIBUTES.customerId) !== undefined,
    );
    expect(found.typedSearchAttributes.get(SEARCH_ATTRIBUTES.customerId)).toBe(sara.accountId);
    expect((await post(sara.buyer, `${path}/cancel`, {})).body.order.status).toBe('cancelled');
    expect((await get(sara.buyer, '/me/orders')).body).toMatchObject({
      orders: [{ id: placed.order.id, status: 'cancelled' }],
      next: null,
    });
  });

  test('shows only status and amount by its token, which acts no more', async () => {
    const sara = await customer();
    const item = await buildItem(journey.shop);
    const placed = await sara.buyer.order(item);
    const path = `/orders/${placed.order.id}`;

    const { status, body } = await get(anybody(), path, tokenOf(placed));
    expect(status).toBe(200);
    expect(body).toMatchObject({ isPartial: true, lines: [], recipient: null, recipientInPart: null });
    expect(body.order).toMatchObject({ status: 'awaiting_payment', total: { amount: item.price } });
    expect(JSON.stringify(body)).not.toContain(item.sku);
    const refused = [
      await get(anybody(), `${path}/events`, tokenOf(placed)),
      await post(anybody(), `${path}/payments`, {}, tokenOf(placed)),
      await post(anybody(), `${path}/cancel`, {}, tokenOf(placed)),
    ];
    for (const answer of refused) {
      expect([answer.status, answer.body.code]).toEqual([403, 'order.sign_in_needed']);
    }
  });

  test('is not there for another customer, and there for staff', async () => {
    const [sara, reza] = [await customer(), await customer()];
    const { order } = await sara.buyer.order(await buildItem(journey.shop));
    const unknown = randomUUID();
    for (const id of [order.id, unknown]) {
      const answers = [
        await get(reza.buyer, `/orders/${id}`),
        await get(reza.buyer, `/orders/${id}/events`),
        await post(reza.buyer, `/orders/${id}/payments`, {}),
        await post(reza.buyer, `/orders/${id}/cancel`, {}),
      ];
      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
        Array.from({ length: 4 }, () => [404, 'order.not_found']),
      );
    }
    const support = await buildCaller(journey.shop, { roles: ['support'] });
    const seen = await get(new Buyer(journey.shop, undefined, support.headers), `/orders/${order.id}`);
    expect(seen.body).toMatchObject({ isPartial: false, recipient: buildRecipient() });
  });
});

describe('an order that staff act on', () => {
  const actionsOf = async ({ accountId }: BuiltCaller) =>
    (await readStaffActions(journey.shop.database.manager, { before: null, limit: 100 }))
      .filter((it) => it.accountId === accountId)
      .map(({ sessionId, action, objectType, objectId }) => ({ sessionId, action, objectType, objectId }))
      .toReversed();

  test('has a record of each page and cancellation that they asked for, and of nothing that was refused or done before', async () => {
    const sara = await customer();
    const { order } = await sara.buyer.order(await buildItem(journey.shop));
    const support = await buildCaller(journey.shop, { roles: ['support'] });
    const desk = new Buyer(journey.shop, undefined, support.headers);
    const key = { 'Idempotency-Key': randomUUID() };

    expect((await post(desk, `/orders/${order.id}/payments`, {}, key)).status).toBe(201);
    expect((await post(desk, `/orders/${order.id}/payments`, {}, key)).status).toBe(200);
    expect((await post(desk, `/orders/${order.id}/payments`, { gateway: 'nobody' })).status).toBe(422);
    expect((await post(desk, `/orders/${order.id}/cancel`, {})).status).toBe(200);
    expect((await post(desk, `/orders/${order.id}/cancel`, {})).status).toBe(200);
    expect((await post(desk, `/orders/${order.id}/payments`, {})).body.code).toBe(
      'order.not_awaiting_payment',
    );

    const done = { sessionId: support.sessionId, objectType: 'order', objectId: order.id };
    expect(await actionsOf(support)).toEqual([
      { ...done, action: 'order.pay' },
      { ...done, action: 'order.cancel' },
    ]);
    expect(await actionsOf(sara)).toEqual([]);
  });

  test('has none where the person of the staff bought it', async () => {
    const staff = await buildCaller(journey.shop, { roles: ['staff'] });
    const buyer = new Buyer(journey.shop, undefined, staff.headers);
    const { order } = await buyer.order(await buildItem(journey.shop));
    expect((await post(buyer, `/orders/${order.id}/cancel`, {})).status).toBe(200);
    expect(await actionsOf(staff)).toEqual([]);
  });
});

describe('an order of a guest', () => {
  test('shows its recipient in part', async () => {
    const guest = anybody();
    const placed = await guest.order(await buildItem(journey.shop));
    const { body } = await guest.read(placed);
    expect(body).toMatchObject({
      isPartial: false,
      recipient: null,
      recipientInPart: { initial: 'س', phoneEnding: '4567', city: '2301' },
    });
  });

  test('joins by its token, and no answer tells why another does not', async () => {
    const [sara, reza] = [await customer(), await customer()];
    const guest = anybody();
    const mine = await guest.order(await buildItem(journey.shop));
    const theirs = await reza.buyer.order(await buildItem(journey.shop));
    const forged = mine.orderToken.replace(/\.(.)/, (_, first: string) => (first === 'A' ? '.B' : '.A'));

    const { body } = await joinOrders(sara.buyer, theirs.orderToken, mine.orderToken, forged, 'x');
    expect(body).toEqual({ joined: [mine.order.id], notJoined: [0, 2, 3] });
    expect((await joinOrders(sara.buyer, mine.orderToken)).body.joined).toEqual([mine.order.id]);

    expect((await get(sara.buyer, `/orders/${mine.order.id}`)).body.isPartial).toBe(false);
    expect((await guest.read(mine)).body.isPartial).toBe(true);
    const tooMany = Array.from({ length: 21 }, () => mine.orderToken);
    expect((await joinOrders(sara.buyer, ...tooMany)).body.code).toBe('request.invalid');
    expect((await joinOrders(anybody(), mine.orderToken)).status).toBe(401);
  });

  test('that joined is paid on the page that was open, and its result is shown as before', async () => {
    const { shop } = journey;
    const sara = await customer();
    const guest = anybody();
    const placed = await guest.order(await buildItem(shop));
    await joinOrders(sara.buyer, placed.orderToken);
    const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
    expect((await guest.comeBack(callbackUrl)).body.status).toBe('paid');
    expect((await get(sara.buyer, `/orders/${placed.order.id}`)).body.order.status).toBe('placed');
  });
});

test('own orders come in pages, the newest first', async () => {
  const { buyer } = await customer();
  const orders: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const placed = await buyer.order(await buildItem(journey.shop));
    await buyer.cancel(placed);
    await buyer.call('DELETE', '/carts/current/lines', { headers: { 'X-Cart-Token': buyer.cartToken } });
    orders.unshift(placed.order.id);
  }
  const first = (await get(buyer, '/me/orders?limit=2')).body;
  const second = (await get(buyer, `/me/orders?limit=2&before=${first.next}`)).body;
  expect([...first.orders, ...second.orders].map(({ id }) => id)).toEqual(orders);
  expect(second.next).toBeNull();
});
