import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import type { OrderEventsView } from '../../api/orders/order-event.view';
import { cartIdOf } from '../../entities/carts/cart-token';
import { orderIdOf } from '../../entities/orders/order-id';
import { newId } from '../../entities/values/uuid';
import { Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildItem } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import { orderCountOf, setPrice, stockOf } from '../support/order-rows';
import { SlowSteps } from '../support/slow-steps';
import { workflowOf } from '../support/workflow';

const steps = new SlowSteps();
const journey = journeyShop({ edge: { trustedProxies: 1 }, activities: steps.wrap });

test('a price that changed is refused with the new total, which a new key may confirm', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { price: 100_000 });
  await buyer.put(item, 2);
  await setPrice(shop, item, 120_000);

  const refused = await buyer.checkout(200_000);

  expect([refused.status, refused.body.code]).toEqual([409, 'checkout.price_changed']);
  expect(refused.body['total']).toEqual({ amount: 240_000, currency: 'IRR' });
  expect((await buyer.checkout(240_000)).status).toBe(201);
});

test('what is out of stock is named, nothing is held, and no workflow is started', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const [plenty, scarce] = [await buildItem(shop, { stock: 9 }), await buildItem(shop, { stock: 1 })];
  await buyer.put(plenty, 2);
  await buyer.put(scarce, 2);
  const key = randomUUID();

  const refused = await buyer.checkout(plenty.price * 2 + scarce.price * 2, { key });

  expect([refused.status, refused.body.code]).toEqual([409, 'checkout.out_of_stock']);
  expect(refused.body['lines']).toMatchObject([
    { variantId: scarce.variantId, sku: scarce.sku, quantity: 2 },
  ]);
  expect(await stockOf(shop, plenty)).toEqual({ onHand: 9, reserved: 0 });
  expect(await orderCountOf(shop, cartIdOf(buyer.cartToken))).toBe(0);
  await expect(workflowOf(shop, orderIdOf(cartIdOf(buyer.cartToken), key)).read()).rejects.toThrow(
    'not found',
  );
});

test('stock that went while the order was being placed is refused, and nothing is kept but the refusal', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 1 });
  await buyer.put(item);
  const key = randomUUID();
  const placing = steps.hold('placeOrder', 'before');
  const asked = buyer.checkout(item.price, { key });
  await placing.reached;
  await new Buyer(shop).order(item);
  placing.release();

  const refused = await asked;

  expect([refused.status, refused.body.code]).toEqual([409, 'checkout.out_of_stock']);
  expect(await stockOf(shop, item)).toEqual({ onHand: 1, reserved: 1 });
  expect(await orderCountOf(shop, cartIdOf(buyer.cartToken))).toBe(0);
  const workflow = workflowOf(shop, orderIdOf(cartIdOf(buyer.cartToken), key));
  expect((await workflow.untilEnded()).status).toBe('COMPLETED');
  expect(await workflow.handle.result()).toBe('Refused');
});

test('what is no longer for sale is named', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop);
  await buyer.put(item);
  await shop.database.query(`UPDATE variants SET status = 'retired' WHERE id = $1`, [item.variantId]);

  const refused = await buyer.checkout(item.price);

  expect([refused.status, refused.body.code]).toEqual([409, 'checkout.not_sellable']);
  expect(refused.body['lines']).toMatchObject([{ sku: item.sku }]);
});

test('a gateway that the shop does not have is refused, the one of free orders too', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);

  for (const gateway of ['stripe', 'none']) {
    const { status, body } = await buyer.checkout(item.price, { gateway });
    expect([status, body.code]).toEqual([422, 'payment.gateway_unknown']);
  }
});

test('a timeline is read in parts, from where the reader stopped', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  const headers = { 'X-Order-Token': placed.orderToken };
  const read = (query: string) =>
    buyer.call<OrderEventsView>('GET', `/orders/${placed.order.id}/events${query}`, { headers });

  const first = await read('?limit=2');
  const second = await read(`?limit=2&after=${first.body.next}`);

  expect(first.body.events.map(({ version }) => version)).toEqual([1, 2]);
  expect([second.body.events.map(({ type }) => type), second.body.next]).toEqual([['order.paid'], null]);
  expect((await read('?after=-1')).status).toBe(422);
});

test('a cart has one open order: another key hears which one, and can read, pay and cancel it', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  const placed = await buyer.order(item);
  const key = randomUUID();

  const another = await buyer.checkout(item.price, { key });

  expect([another.status, another.body.code, another.body['orderId']]).toEqual([
    409,
    'checkout.order_open',
    placed.order.id,
  ]);
  expect((await buyer.checkout(item.price, { key })).body.orderToken).toBe(another.body.orderToken);
  const found = { order: { id: placed.order.id }, orderToken: another.body.orderToken };
  expect((await buyer.read(found)).body.payment.redirect).toBe(placed.payment.redirect);
  expect((await buyer.payAgain(found)).status).toBe(201);
  expect((await buyer.cancel(found)).body.order).toMatchObject({ id: placed.order.id, status: 'cancelled' });
  expect((await buyer.checkout(item.price)).status).toBe(201);
});

test('two keys of one cart at the same instant make one order', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);

  const answers = await Promise.all(Array.from({ length: 6 }, () => buyer.checkout(item.price)));

  expect(answers.map(({ status, body }) => body.code ?? String(status)).toSorted()).toEqual([
    '201',
    ...Array.from({ length: 5 }, () => 'checkout.order_open'),
  ]);
  expect(await orderCountOf(shop, cartIdOf(buyer.cartToken))).toBe(1);
});

test('an empty cart and a cart that is not there are refused', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  const headers = { 'X-Cart-Token': buyer.cartToken };
  await buyer.call('DELETE', '/carts/current/lines', { headers });

  expect((await buyer.checkout(item.price)).body.code).toBe('cart.empty');
  const unknown = await buyer.checkout(item.price, { headers: { 'X-Cart-Token': 'A'.repeat(43) } });
  expect([unknown.status, unknown.body.code]).toEqual([404, 'cart.not_found']);
  const { body } = await buyer.call<{ token: string }>('POST', '/carts', {});
  const untouched = await buyer.checkout(item.price, { headers: { 'X-Cart-Token': body.token } });
  expect([untouched.status, untouched.body.code]).toEqual([409, 'cart.empty']);
});

test('totals that no gateway takes are refused before anything is held', async () => {
  const { shop } = journey;
  const [cheap, dear] = [
    await buildItem(shop, { price: 9_999 }),
    await buildItem(shop, { price: 1_000_000_001 }),
  ];
  const [poor, rich] = [new Buyer(shop), new Buyer(shop)];
  await poor.put(cheap);
  await rich.put(dear);

  const [tooSmall, tooLarge] = [await poor.checkout(9_999), await rich.checkout(1_000_000_001)];

  expect([tooSmall.body.code, tooSmall.body['minimum']]).toEqual([
    'checkout.amount_too_small',
    { amount: 10_000, currency: 'IRR' },
  ]);
  expect([tooLarge.body.code, tooLarge.body['maximum']]).toEqual([
    'checkout.amount_too_large',
    { amount: 1_000_000_000, currency: 'IRR' },
  ]);
  expect(await stockOf(shop, cheap)).toMatchObject({ reserved: 0 });
  expect([await poor.readCart(), await rich.readCart()]).toMatchObject([
    { orderable: false, refusal: 'checkout.amount_too_small' },
    { orderable: false, refusal: 'checkout.amount_too_large' },
  ]);
});

test('the smallest and the largest total that a gateway takes can be paid', async () => {
  const { shop } = journey;
  for (const price of [10_000, 1_000_000_000]) {
    const buyer = new Buyer(shop);
    const placed = await buyer.order(await buildItem(shop, { price }));
    const paid = await shop.zarinpal.pay(placed.authority);
    expect((await buyer.comeBack(paid.callbackUrl)).body).toMatchObject({
      status: 'paid',
      amount: { amount: price },
    });
  }
});

test('an order may hold so many units and an address so many open orders, or one guest could lock all stock', async () => {
  const shop = await journey.shop.withTerms({ checkout: { unitsPerOrder: 4, openOrdersPerAddress: 2 } });
  const item = await buildItem(shop, { stock: 50 });
  const greedy = new Buyer(shop, '203.0.113.7');
  await greedy.put(item, 5);
  expect((await greedy.checkout(item.price * 5)).body).toMatchObject({
    code: 'checkout.unit_limit',
    limit: 4,
  });
  expect(await greedy.readCart()).toMatchObject({ orderable: false, refusal: 'checkout.unit_limit' });

  const guests = Array.from({ length: 5 }, () => new Buyer(shop, '203.0.113.8'));
  for (const guest of guests) await guest.put(item);
  const answers = await Promise.all(guests.map((guest) => guest.checkout(item.price)));

  expect(answers.map(({ status, body }) => body.code ?? status).toSorted()).toEqual([
    201,
    201,
    'checkout.too_many_open_orders',
    'checkout.too_many_open_orders',
    'checkout.too_many_open_orders',
  ]);
  const elsewhere = new Buyer(shop, '198.51.100.9');
  await elsewhere.put(item);
  expect((await elsewhere.checkout(item.price)).status).toBe(201);
  expect(await stockOf(shop, item)).toMatchObject({ reserved: 3 });
});

test('the last unit goes to one of fifty buyers, and forty-nine hear clearly that it is gone', async () => {
  const { shop } = journey;
  const item = await buildItem(shop, { stock: 1 });
  const buyers = Array.from({ length: 50 }, (_, place) => new Buyer(shop, `192.0.2.${place}`));
  for (const buyer of buyers) await buyer.put(item);

  const answers = await Promise.all(buyers.map((buyer) => buyer.checkout(item.price)));

  const said = answers.map(({ status, body }): unknown => body.code ?? status);
  expect(said.filter((answer) => answer === 201)).toHaveLength(1);
  expect(said.filter((answer) => answer === 'checkout.out_of_stock')).toHaveLength(49);
  expect(await stockOf(shop, item)).toEqual({ onHand: 1, reserved: 1 });
  const winner = answers.findIndex(({ status }) => status === 201);
  const authority = answers[winner]!.body.payment.redirect!.split('/').at(-1)!;
  const paid = await shop.zarinpal.pay(authority);
  expect((await buyers[winner]!.comeBack(paid.callbackUrl)).body.status).toBe('paid');
  expect(await stockOf(shop, item)).toEqual({ onHand: 0, reserved: 0 });
});

/** Another character in the place of the first one of the signature. */
const swapped = (_match: string, first: string): string => (first === 'A' ? '.B' : '.A');

test('an order opens to its own token only', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const stranger = await new Buyer(shop).order(await journey.takeItem());
  const wrong = { order: placed.order, orderToken: stranger.orderToken };
  const tampered = { order: placed.order, orderToken: placed.orderToken.replace(/\.(.)/, swapped) };
  const unsigned = { order: placed.order, orderToken: '' };

  expect((await buyer.read(wrong)).body.code).toBe('access.forbidden');
  expect((await buyer.cancel(wrong)).body.code).toBe('access.forbidden');
  expect((await buyer.payAgain(wrong)).body.code).toBe('access.forbidden');
  expect((await buyer.read(tampered)).status).toBe(403);
  expect((await buyer.read(unsigned)).status).toBe(401);
  expect((await buyer.read({ order: { id: newId() }, orderToken: placed.orderToken })).status).toBe(403);
  expect((await buyer.read({ order: { id: '1' }, orderToken: placed.orderToken })).status).toBe(404);
  expect((await buyer.read(placed)).status).toBe(200);
});

test('a workflow ends when its order is paid and nothing is left to watch', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const paid = await shop.zarinpal.pay(placed.authority);
  await buyer.comeBack(paid.callbackUrl);

  const ended = await eventually(
    () => workflowOf(shop, placed.order.id).read(),
    ({ status }) => status === 'COMPLETED',
  );
  expect(ended.orderStatus).toBe('Placed');
});
