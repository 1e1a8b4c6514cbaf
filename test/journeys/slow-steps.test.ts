import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { authorityOf, Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildItem } from '../support/factories/item';
import { callbacksOf, ledgerOf, stockOf } from '../support/order-rows';
import type { Slowness } from '../support/slow-steps';
import { takeUnasked } from '../support/terminal';
import { expectPaidDespite, expectPlacedOnce, expectSettledOnce, HANGS, slowShop } from './slow-shop';

const NEVER = 3_600_000;
const slow = slowShop();
const { journey, steps } = slow;

const WAYS: [string, Slowness[]][] = [
  ['committed and lost its answer', [{ loses: 'answer' }]],
  ['committed and hung, and was run again', [{ afterMs: HANGS }]],
];

test.each(WAYS)('an order is placed once when its placing %s', (_how, slowness) =>
  expectPlacedOnce(slow, slowness),
);

test.each(WAYS)('an order is settled once when its settling %s', (_how, slowness) =>
  expectSettledOnce(slow, slowness),
);

test.each(['beginCapture'])('a buyer pays although %s lost its answer after the commit, twice', (step) =>
  expectPaidDespite(slow, step),
);

test('a cancellation that comes while the order is slowly being settled is refused', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 1 });
  const placed = await buyer.order(item);
  const paid = await shop.zarinpal.pay(placed.authority);
  const settling = steps.hold('confirmOrder', 'before');
  const callback = buyer.comeBack(paid.callbackUrl);
  await settling.reached;

  const cancelled = await buyer.cancel(placed);
  settling.release();

  expect([cancelled.status, cancelled.body.code]).toEqual([409, 'order.verifying']);
  expect((await callback).body.status).toBe('paid');
  expect(await stockOf(shop, item)).toEqual({ onHand: 0, reserved: 0 });
  expect((await buyer.cancel(placed)).body.code).toBe('order.not_cancellable');
});

test('a cancellation in the Temporal UI during a slow settling comes too late', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const paid = await shop.zarinpal.pay(placed.authority);
  const settling = steps.hold('confirmOrder', 'after');
  const callback = buyer.comeBack(paid.callbackUrl);
  await settling.reached;

  await shop.temporal.workflow.getHandle(`checkout:${placed.order.id}`).cancel();
  settling.release();

  expect((await callback).body.status).toBe('paid');
  expect((await buyer.read(placed)).body.order.status).toBe('placed');
});

test('a payment that comes while the order is slowly expiring reopens it', async () => {
  const shop = await journey.shop.withTerms({
    checkout: { authorityLifetimeMs: 300, deadlineMarginMs: 0, watchLateMoneyMs: NEVER },
  });
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 1 });
  const expiring = steps.hold('closeOrder', 'after');
  const placed = await buyer.order(item);
  await expiring.reached;
  const paid = await shop.zarinpal.pay(placed.authority);
  const callback = buyer.comeBack(paid.callbackUrl);
  await eventually(
    () => callbacksOf(shop, placed.order.id),
    ({ stored }) => stored === 1,
  );
  expiring.release();

  expect((await callback).body.status).toBe('paid');
  expect(await stockOf(shop, item)).toEqual({ onHand: 0, reserved: 0 });
});

test('a placing that hangs while the cart is cleared places what the buyer saw or nothing', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 5 });
  await buyer.put(item);
  const placing = steps.hold('placeOrder', 'before');
  const key = randomUUID();

  const asked = buyer.checkout(item.price, { key });
  await placing.reached;
  await buyer.call('DELETE', '/carts/current/lines', { headers: { 'X-Cart-Token': buyer.cartToken } });
  placing.release();

  const answer = await asked;
  expect([answer.status, answer.body.code]).toEqual([409, 'checkout.cart_changed']);
  expect(await stockOf(shop, item)).toEqual({ onHand: 5, reserved: 0 });
});

test('money goes back once although every step of its refund lost its answer', async () => {
  const shop = await journey.shop.withTerms({ checkout: { pollEveryMs: 200, retryFirstMs: 100 } });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const second = authorityOf((await buyer.payAgain(placed)).body.payment.redirect);
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  for (const step of ['recordSurplus', 'beginRefund', 'recordRefunded']) {
    steps.plan(step, { loses: 'answer' }, { loses: 'answer' }, { loses: 'answer' });
  }
  steps.plan('reversePayment', { loses: 'answer' });

  await shop.zarinpal.payAndCloseTab(second);
  await takeUnasked(shop, placed.payment.redirect!, second);

  const ledger = await eventually(
    () => ledgerOf(shop, placed.order.id),
    (entries) => entries.length >= 3,
  );
  expect(ledger).toHaveLength(3);
  const reversals = await shop.zarinpal.journal({ authority: second, endpoint: 'reverse', kind: 'request' });
  expect(reversals).toHaveLength(1);
  expect((await buyer.timeline(placed)).slice(-2)).toEqual([
    'order.payment_surplus',
    'order.payment_refunded',
  ]);
});
