import { expect, test } from 'vitest';

import { beforeDeadline } from '../support/before-deadline';
import { Buyer, type PlacedByBuyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildItem } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import { attemptsOf, attemptStatusesOf, ledgerOf, callbacksOf, stockOf } from '../support/order-rows';
import type { Shop } from '../support/shop';
import { callTerminal } from '../support/terminal';
import { workflowOf, sweep } from '../support/workflow';

const NEVER = 3_600_000;
const journey = journeyShop({ checkout: { workflowOverdueMs: 200, wakeCallbacksAfterMs: 0 } });

/** A shop whose payment pages end soon and whose workflows do not poll in between. */
const impatient = (checkout = {}): Promise<Shop> =>
  journey.shop.withTerms({
    checkout: {
      authorityLifetimeMs: 300,
      deadlineMarginMs: 100,
      pollEveryMs: NEVER,
      watchLateMoneyMs: NEVER,
      ...checkout,
    },
  });

async function expire(buyer: Buyer, placed: PlacedByBuyer): Promise<void> {
  await buyer.waitFor(placed, 'expired');
}

async function verifiesOf(authority: string): Promise<number> {
  return (await journey.shop.zarinpal.journal({ authority, endpoint: 'verify', kind: 'request' })).length;
}

test('a buyer who paid and closed the tab gets the order when the gateway is asked now and then', async () => {
  const shop = await journey.shop.withTerms({ checkout: { pollEveryMs: 400 } });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await shop.zarinpal.payAndCloseTab(placed.authority);

  await buyer.waitFor(placed, 'placed');

  expect(await callbacksOf(shop, placed.order.id)).toEqual({ stored: 0, unseen: 0 });
});

test('a buyer who paid and closed the tab gets the order at the deadline', async () => {
  const { buyer, placed } = await beforeDeadline(1_500, async (authorityLifetimeMs) => {
    const buyer = new Buyer(await impatient({ authorityLifetimeMs }));
    const placed = await buyer.order(await journey.takeItem());
    await journey.shop.zarinpal.payAndCloseTab(placed.authority);
    return { deadline: Date.parse(placed.order.paymentDeadline), result: { buyer, placed } };
  });

  await buyer.waitFor(placed, 'placed');

  expect(await buyer.timeline(placed)).toEqual(['order.created', 'order.payment_opened', 'order.paid']);
  expect(await verifiesOf(placed.authority)).toBe(1);
});

test('an order that nobody pays expires and gives its stock back', async () => {
  const shop = await impatient();
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 4 });
  const placed = await buyer.order(item, 3);

  await expire(buyer, placed);

  expect(await stockOf(shop, item)).toEqual({ onHand: 4, reserved: 0 });
  expect(await buyer.timeline(placed)).toEqual(['order.created', 'order.payment_opened', 'order.expired']);
  expect((await buyer.read(placed)).body.payment).toMatchObject({ redirect: null, reason: 'not_payable' });
  expect((await buyer.readCart()).units).toBe(3);
  expect((await buyer.payAgain(placed)).body.code).toBe('order.not_awaiting_payment');
});

test('a workflow ends when its late watch is over, with everything closed', async () => {
  const shop = await impatient({ watchLateMoneyMs: 300 });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());

  const workflow = await workflowOf(shop, placed.order.id).untilEnded();

  expect(workflow).toEqual({ status: 'COMPLETED', orderStatus: 'Expired', needsAttention: false });
  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['closed']);
});

test('a buyer who pays late gets the order while there is stock', async () => {
  const shop = await impatient();
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 2 });
  const placed = await buyer.order(item, 2);
  await expire(buyer, placed);
  const paid = await shop.zarinpal.pay(placed.authority);

  const callback = await buyer.comeBack(paid.callbackUrl);

  expect(callback.body.status).toBe('paid');
  expect(await buyer.timeline(placed)).toEqual([
    'order.created',
    'order.payment_opened',
    'order.expired',
    'order.reopened',
    'order.paid',
  ]);
  expect(await stockOf(shop, item)).toEqual({ onHand: 0, reserved: 0 });
});

test('a buyer who pays late and never comes back gets the order too', async () => {
  const shop = await impatient({ pollEveryMs: 400 });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await expire(buyer, placed);
  await shop.zarinpal.payAndCloseTab(placed.authority);

  await buyer.waitFor(placed, 'placed');
});

test('late money is never taken when the stock is gone: it goes back by itself, and the buyer is told', async () => {
  const shop = await impatient();
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 1 });
  const placed = await buyer.order(item);
  await expire(buyer, placed);
  const faster = new Buyer(journey.shop);
  await faster.order(item);
  const before = await verifiesOf(placed.authority);
  const paid = await shop.zarinpal.pay(placed.authority);

  const callback = await buyer.comeBack(paid.callbackUrl);

  expect(callback.body.status).toBe('refused');
  expect((await buyer.read(placed)).body.order.status).toBe('expired');
  const told = (await buyer.events(placed)).at(-1);
  expect(told).toMatchObject({ type: 'order.payment_refused', payload: { reason: 'stock_gone' } });
  expect(await verifiesOf(placed.authority)).toBe(before);
  expect(await shop.zarinpal.session(placed.authority)).toMatchObject({ state: 'PAID' });
  expect(await ledgerOf(shop, placed.order.id)).toEqual([]);
});

test('late money is never taken when the cart has another open order by now', async () => {
  const shop = await impatient();
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 10 });
  const placed = await buyer.order(item);
  await expire(buyer, placed);
  const again = await buyer.at(journey.shop).checkout(item.price);
  expect(again.status).toBe(201);
  const before = await verifiesOf(placed.authority);
  const paid = await shop.zarinpal.pay(placed.authority);

  const callback = await buyer.comeBack(paid.callbackUrl);

  expect(callback.body.status).toBe('refused');
  expect((await buyer.events(placed)).at(-1)?.payload).toMatchObject({ reason: 'cart_has_another_order' });
  expect(await verifiesOf(placed.authority)).toBe(before);
  expect((await buyer.read(again.body)).body.order.status).toBe('awaiting_payment');
});

test('of buyers who all pay late for the last unit one gets the order and the others’ money is never taken', async () => {
  const shop = await impatient();
  const item = await buildItem(shop, { stock: 1 });
  const late = [];
  for (let number = 0; number < 5; number++) {
    const buyer = new Buyer(shop);
    const placed = await buyer.order(item);
    await expire(buyer, placed);
    late.push({ buyer, placed, paid: await shop.zarinpal.pay(placed.authority) });
  }

  const results = await Promise.all(late.map(({ buyer, paid }) => buyer.comeBack(paid.callbackUrl)));

  const said = results.map(({ body }) => body.status).toSorted();
  expect(said).toEqual(['paid', 'refused', 'refused', 'refused', 'refused']);
  expect(await stockOf(shop, item)).toEqual({ onHand: 0, reserved: 0 });
  const states = await Promise.all(late.map(({ placed }) => shop.zarinpal.session(placed.authority)));
  expect(states.filter(({ state }) => state === 'VERIFIED')).toHaveLength(1);
});

test('a forged OK after the deadline reopens nothing', async () => {
  const shop = await impatient();
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 1 });
  const placed = await buyer.order(item);
  await expire(buyer, placed);
  const { callbackUrl } = await shop.zarinpal.callback(placed.authority, { status: 'OK' });

  const forged = await buyer.comeBack(callbackUrl);

  expect(forged.body.status).toBe('unpaid');
  expect((await buyer.timeline(placed)).at(-1)).toBe('order.expired');
  expect(await stockOf(shop, item)).toEqual({ onHand: 1, reserved: 0 });
  expect(await callbacksOf(shop, placed.order.id)).toEqual({ stored: 1, unseen: 0 });
});

test('an order that was reopened for money that is not there after all expires again', async () => {
  const shop = await impatient();
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 1 });
  const placed = await buyer.order(item);
  await expire(buyer, placed);
  await shop.zarinpal.fault({ kind: 'code', code: -51, endpoint: 'verify', authority: placed.authority });
  const paid = await shop.zarinpal.pay(placed.authority);

  await buyer.comeBack(paid.callbackUrl);

  await eventually(
    () => buyer.timeline(placed),
    (events) => events.filter((type) => type === 'order.expired').length === 2,
  );
  expect((await buyer.timeline(placed)).slice(2)).toEqual([
    'order.expired',
    'order.reopened',
    'order.expired',
  ]);
  expect(await stockOf(shop, item)).toEqual({ onHand: 1, reserved: 0 });
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
});

test('money that stays with the gateway to the end of the watch needs a person, who says that it went back', async () => {
  const { shop } = journey;
  const { placed, callback } = await beforeDeadline(2_000, async (watchLateMoneyMs) => {
    const buyer = new Buyer(await impatient({ watchLateMoneyMs }));
    const item = await buildItem(shop, { stock: 1 });
    const placed = await buyer.order(item);
    await expire(buyer, placed);
    await new Buyer(shop).order(item);
    const paid = await shop.zarinpal.pay(placed.authority);
    const callback = await buyer.comeBack(paid.callbackUrl);
    const deadline = Date.parse(placed.payment.payableUntil!) + watchLateMoneyMs;
    return { deadline, result: { placed, callback } };
  });
  expect(callback.body.status).toBe('refused');

  const workflow = workflowOf(shop, placed.order.id);
  await workflow.untilAttention(true);
  expect(await workflow.details()).toMatch(/still has money.*`payment.money_stayed`.*`refunded_by_hand`/s);
  const [attempt] = await attemptsOf(shop, placed.order.id);
  await workflow.decide(attempt!.id, 'refunded_by_hand');

  expect(await workflow.untilEnded()).toEqual({
    status: 'COMPLETED',
    orderStatus: 'Expired',
    needsAttention: false,
  });
  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['closed']);
});

test('a payment that the gateway lists as unverified is found by the sweep', async () => {
  const shop = await journey.shop.withTerms({ checkout: { pollEveryMs: NEVER } });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await shop.zarinpal.payAndCloseTab(placed.authority);

  const result = await sweep(shop);

  expect(result.unsettledPayments).toBeGreaterThan(0);
  await buyer.waitFor(placed, 'placed');
});

test('other people’s unverified payments of the same terminal are left alone', async () => {
  const { shop } = journey;
  const { authority } = await payElsewhere(shop);

  await sweep(shop);

  expect(await shop.zarinpal.session(authority)).toMatchObject({ state: 'PAID' });
});

test('a list of unverified payments near its limit calls a person', async () => {
  const { shop } = journey;
  const listed = Array.from({ length: 90 }, (_, place) => ({
    authority: `A${String(place).padStart(35, '0')}`,
    amount: 10_000,
    callback_url: 'https://another.example/callback',
    referer: '/',
    date: '2026-01-01 00:00:00',
  }));
  await shop.zarinpal.fault({
    kind: 'body',
    endpoint: 'unVerified',
    body: { data: { code: 100, message: 'Success', authorities: listed }, errors: [] },
  });

  expect(await sweep(shop)).toMatchObject({ unsettledPayments: 90 });

  expect(await shop.metrics.registry.getSingleMetricAsString('asoud_alerts_total')).toContain(
    'code="payment.unsettled_near_limit"',
  );
});

/** A payment of the same terminal that another system opened. */
async function payElsewhere(shop: Shop): Promise<{ authority: string }> {
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.session(placed.authority);
  const response = await callTerminal(placed.payment.redirect!, 'request', {
    amount: 50_000,
    currency: 'IRR',
    description: 'elsewhere',
    callback_url: callbackUrl,
    metadata: { auto_verify: false },
  });
  const { data } = (await response.json()) as { data: { authority: string } };
  await shop.zarinpal.payAndCloseTab(data.authority);
  return data;
}
