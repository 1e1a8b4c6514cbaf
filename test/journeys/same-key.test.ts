import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { cartIdOf } from '../../entities/carts/cart-token';
import { readCheckout } from '../../entities/checkout/read-checkout';
import { orderIdOf } from '../../entities/orders/order-id';
import { newId } from '../../entities/values/uuid';
import { checkoutTerms } from '../../temporal/checkout';
import {
  CHECKOUT_QUEUE,
  CHECKOUT_WORKFLOW,
  checkoutWorkflowId,
} from '../../workflows/checkout/checkout.contract';
import { Buyer } from '../support/buyer';
import { buildItem, restock } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import { orderCountOf, setPrice, stockOf } from '../support/order-rows';
import { SlowSteps } from '../support/slow-steps';

const steps = new SlowSteps();
const journey = journeyShop({ activities: steps.wrap });

test('the same key with the same body is answered with the same order, and 200', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  const key = randomUUID();

  const first = await buyer.checkout(item.price, { key });
  const again = await buyer.checkout(item.price, { key });

  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body).toEqual(first.body);
  expect(await orderCountOf(shop, cartIdOf(buyer.cartToken))).toBe(1);
});

test('ten requests in flight with the same key make one order, and one of them hears that it did', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 50 });
  await buyer.put(item, 2);
  const key = randomUUID();
  const headers = { 'X-Request-Id': 'one-id-for-all-of-them' };

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => buyer.checkout(item.price * 2, { key, headers })),
  );

  const said = answers.map(({ status }) => status);
  expect(said.filter((status) => status === 201)).toHaveLength(1);
  expect(said.filter((status) => status === 200)).toHaveLength(9);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(await stockOf(shop, item)).toEqual({ onHand: 50, reserved: 2 });
});

test('of eight requests with the same key one hears 201, though the one that made the order got no answer of its workflow', async () => {
  const { shop } = journey;
  const hasty = await shop.withTerms({ temporal: { temporalDeadlineMs: 1_500 } });
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 50 });
  await buyer.put(item);
  const key = randomUUID();
  const opened = steps.hold('recordAuthority', 'after');

  const making = buyer.at(hasty).checkout(item.price, { key });
  await opened.reached;
  const joining = Array.from({ length: 7 }, () => buyer.checkout(item.price, { key }));
  const made = await making;
  opened.release();

  expect([made.status, ...(await Promise.all(joining)).map(({ status }) => status)]).toEqual([
    201,
    ...Array.from({ length: 7 }, () => 200),
  ]);
});

test('a buyer who gave up waiting finds the order that was made meanwhile', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 5 });
  await buyer.put(item);
  const key = randomUUID();
  const opening = steps.hold('requestPayment', 'before');
  const patience = new AbortController();
  const impatient = fetch(`${shop.url}/api/v1/checkout`, {
    method: 'POST',
    signal: patience.signal,
    body: JSON.stringify({ expectedTotal: { amount: item.price, currency: 'IRR' } }),
    headers: {
      'Content-Type': 'application/json',
      'X-Cart-Token': buyer.cartToken,
      'Idempotency-Key': key,
    },
  });
  await opening.reached;
  patience.abort();
  await expect(impatient).rejects.toThrow(/abort/);

  const asked = buyer.checkout(item.price, { key });
  opening.release();
  const again = await asked;

  expect([again.status, again.body.payment.reason]).toEqual([200, null]);
  expect(await stockOf(shop, item)).toEqual({ onHand: 5, reserved: 1 });
});

test('the same key with another body is refused once the order is there', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  const key = randomUUID();
  await buyer.checkout(item.price, { key });

  const other = await buyer.checkout(item.price + 1, { key });

  expect([other.status, other.body.code]).toEqual([422, 'request.idempotency_key_reused']);
});

test('of two bodies in flight with the same key one is refused', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  const key = randomUUID();
  await shop.zarinpal.fault({ kind: 'slow', ms: 500, endpoint: 'request' });

  const [right, wrong] = await Promise.all([
    buyer.checkout(item.price, { key }),
    buyer.checkout(item.price + 1, { key }),
  ]);

  // The wrong total is refused by the rows, or, when the order is there already, because the key is taken.
  expect(right.status).toBe(201);
  expect([
    [409, 'checkout.price_changed'],
    [422, 'request.idempotency_key_reused'],
  ]).toContainEqual([wrong.status, wrong.body.code]);
});

test('of two bodies in flight with the same key, which the rows both allow, the first decides', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { price: 100_000 });
  await buyer.put(item);
  const key = randomUUID();
  const placing = steps.hold('placeOrder', 'before');
  const first = buyer.checkout(100_000, { key });
  await placing.reached;
  await setPrice(shop, item, 120_000);
  const second = buyer.checkout(120_000, { key });
  placing.release();

  const [stale, other] = await Promise.all([first, second]);

  expect([stale.status, stale.body.code]).toEqual([409, 'checkout.price_changed']);
  expect([other.status, other.body.code]).toEqual([422, 'request.idempotency_key_reused']);
});

test('a refusal by the rows is no memory: the same key asks again', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 2 });
  await buyer.put(item, 3);
  const key = randomUUID();
  const refused = await buyer.checkout(item.price * 3, { key });
  expect([refused.status, refused.body.code]).toEqual([409, 'checkout.out_of_stock']);

  const again = await buyer.checkout(item.price * 3, { key });

  expect({ ...again.body, requestId: '' }).toEqual({ ...refused.body, requestId: '' });
  expect(await orderCountOf(shop, cartIdOf(buyer.cartToken))).toBe(0);
  await buyer.call('DELETE', '/carts/current/lines', { headers: { 'X-Cart-Token': buyer.cartToken } });
  await buyer.put(item, 2);
  expect((await buyer.checkout(item.price * 2, { key })).status).toBe(201);
});

/** A request that was refused: Temporal lost its message and kept the workflow that came with it. Returns the key. */
async function refuseUnheard(buyer: Buyer, expectedTotal: number): Promise<string> {
  const { shop } = journey;
  const key = randomUUID();
  const cartId = cartIdOf(buyer.cartToken);
  const orderId = orderIdOf(cartId, key);
  const { cartVersion } = await readCheckout(shop.database.manager, orderId, {
    cartId,
    clientKey: 'somebody',
  });
  const request = {
    cartId,
    cartVersion,
    expectedTotal,
    requestDigest: 'd'.repeat(64),
    clientKey: 'somebody',
    askedBy: newId(),
    gateway: 'zarinpal',
    unitsPerOrder: 100,
    delivers: true,
    openOrdersPerClient: 10,
    heldUnitsPerClient: 100,
  };
  const result = await shop.temporal.workflow.execute(CHECKOUT_WORKFLOW, {
    workflowId: checkoutWorkflowId(orderId),
    taskQueue: CHECKOUT_QUEUE,
    args: [{ orderId, request, ...checkoutTerms(shop.checkout) }],
  });
  expect(result).toBe('Refused');
  return key;
}

test('a key whose refusal nobody heard is refused again, or makes the order that is possible now', async () => {
  const { shop } = journey;
  const item = await buildItem(shop, { stock: 1 });
  const [unlucky, lucky] = [new Buyer(shop), new Buyer(shop)];
  for (const buyer of [unlucky, lucky]) await buyer.put(item, 3);
  const total = item.price * 3;
  const keys = [await refuseUnheard(unlucky, total), await refuseUnheard(lucky, total)];

  const refused = await unlucky.checkout(total, { key: keys[0] });
  await restock(shop, item, 5);
  const placed = await lucky.checkout(total, { key: keys[1] });

  expect([refused.status, refused.body.code]).toEqual([409, 'checkout.out_of_stock']);
  expect(placed.status).toBe(201);
  expect(await stockOf(shop, item)).toEqual({ onHand: 6, reserved: 3 });
});

test('the same key of another cart is another request', async () => {
  const { shop } = journey;
  const key = randomUUID();
  const item = await journey.takeItem();
  const [one, two] = [new Buyer(shop), new Buyer(shop)];
  await one.put(item);
  await two.put(item);

  const answers = [await one.checkout(item.price, { key }), await two.checkout(item.price, { key })];

  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(answers[0]!.body.order.id).not.toBe(answers[1]!.body.order.id);
});

test('the same key is answered with the same order after it was paid, cancelled or has expired', async () => {
  const impatient = await journey.shop.withTerms({
    checkout: { authorityLifetimeMs: 300, deadlineMarginMs: 0, watchLateMoneyMs: 0 },
  });
  const item = await journey.takeItem();
  const [paid, cancelled, expired] = [new Buyer(journey.shop), new Buyer(journey.shop), new Buyer(impatient)];
  const key = randomUUID();
  for (const buyer of [paid, cancelled, expired]) await buyer.put(item);
  const [toPay, toCancel, toExpire] = await Promise.all(
    [paid, cancelled, expired].map((buyer) => buyer.checkout(item.price, { key })),
  );
  const authority = toPay!.body.payment.redirect!.split('/').at(-1)!;
  await paid.comeBack((await journey.shop.zarinpal.pay(authority)).callbackUrl);
  await cancelled.cancel(toCancel!.body);
  await expired.waitFor(toExpire!.body, 'expired');

  const answers = await Promise.all(
    [paid, cancelled, expired].map((buyer) => buyer.checkout(item.price, { key })),
  );

  expect(answers.map(({ status, body }) => [status, body.order.id, body.order.status])).toEqual([
    [200, toPay!.body.order.id, 'placed'],
    [200, toCancel!.body.order.id, 'cancelled'],
    [200, toExpire!.body.order.id, 'expired'],
  ]);
});
