import { beforeAll, describe, test } from 'vitest';

import { cartIdOf } from '../../../entities/carts/cart-token';
import { orderIdOf } from '../../../entities/orders/order-id';
import { checkoutWorkflowId } from '../../../workflows/checkout/checkout.contract';
import { authorityOf, Buyer, type PlacedByBuyer } from '../../support/buyer';
import { eventually } from '../../support/eventually';
import { buildItem } from '../../support/factories/item';
import { journeyShop } from '../../support/journey';
import { attemptsOf, attemptStatusesOf, setPrice } from '../../support/order-rows';
import type { Shop } from '../../support/shop';
import { workflowOf, sweep } from '../../support/workflow';
import { keepHistory } from '../history-files';

// Drives a whole shop through every path of checkout and keeps what Temporal wrote down about it. Record again when the
// workflow was changed on purpose and no order of the old kind is in flight. A change that must not disturb orders in flight
// keeps the old recordings and adds new ones beside them.

const NEVER = 3_600_000;
const MERCHANT = '00000000-0000-4000-8000-000000000000';
const journey = journeyShop({
  zarinpal: { zarinpalTimeoutMs: 700 },
  checkout: {
    attentionAfterMs: NEVER,
    retryFirstMs: 150,
    retryMostMs: 300,
    workflowOverdueMs: 200,
    wakeCallbacksAfterMs: 0,
  },
});

/** Its payment pages end soon, and so does the watch for late money. */
let impatient: Shop;
/** Its payment pages end soon, and attempts are watched long enough to do something meanwhile. */
let watchful: Shop;
/** Its workflows poll the gateway at short intervals. */
let curious: Shop;

beforeAll(async () => {
  const soon = { authorityLifetimeMs: 500, deadlineMarginMs: 100 };
  impatient = await journey.shop.withTerms({
    checkout: { ...soon, pollEveryMs: NEVER, watchLateMoneyMs: 300 },
  });
  watchful = await journey.shop.withTerms({
    checkout: { ...soon, pollEveryMs: NEVER, watchLateMoneyMs: 4_000 },
  });
  curious = await journey.shop.withTerms({
    checkout: { authorityLifetimeMs: 5_000, pollEveryMs: 400, watchLateMoneyMs: 300 },
  });
});

async function keep(name: string, orderId: string): Promise<void> {
  const workflow = workflowOf(journey.shop, orderId);
  const { status } = await workflow.untilEnded();
  if (status !== 'COMPLETED') throw new Error(`the workflow of ${name} ended as ${status}`);
  keepHistory(name, await workflow.handle.fetchHistory());
}

async function place(shop: Shop, quantity = 1): Promise<{ buyer: Buyer; placed: PlacedByBuyer }> {
  const buyer = new Buyer(shop);
  return { buyer, placed: await buyer.order(await journey.takeItem(), quantity) };
}

async function pay(shop: Shop, buyer: Buyer, authority: string): Promise<void> {
  const paid = await shop.zarinpal.pay(authority);
  await buyer.comeBack(paid.callbackUrl);
}

/** The gateway takes the money of an attempt without a call of its workflow. */
async function takeOtherwise(placed: PlacedByBuyer, authority: string): Promise<void> {
  await fetch(`${new URL(placed.payment.redirect!).origin}/pg/v4/payment/verify.json`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ merchant_id: MERCHANT, authority, amount: placed.order.total.amount }),
  });
}

describe('placing', () => {
  test('refused', async () => {
    const buyer = new Buyer(journey.shop);
    const item = await journey.takeItem();
    await buyer.put(item);
    const key = 'refused-for-its-price';
    await buyer.checkout(item.price - 1, { key });
    await keep('refused', orderIdOf(cartIdOf(buyer.cartToken), key));
  });

  test('free', async () => {
    const item = await buildItem(journey.shop);
    await setPrice(journey.shop, item, 0);
    const buyer = new Buyer(journey.shop);
    await buyer.put(item);
    const { body } = await buyer.checkout(0);
    await keep('free', body.order.id);
  });
});

describe('opening', () => {
  test('gateway away', async () => {
    await journey.shop.zarinpal.fault({ kind: 'reset', endpoint: 'request', times: 2 });
    const item = await journey.takeItem();
    const buyer = new Buyer(journey.shop);
    await buyer.put(item);
    const { body } = await buyer.checkout(item.price);
    const again = await buyer.payAgain(body);
    await pay(journey.shop, buyer, authorityOf(again.body.payment.redirect));
    await keep('gateway-away', body.order.id);
  });

  test('answer lost', async () => {
    await journey.shop.zarinpal.fault({ kind: 'timeout', when: 'after', endpoint: 'request' });
    const { buyer, placed } = await place(journey.shop);
    await pay(journey.shop, buyer, placed.authority);
    await keep('answer-lost', placed.order.id);
  });

  test('needs attention, and is retried by hand', async () => {
    await journey.shop.zarinpal.fault({ kind: 'code', code: -11, endpoint: 'request' });
    const item = await journey.takeItem();
    const buyer = new Buyer(journey.shop);
    await buyer.put(item);
    const { body } = await buyer.checkout(item.price);
    const workflow = workflowOf(journey.shop, body.order.id);
    await workflow.untilAttention(true);
    const { order } = await workflow.retry();
    await pay(journey.shop, buyer, order.attempts.at(-1)!.authority!);
    await keep('opening-needs-attention', body.order.id);
  });
});

describe('paying', () => {
  test('paid', async () => {
    const { buyer, placed } = await place(journey.shop, 2);
    await pay(journey.shop, buyer, placed.authority);
    await keep('paid', placed.order.id);
  });

  test('forged callbacks, then the real one', async () => {
    const { buyer, placed } = await place(journey.shop);
    for (const status of ['OK', 'NOK'] as const) {
      const { callbackUrl } = await journey.shop.zarinpal.callback(placed.authority, { status });
      await buyer.comeBack(callbackUrl);
    }
    await pay(journey.shop, buyer, placed.authority);
    await keep('forged-then-paid', placed.order.id);
  });

  test('verify answer lost, then 101', async () => {
    await journey.shop.zarinpal.fault({ kind: 'reset', when: 'after', endpoint: 'verify' });
    const { buyer, placed } = await place(journey.shop);
    await pay(journey.shop, buyer, placed.authority);
    await keep('verify-unknown', placed.order.id);
  });

  test('verify needs attention, and is retried by hand', async () => {
    const patient = await journey.shop.withTerms({
      checkout: { retryFirstMs: NEVER, retryMostMs: NEVER },
    });
    await patient.zarinpal.fault({ kind: 'code', code: -15, endpoint: 'verify' });
    const { buyer, placed } = await place(patient);
    await pay(patient, buyer, placed.authority);
    const workflow = workflowOf(patient, placed.order.id);
    await workflow.untilAttention(true);
    await workflow.retry();
    await keep('verify-needs-attention', placed.order.id);
  });

  test('rejected for good', async () => {
    await impatient.zarinpal.fault({ kind: 'code', code: -53, endpoint: 'verify' });
    const { buyer, placed } = await place(impatient);
    const { callbackUrl } = await impatient.zarinpal.callback(placed.authority, { status: 'OK' });
    await buyer.comeBack(callbackUrl);
    await keep('rejected', placed.order.id);
  });

  test('a receipt that belongs to another payment', async () => {
    const first = await place(journey.shop);
    await pay(journey.shop, first.buyer, first.placed.authority);
    const [paid] = await attemptsOf(journey.shop, first.placed.order.id);
    const second = await place(impatient);
    const body = { data: { code: 101, message: 'Verified', ref_id: Number(paid!.refId) }, errors: [] };
    await impatient.zarinpal.fault({
      kind: 'body',
      times: null,
      endpoint: 'verify',
      authority: second.placed.authority,
      body,
    });
    const { callbackUrl } = await impatient.zarinpal.callback(second.placed.authority, { status: 'OK' });
    await second.buyer.comeBack(callbackUrl);
    const workflow = workflowOf(impatient, second.placed.order.id);
    await workflow.untilAttention(true);
    await workflow.decide(second.placed.payment.attemptId!, 'not_paid');
    await keep('receipt-taken', second.placed.order.id);
  });

  test('decided by staff', async () => {
    const shop = await journey.shop.withTerms({
      checkout: { authorityLifetimeMs: 1_500, deadlineMarginMs: 0, watchLateMoneyMs: 0, pollEveryMs: NEVER },
    });
    await shop.zarinpal.fault({ kind: 'html', endpoint: 'verify', times: null });
    const { buyer, placed } = await place(shop);
    const { callbackUrl } = await shop.zarinpal.callback(placed.authority, { status: 'OK' });
    await buyer.comeBack(callbackUrl);
    await workflowOf(shop, placed.order.id).decide(placed.payment.attemptId!, 'not_paid');
    await keep('decided-by-staff', placed.order.id);
  });
});

describe('not paying', () => {
  test('expired', async () => {
    const { placed } = await place(impatient);
    await keep('expired', placed.order.id);
  });

  test('expired while the gateway is polled at short intervals', async () => {
    const shop = await journey.shop.withTerms({
      checkout: { authorityLifetimeMs: 1_500, deadlineMarginMs: 0, pollEveryMs: 400, watchLateMoneyMs: 600 },
    });
    const { placed } = await place(shop);
    await keep('polled-then-expired', placed.order.id);
  });

  test('cancelled', async () => {
    const { buyer, placed } = await place(impatient);
    await buyer.cancel(placed);
    await keep('cancelled', placed.order.id);
  });

  test('cancelled in the Temporal UI', async () => {
    const { placed } = await place(impatient);
    await workflowOf(impatient, placed.order.id).handle.cancel();
    await keep('cancelled-in-the-ui', placed.order.id);
  });
});

describe('paying late', () => {
  test('late and paid', async () => {
    const { buyer, placed } = await place(watchful);
    await buyer.waitFor(placed, 'expired');
    await pay(watchful, buyer, placed.authority);
    await keep('late-paid', placed.order.id);
  });

  test('late and refused, with money that stays and is refunded by hand', async () => {
    const shop = await journey.shop.withTerms({
      checkout: {
        authorityLifetimeMs: 500,
        deadlineMarginMs: 100,
        pollEveryMs: NEVER,
        watchLateMoneyMs: 1_500,
      },
    });
    const item = await buildItem(shop, { stock: 1 });
    const buyer = new Buyer(shop);
    const placed = await buyer.order(item);
    await buyer.waitFor(placed, 'expired');
    await new Buyer(journey.shop).order(item);
    await pay(shop, buyer, placed.authority);
    const workflow = workflowOf(shop, placed.order.id);
    await workflow.untilAttention(true);
    await workflow.decide(placed.payment.attemptId!, 'refunded_by_hand');
    await keep('late-refused', placed.order.id);
  });

  test('a callback without money after the deadline', async () => {
    const { buyer, placed } = await place(watchful);
    await buyer.waitFor(placed, 'expired');
    const { callbackUrl } = await watchful.zarinpal.callback(placed.authority, { status: 'NOK' });
    await buyer.comeBack(callbackUrl);
    await keep('late-without-money', placed.order.id);
  });
});

describe('paying twice', () => {
  async function withTwoPages(): Promise<{ buyer: Buyer; placed: PlacedByBuyer; second: string }> {
    const { buyer, placed } = await place(curious);
    const another = await buyer.payAgain(placed);
    return { buyer, placed, second: authorityOf(another.body.payment.redirect) };
  }

  test('two attempts', async () => {
    const { buyer, placed } = await withTwoPages();
    await pay(curious, buyer, placed.authority);
    await keep('two-attempts', placed.order.id);
  });

  test('surplus that is reversed', async () => {
    const { buyer, placed, second } = await withTwoPages();
    await curious.zarinpal.pay(second);
    await pay(curious, buyer, placed.authority);
    await takeOtherwise(placed, second);
    await keep('surplus-refunded', placed.order.id);
  });

  test('surplus whose reversal gets no answer', async () => {
    const { buyer, placed, second } = await withTwoPages();
    await curious.zarinpal.pay(second);
    await pay(curious, buyer, placed.authority);
    await curious.zarinpal.fault({ kind: 'timeout', when: 'after', endpoint: 'reverse' });
    await takeOtherwise(placed, second);
    await keep('surplus-reverse-unknown', placed.order.id);
  });

  test('surplus that only a person can refund', async () => {
    const { buyer, placed, second } = await withTwoPages();
    await curious.zarinpal.pay(second);
    await pay(curious, buyer, placed.authority);
    await curious.zarinpal.fault({ kind: 'code', code: -63, endpoint: 'reverse', times: null });
    await takeOtherwise(placed, second);
    const workflow = workflowOf(curious, placed.order.id);
    await workflow.untilAttention(true);
    const surplus = (await attemptsOf(curious, placed.order.id)).find(({ status }) => status === 'surplus');
    await workflow.decide(surplus!.id, 'refunded_by_hand');
    await keep('surplus-refunded-by-hand', placed.order.id);
  });
});

describe('sweeping', () => {
  test('a workflow that was ended, resumed', async () => {
    const { buyer, placed } = await place(journey.shop);
    const workflow = workflowOf(journey.shop, placed.order.id);
    await workflow.handle.terminate('recording');
    await pay(journey.shop, buyer, placed.authority);
    await sweep(journey.shop);
    await eventually(
      () => attemptStatusesOf(journey.shop, placed.order.id),
      ([status]) => status === 'settled',
    );
    await keep('resumed', placed.order.id);
  });

  test('a payment that the gateway lists, woken', async () => {
    const shop = await journey.shop.withTerms({ checkout: { pollEveryMs: NEVER } });
    const { placed } = await place(shop);
    await shop.zarinpal.payAndCloseTab(placed.authority);
    await sweep(shop);
    await keep('woken', placed.order.id);
  });

  test('a workflow of an order that is not there', async () => {
    const orderId = orderIdOf(cartIdOf('unknown'), 'never placed');
    const { timing, attemptsAtMost } = { timing: {}, attemptsAtMost: 3 };
    await journey.shop.temporal.workflow.start('checkout', {
      workflowId: checkoutWorkflowId(orderId),
      taskQueue: 'checkout',
      args: [{ orderId, timing, attemptsAtMost }],
    });
    const workflow = workflowOf(journey.shop, orderId);
    await workflow.untilAttention(true);
    await workflow.handle.cancel();
    await keep('unknown-order', orderId);
  });
});
