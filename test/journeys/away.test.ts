import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import type { PaymentResultView } from '../../api/payments/payment-result';
import { cartIdOf } from '../../entities/carts/cart-token';
import { orderIdOf } from '../../entities/orders/order-id';
import { authorityOf, Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildItem } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import { orderCountOf, callbacksOf, stockOf } from '../support/order-rows';
import type { Shop } from '../support/shop';
import { workflowOf, sweep } from '../support/workflow';

const journey = journeyShop({ checkout: { wakeCallbacksAfterMs: 0 } });

/** An API that waits only briefly for Temporal. */
const hastyShop = (): Promise<Shop> => journey.shop.withTerms({ temporal: { temporalDeadlineMs: 700 } });
/** An API without a way to Temporal. */
const cutOffShop = (): Promise<Shop> =>
  journey.shop.withTerms({ temporal: { temporalAddress: '127.0.0.1:9', temporalDeadlineMs: 700 } });

test('while the workers are away a request is answered 503, and the same key is granted when they are back', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 5 });
  await buyer.put(item, 2);
  const key = randomUUID();
  await shop.stopWorkers();

  const hasty = buyer.at(await hastyShop());
  const away = await hasty.checkout(item.price * 2, { key });
  const again = await hasty.checkout(item.price * 2, { key });

  for (const { status, body, headers } of [away, again]) {
    expect([status, body.code]).toEqual([503, 'service.unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  await shop.startWorkers();
  await eventually(
    () => buyer.checkout(item.price * 2, { key }),
    ({ status }) => status === 200,
  );
  expect(await stockOf(shop, item)).toEqual({ onHand: 5, reserved: 2 });
  expect(await orderCountOf(shop, cartIdOf(buyer.cartToken))).toBe(1);
});

test('a workflow that starts late, after its buyer has changed the cart, ends without a trace', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 5 });
  await buyer.put(item);
  const key = randomUUID();
  await shop.stopWorkers();
  expect((await buyer.at(await hastyShop()).checkout(item.price, { key })).status).toBe(503);
  await buyer.put(item);

  await shop.startWorkers();

  const cartId = cartIdOf(buyer.cartToken);
  const workflow = workflowOf(shop, orderIdOf(cartId, key));
  await workflow.untilEnded();
  expect(await workflow.handle.result()).toBe('Refused');
  expect(await orderCountOf(shop, cartId)).toBe(0);
  expect(await stockOf(shop, item)).toEqual({ onHand: 5, reserved: 0 });
  expect((await buyer.checkout(item.price * 2)).status).toBe(201);
});

test('while the workers are away a callback is kept, cancelling and paying again wait, and reading goes on', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const paid = await shop.zarinpal.pay(placed.authority);
  await shop.stopWorkers();

  const hasty = buyer.at(await hastyShop());
  const [callback, cancelled, another] = await Promise.all([
    hasty.comeBack(paid.callbackUrl),
    hasty.cancel(placed),
    hasty.payAgain(placed),
  ]);

  expect([callback.status, callback.body.status]).toEqual([200, 'pending']);
  for (const { status, body, headers } of [cancelled, another]) {
    expect([status, body.code]).toEqual([503, 'service.unavailable']);
    expect(headers.get('retry-after')).not.toBeNull();
  }
  expect((await buyer.read(placed)).body.order.status).toBe('awaiting_payment');
  await shop.startWorkers();
  // All three requests still wait. Whichever is served first, the order comes to one clean end.
  await eventually(
    () => buyer.read(placed),
    ({ body }) => body.order.status !== 'awaiting_payment',
  );
  expect(await callbacksOf(shop, placed.order.id)).toEqual({ stored: 1, unseen: 0 });
});

test('while Temporal is away requests are answered 503 and results are read from Postgres', async () => {
  const { shop } = journey;
  const cut = await cutOffShop();
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  const placed = await buyer.order(item);
  const { resultToken } = (await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl))
    .body;
  const other = new Buyer(shop);
  await other.put(item);
  const waiting = await new Buyer(shop).order(await journey.takeItem());
  const key = randomUUID();

  const answers = [
    await other.at(cut).checkout(item.price, { key }),
    await buyer.at(cut).payAgain(waiting),
    await buyer.at(cut).cancel(waiting),
  ];

  for (const { status, body, headers } of answers) {
    expect([status, body.code]).toEqual([503, 'service.unavailable']);
    expect(headers.get('retry-after')).not.toBeNull();
  }
  const result = await buyer.at(cut).call<PaymentResultView>('GET', `/payments/results/${resultToken}`, {});
  expect(result.body.status).toBe('paid');
  expect((await buyer.at(cut).read(placed)).body.order.status).toBe('placed');
  expect((await other.checkout(item.price, { key })).status).toBe(201);
});

test('a buyer who comes back while Temporal is away is told to wait, and the sweep does the rest', async () => {
  const { shop } = journey;
  const cut = await cutOffShop();
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  const { body: placed } = await buyer.checkout(item.price);
  const paid = await shop.zarinpal.pay(authorityOf(placed.payment.redirect));

  expect((await buyer.at(cut).comeBack(paid.callbackUrl)).body.status).toBe('pending');

  await sweep(shop);
  await buyer.waitFor(placed, 'placed');
});
