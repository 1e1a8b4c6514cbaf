import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { cartIdOf } from '../../entities/carts/cart-token';
import { orderIdOf } from '../../entities/orders/order-id';
import { authorityOf, Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildItem } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import { attemptsOf, attemptStatusesOf, ledgerOf, stockOf } from '../support/order-rows';
import { SlowSteps } from '../support/slow-steps';
import { takeUnasked } from '../support/terminal';
import { workflowOf, sweep } from '../support/workflow';

const NEVER = 3_600_000;
const steps = new SlowSteps();
const journey = journeyShop({
  activities: steps.wrap,
  checkout: {
    wakeCallbacksAfterMs: 0,
    workflowOverdueMs: 100,
    authorityLifetimeMs: 1_500,
    deadlineMarginMs: 0,
    pollEveryMs: NEVER,
    watchLateMoneyMs: NEVER,
  },
});
const patient = () =>
  journey.shop.withTerms({ checkout: { authorityLifetimeMs: 1_800_000, pollEveryMs: NEVER } });

test('the same key of a paid order is answered with it after Temporal has forgotten the workflow', async () => {
  const shop = await patient();
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 3 });
  await buyer.put(item);
  const key = randomUUID();
  const first = await buyer.checkout(item.price, { key });
  const authority = authorityOf(first.body.payment.redirect);
  // The second page keeps the workflow open: Temporal deletes one that has just ended only much later.
  await buyer.payAgain(first.body);
  await buyer.comeBack((await shop.zarinpal.pay(authority)).callbackUrl);
  await workflowOf(shop, first.body.order.id).forget();

  const again = await buyer.checkout(item.price, { key });
  const other = await buyer.checkout(item.price + 1, { key });

  expect([again.status, again.body.order]).toMatchObject([
    200,
    { id: first.body.order.id, status: 'placed' },
  ]);
  expect(other.body.code).toBe('request.idempotency_key_reused');
  expect(await stockOf(shop, item)).toEqual({ onHand: 2, reserved: 0 });
  expect(await ledgerOf(shop, first.body.order.id)).toHaveLength(1);
});

test('the same key of an order that still awaits payment is answered with it, and wakes its workflow', async () => {
  const shop = await patient();
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 3 });
  await buyer.put(item);
  const key = randomUUID();
  const first = await buyer.checkout(item.price, { key });
  await workflowOf(shop, first.body.order.id).forget();

  const again = await buyer.checkout(item.price, { key });

  expect([again.status, again.body]).toEqual([200, first.body]);
  expect(await workflowOf(shop, first.body.order.id).read()).toMatchObject({ status: 'RUNNING' });
  const paid = await shop.zarinpal.pay(authorityOf(again.body.payment.redirect));
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('the same key wakes a workflow that was terminated, with and without a payment page', async () => {
  const shop = await patient();
  const buyer = new Buyer(shop);
  const other = new Buyer(shop);
  const item = await buildItem(shop, { stock: 3 });
  for (const one of [buyer, other]) await one.put(item);
  const [key, otherKey] = [randomUUID(), randomUUID()];
  const first = await buyer.checkout(item.price, { key });
  const requesting = steps.hold('requestPayment', 'before');
  const asking = other.checkout(item.price, { key: otherKey });
  await requesting.reached;
  const orderId = orderIdOf(cartIdOf(other.cartToken), otherKey);
  for (const id of [first.body.order.id, orderId])
    await workflowOf(shop, id).handle.terminate('by an operator');
  requesting.release();
  // Its own request notices the loss, so it need not be repeated.
  expect([(await asking).status, (await buyer.checkout(item.price, { key })).status]).toEqual([201, 200]);
  expect((await other.checkout(item.price, { key: otherKey })).body.payment.redirect).not.toBeNull();

  for (const id of [first.body.order.id, orderId]) {
    expect(await workflowOf(shop, id).read()).toMatchObject({ status: 'RUNNING' });
  }
});

test('a callback without a workflow starts the workflow again, and the order is paid', async () => {
  const shop = await patient();
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 3 });
  const placed = await buyer.order(item);
  await workflowOf(shop, placed.order.id).forget();

  const paid = await shop.zarinpal.pay(placed.authority);
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('pending');

  await buyer.waitFor(placed, 'placed');
  expect(await workflowOf(shop, placed.order.id).untilEnded()).toMatchObject({ orderStatus: 'Placed' });
  expect(await stockOf(shop, item)).toEqual({ onHand: 2, reserved: 0 });
});

test('an order whose workflow was forgotten and that nobody pays is expired by the sweep', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 1 });
  const placed = await buyer.order(item);
  await workflowOf(shop, placed.order.id).forget();
  await eventually(
    () => Date.now(),
    (now) => now > Date.parse(placed.order.paymentDeadline) + 200,
  );

  await sweep(shop);

  await buyer.waitFor(placed, 'expired');
  expect(await stockOf(shop, item)).toEqual({ onHand: 1, reserved: 0 });
});

test('a paid tab that was closed is found by the sweep although the workflow was terminated', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await workflowOf(shop, placed.order.id).handle.terminate('by an operator');
  await shop.zarinpal.payAndCloseTab(placed.authority);

  await sweep(shop);

  await buyer.waitFor(placed, 'placed');
});

test('a payment whose workflow was terminated while it verified is verified by the next workflow', async () => {
  const shop = await patient();
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const verifying = steps.hold('verifyPayment', 'after');
  const paid = await shop.zarinpal.pay(placed.authority);
  const callback = buyer.comeBack(paid.callbackUrl);
  await verifying.reached;
  await workflowOf(shop, placed.order.id).handle.terminate('in the middle');
  verifying.release();

  expect((await callback).body.status).toBe('pending');
  await eventually(
    () => sweep(shop).then(() => buyer.read(placed)),
    ({ body }) => body.order.status === 'placed',
  );
  expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
});

test('an order whose workflow was forgotten while it asked for a page gets one with the same key', async () => {
  const shop = await journey.shop.withTerms({ checkout: { authorityLifetimeMs: 1_800_000 } });
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 1 });
  await buyer.put(item);
  const key = randomUUID();
  const requesting = steps.hold('requestPayment', 'before');
  const asking = buyer.checkout(item.price, { key });
  const cartId = cartIdOf(buyer.cartToken);
  await requesting.reached;
  const orderId = orderIdOf(cartId, key);
  await workflowOf(shop, orderId).forget();
  requesting.release();
  expect((await asking).status).toBe(201);

  const again = await buyer.checkout(item.price, { key });

  expect(again.status).toBe(200);
  expect(again.body.order.id).toBe(orderId);
  expect(await attemptStatusesOf(shop, orderId)).toEqual(['closed', 'open']);
  const paid = await shop.zarinpal.pay(authorityOf(again.body.payment.redirect));
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('a request for another page without a workflow restarts the workflow, and is granted when repeated', async () => {
  const shop = await journey.shop.withTerms({ checkout: { authorityLifetimeMs: 1_800_000 } });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await workflowOf(shop, placed.order.id).forget();
  const key = randomUUID();

  const first = await buyer.payAgain(placed, key);
  const { status, body } = await eventually(
    () => buyer.payAgain(placed, key),
    (again) => again.status !== 503,
  );

  expect([first.status, first.headers.get('retry-after')]).toEqual([503, '2']);
  expect([status, await attemptStatusesOf(shop, placed.order.id)]).toEqual([201, ['open', 'open']]);
  const paid = await shop.zarinpal.pay(authorityOf(body.payment.redirect));
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('a cancellation without a workflow restarts the workflow, and is granted when repeated', async () => {
  const shop = await patient();
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await workflowOf(shop, placed.order.id).forget();

  const first = await buyer.cancel(placed);
  const { body } = await eventually(
    () => buyer.cancel(placed),
    (again) => again.status !== 503,
  );

  expect([first.status, body.order.status]).toEqual([503, 'cancelled']);
});

test('surplus money that is left to a person stays with them when its workflow restarts', async () => {
  const shop = await journey.shop.withTerms({
    checkout: { authorityLifetimeMs: 60_000, pollEveryMs: 200, watchLateMoneyMs: NEVER },
  });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const second = authorityOf((await buyer.payAgain(placed)).body.payment.redirect);
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  await shop.zarinpal.fault({ kind: 'code', code: -60, endpoint: 'reverse' });
  await shop.zarinpal.payAndCloseTab(second);
  await takeUnasked(shop, placed.payment.redirect!, second);
  const workflow = workflowOf(shop, placed.order.id);
  await workflow.untilAttention(true);
  await eventually(
    () => attemptsOf(shop, placed.order.id),
    ([, surplus]) => surplus?.failureCode === '-60',
  );
  await workflow.forget();

  await sweep(shop);

  await workflow.untilAttention(true);
  expect(await workflow.details()).toContain('`-60`');
  const reversals = await shop.zarinpal.journal({ authority: second, endpoint: 'reverse', kind: 'request' });
  expect(reversals).toHaveLength(1);
  // An operator may still ask the gateway again.
  await workflow.retry();
  await eventually(
    () => attemptsOf(shop, placed.order.id),
    ([, surplus]) => surplus?.refunded === placed.order.total.amount,
  );
  expect(await workflow.untilEnded()).toMatchObject({ needsAttention: false });
});

test('sweeps that run at the same time make one workflow', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await workflowOf(shop, placed.order.id).forget();
  const paid = await shop.zarinpal.pay(placed.authority);
  await buyer.comeBack(paid.callbackUrl);

  await Promise.all([sweep(shop), sweep(shop), sweep(shop)]);

  await buyer.waitFor(placed, 'placed');
  expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
});
