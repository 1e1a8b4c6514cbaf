import { expect, test } from 'vitest';

import { retry } from '../../workflows/checkout/checkout.contract';
import { authorityOf, Buyer } from '../support/buyer';
import { journeyShop } from '../support/journey';
import { attemptsOf, attemptStatusesOf } from '../support/order-rows';
import type { Shop } from '../support/shop';
import { workflowOf } from '../support/workflow';

const journey = journeyShop();

/** An order whose page the gateway did not open. */
async function orderWithoutPage(shop: Shop) {
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  await buyer.put(item);
  const { status, body } = await buyer.checkout(item.price);
  expect([status, body.payment.redirect, body.payment.reason]).toEqual([201, null, 'gateway_unavailable']);
  return { buyer, placed: body };
}

test('a gateway that opens nothing is not asked for ever: a buyer has five tries for each page', async () => {
  const shop = await journey.shop.withTerms({ checkout: { paymentAttempts: 1 } });
  await shop.zarinpal.fault({ kind: 'html', endpoint: 'request', times: null });
  const { buyer, placed } = await orderWithoutPage(shop);

  // The gateway's answer gets lost each time, so a request takes two tries. The third request has only one left.
  const answers = [];
  for (const key of ['second', 'third', 'fourth']) answers.push(await buyer.payAgain(placed, key));

  expect(answers.map(({ status, body }) => [status, body.code ?? body.payment.reason])).toEqual([
    [201, 'gateway_unavailable'],
    [201, 'gateway_unavailable'],
    [409, 'payment.attempt_limit'],
  ]);
  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(Array.from({ length: 5 }, () => 'closed'));
  // The rows refuse the fourth request: the workflow hears of the order, the second and the third.
  const { events } = await workflowOf(shop, placed.order.id).handle.fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(3);
  await expect(workflowOf(shop, placed.order.id).retry()).rejects.toMatchObject({
    cause: { type: 'payment.attempt_limit' },
  });
  expect((await buyer.cancel(placed)).body.order.status).toBe('cancelled');
});

test('a payment that the gateway gives the name of another one has no page, and calls a person', async () => {
  const { shop } = journey;
  const other = await new Buyer(shop).order(await journey.takeItem());
  const twin = { code: 100, message: 'Success', authority: other.authority, fee_type: 'Merchant', fee: 100 };
  const { id } = await shop.zarinpal.fault({
    kind: 'body',
    endpoint: 'request',
    times: null,
    body: { data: twin, errors: [] },
  });
  const { buyer, placed } = await orderWithoutPage(shop);

  const workflow = workflowOf(shop, placed.order.id);
  await workflow.untilAttention(true);
  expect(await attemptsOf(shop, placed.order.id)).toMatchObject([
    { status: 'closed', authority: null, failureCode: 'payment.reference_taken' },
  ]);
  const asked = await buyer.payAgain(placed);
  expect([asked.status, asked.body.payment.redirect]).toEqual([201, null]);
  await shop.zarinpal.clearFaults(id);
  await workflow.retry();

  await workflow.untilAttention(false);
  const { redirect } = (await buyer.read(placed)).body.payment;
  const paid = await shop.zarinpal.pay(authorityOf(redirect));
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
  expect(await attemptsOf(shop, other.order.id)).toMatchObject([
    { status: 'open', authority: other.authority },
  ]);
});

test('an operator’s `retry` opens a page under an update id of any length', async () => {
  const { shop } = journey;
  await shop.zarinpal.fault({ kind: 'code', code: -15, endpoint: 'request', times: null });
  const { buyer, placed } = await orderWithoutPage(shop);
  await shop.zarinpal.clearFaults();

  const { order } = await workflowOf(shop, placed.order.id).handle.executeUpdate(retry, {
    updateId: 'r'.repeat(400),
  });

  expect(order.attempts.map(({ status }) => status)).toEqual(['closed', 'open']);
  expect((await buyer.read(placed)).body.payment.reason).toBeNull();
});

test('of two requests in flight with the same key one hears that it opened the page, and there is one', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await shop.zarinpal.fault({ kind: 'slow', ms: 1_000, endpoint: 'request' });

  const answers = await Promise.all([buyer.payAgain(placed, 'once'), buyer.payAgain(placed, 'once')]);

  expect([
    [200, 201],
    [201, 200],
  ]).toContainEqual(answers.map(({ status }) => status));
  expect(answers[0].body).toEqual(answers[1].body);
  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['open', 'open']);
});
