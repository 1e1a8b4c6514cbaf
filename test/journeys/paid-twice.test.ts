import { describe, expect, test } from 'vitest';

import { beforeDeadline } from '../support/before-deadline';
import { authorityOf, Buyer, type PlacedByBuyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { journeyShop } from '../support/journey';
import { attemptsOf, attemptStatusesOf, ledgerOf } from '../support/order-rows';
import type { Shop } from '../support/shop';
import { SlowSteps } from '../support/slow-steps';
import { MERCHANT, takeUnasked } from '../support/terminal';
import { workflowOf } from '../support/workflow';

const NEVER = 3_600_000;
const steps = new SlowSteps();
const journey = journeyShop({
  activities: steps.wrap,
  zarinpal: { zarinpalTimeoutMs: 3_000 },
  checkout: { attentionAfterMs: NEVER, retryFirstMs: 150, retryMostMs: 300 },
});

/** A buyer with two payment pages of one order open. */
async function withTwoPages(shop: Shop): Promise<{ buyer: Buyer; placed: PlacedByBuyer; second: string }> {
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const another = await buyer.payAgain(placed);
  return { buyer, placed, second: authorityOf(another.body.payment.redirect) };
}

async function callsOf(shop: Shop, endpoint: 'verify' | 'reverse' | 'inquiry', authority: string) {
  return (await shop.zarinpal.journal({ authority, endpoint, kind: 'request' })).length;
}

test('of two payments the first that comes back settles the order and the other is never taken', async () => {
  const { shop } = journey;
  // The first callback must come before the workflow polls by itself.
  const { buyer, placed, second, two, first } = await beforeDeadline(600, async (pollEveryMs) => {
    const deadline = Date.now() + pollEveryMs;
    const pages = await withTwoPages(await shop.withTerms({ checkout: { pollEveryMs } }));
    const one = await shop.zarinpal.pay(pages.placed.authority);
    const two = await shop.zarinpal.pay(pages.second);
    const first = await pages.buyer.comeBack(one.callbackUrl);
    return { deadline, result: { ...pages, two, first } };
  });

  expect(first.body.status).toBe('paid');
  expect((await buyer.comeBack(two.callbackUrl)).body.status).toBe('refused');

  await eventually(
    () => callsOf(shop, 'inquiry', second),
    (calls) => calls >= 2,
  );
  expect(await callsOf(shop, 'verify', second)).toBe(0);
  expect(await shop.zarinpal.session(second)).toMatchObject({ state: 'PAID' });
  expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
  expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['settled', 'refused']);
});

test('two payments that come back at the same instant settle the order once', async () => {
  const { shop } = journey;
  const { buyer, placed, second } = await withTwoPages(shop);
  const [one, two] = [await shop.zarinpal.pay(placed.authority), await shop.zarinpal.pay(second)];

  const results = await Promise.all([buyer.comeBack(one.callbackUrl), buyer.comeBack(two.callbackUrl)]);

  expect(results.map(({ body }) => body.status).toSorted()).toEqual(['paid', 'refused']);
  expect(await ledgerOf(shop, placed.order.id)).toHaveLength(1);
  expect((await attemptStatusesOf(shop, placed.order.id)).toSorted()).toEqual(['refused', 'settled']);
});

describe('money that the gateway took by itself although the order was paid', () => {
  /** Two pages: one settles the order, the other the gateway verifies without being asked. */
  async function takenTwice(shop: Shop) {
    const { buyer, placed, second } = await withTwoPages(shop);
    const one = await shop.zarinpal.pay(placed.authority);
    await buyer.comeBack(one.callbackUrl);
    const surplus = await shop.zarinpal.pay(second);
    await takeUnasked(shop, placed.payment.redirect!, second);
    return { buyer, placed, second, callbackUrl: surplus.callbackUrl };
  }

  const hasty = (): Promise<Shop> =>
    journey.shop.withTerms({ checkout: { pollEveryMs: 300, watchLateMoneyMs: NEVER } });

  /** Waits until the second attempt is surplus and in this state, and returns it. */
  const untilSurplus = (
    shop: Shop,
    orderId: string,
    isThere: (refunded: number, pending: number) => boolean,
  ) =>
    eventually(
      async () => (await attemptsOf(shop, orderId))[1]!,
      ({ status, refunded, refundPending }) => status === 'surplus' && isThere(refunded, refundPending),
    );

  test('is owed and refunded exactly once', async () => {
    const shop = await hasty();
    const { buyer, placed, second, callbackUrl } = await takenTwice(shop);
    const { amount } = placed.order.total;

    await untilSurplus(shop, placed.order.id, (refunded) => refunded === amount);

    expect(await callsOf(shop, 'reverse', second)).toBe(1);
    expect(await shop.zarinpal.session(second)).toMatchObject({ state: 'REVERSED' });
    expect(await ledgerOf(shop, placed.order.id)).toEqual([
      `gateway:zarinpal > sales ${amount}`,
      `gateway:zarinpal > owed_to_buyers ${amount}`,
      `owed_to_buyers > gateway:zarinpal ${amount}`,
    ]);
    expect((await buyer.timeline(placed)).slice(-2)).toEqual([
      'order.payment_surplus',
      'order.payment_refunded',
    ]);
    expect((await buyer.comeBack(callbackUrl)).body.status).toBe('refunded');
    expect((await buyer.read(placed)).body.order).toMatchObject({ status: 'placed', paymentStatus: 'paid' });
  });

  test('needs no callback: coming back for it starts no workflow, however often', async () => {
    const shop = await hasty();
    const { buyer, placed, callbackUrl } = await takenTwice(shop);
    await untilSurplus(shop, placed.order.id, (refunded) => refunded === placed.order.total.amount);
    const workflow = workflowOf(shop, placed.order.id);
    await workflow.untilEnded();
    const { runId } = await workflow.handle.describe();

    for (let times = 1; times <= 3; times += 1) await buyer.comeBack(callbackUrl);

    expect((await workflow.handle.describe()).runId).toBe(runId);
  });

  test('is inquired about when the answer to its reversal got lost, and asked for once', async () => {
    const shop = await hasty();
    await shop.zarinpal.fault({ kind: 'timeout', when: 'after', endpoint: 'reverse' });
    const { placed, second } = await takenTwice(shop);

    await untilSurplus(shop, placed.order.id, (refunded) => refunded === placed.order.total.amount);

    expect(await callsOf(shop, 'reverse', second)).toBe(1);
    expect(await ledgerOf(shop, placed.order.id)).toHaveLength(3);
  });

  test('is asked for again when the inquiry says that the first asking did nothing', async () => {
    const shop = await hasty();
    await shop.zarinpal.fault({ kind: 'html', endpoint: 'reverse' });
    const { placed, second } = await takenTwice(shop);

    await untilSurplus(shop, placed.order.id, (refunded) => refunded === placed.order.total.amount);

    expect(await callsOf(shop, 'reverse', second)).toBe(2);
  });

  test.each([
    ['the bank refuses', -60],
    ['it is too late', -63],
  ])('is a person’s to refund when %s, and is not asked for again meanwhile', async (_why, code) => {
    const shop = await journey.shop.withTerms({ checkout: { pollEveryMs: 300, watchLateMoneyMs: 300 } });
    await shop.zarinpal.fault({ kind: 'code', code, endpoint: 'reverse', times: null });
    const { buyer, placed, second } = await takenTwice(shop);
    const { amount } = placed.order.total;

    const attempt = await untilSurplus(shop, placed.order.id, (_returned, pending) => pending === 0);
    const workflow = workflowOf(shop, placed.order.id);
    await workflow.untilAttention(true);
    expect(await workflow.details()).toMatch(
      new RegExp(`does not reverse ${amount} rial.*\`${code}\`.*refunded_by_hand`, 's'),
    );
    expect((await attemptsOf(shop, placed.order.id))[1]).toMatchObject({
      captured: amount,
      refunded: 0,
      refundPending: 0,
      failureCode: String(code),
    });
    // The person refunds by hand now. If the gateway were asked too, the money would be refunded twice.
    await shop.zarinpal.clearFaults();
    const calls = await callsOf(shop, 'reverse', second);
    const later = Date.now() + 700;
    await eventually(
      () => Date.now(),
      (now) => now > later,
    );
    expect(await callsOf(shop, 'reverse', second)).toBe(calls);

    await workflow.decide(attempt.id, 'refunded_by_hand');

    await workflow.untilAttention(false);
    expect((await attemptsOf(shop, placed.order.id))[1]).toMatchObject({ refunded: amount });
    expect(await callsOf(shop, 'reverse', second)).toBe(calls);
    expect((await buyer.timeline(placed)).at(-1)).toBe('order.payment_refunded');
  });

  test('is a person’s to refund when the gateway says that there is nothing to reverse and yet has it', async () => {
    const shop = await hasty();
    await shop.zarinpal.fault({ kind: 'code', code: -61, endpoint: 'reverse', times: null });
    const { placed } = await takenTwice(shop);

    const attempt = await untilSurplus(
      shop,
      placed.order.id,
      (refunded, pending) => pending === 0 && refunded === 0,
    );
    const workflow = workflowOf(shop, placed.order.id);
    await workflow.untilAttention(true);

    expect(await workflow.details()).toContain('`-61`');
    await shop.zarinpal.clearFaults();
    await workflow.retry();
    await untilSurplus(shop, placed.order.id, (refunded) => refunded === placed.order.total.amount);
    expect(attempt.captured).toBe(placed.order.total.amount);
  });

  test('is nobody’s to refund while the gateway gives no clear answer', async () => {
    const shop = await hasty();
    await shop.zarinpal.fault({ kind: 'code', code: -61, endpoint: 'reverse' });
    const refunding = steps.hold('beginRefund', 'after');
    const { placed, second } = await takenTwice(shop);
    await refunding.reached;
    await shop.zarinpal.fault({ kind: 'html', endpoint: 'inquiry', authority: second });
    refunding.release();

    await untilSurplus(shop, placed.order.id, (refunded) => refunded === placed.order.total.amount);

    expect(await workflowOf(shop, placed.order.id).untilEnded()).toMatchObject({ needsAttention: false });
    expect(await callsOf(shop, 'reverse', second)).toBe(2);
    expect(await ledgerOf(shop, placed.order.id)).toHaveLength(3);
  });

  test('waits for a person who registers the address, and goes back by itself then', async () => {
    const shop = await hasty();
    await shop.zarinpal.merchant(MERCHANT, { ips: [] });
    const { placed, second } = await takenTwice(shop);

    const workflow = workflowOf(shop, placed.order.id);
    await workflow.untilAttention(true);
    expect(await workflow.details()).toContain('`-62`');
    await shop.zarinpal.merchant(MERCHANT, { ips: null });
    await workflow.retry();

    await untilSurplus(shop, placed.order.id, (refunded) => refunded === placed.order.total.amount);
    await workflow.untilAttention(false);
    expect(await shop.zarinpal.session(second)).toMatchObject({ state: 'REVERSED' });
  });

  test('a wrong decision refunds nothing and settles nothing', async () => {
    const shop = await journey.shop.withTerms({
      checkout: { pollEveryMs: 300, watchLateMoneyMs: NEVER, retryFirstMs: NEVER, retryMostMs: NEVER },
    });
    await shop.zarinpal.fault({ kind: 'code', code: -62, endpoint: 'reverse', times: null });
    const { placed } = await takenTwice(shop);
    const workflow = workflowOf(shop, placed.order.id);
    await workflow.untilAttention(true);
    const [settled, surplus] = await attemptsOf(shop, placed.order.id);

    await workflow.decide(surplus!.id, 'not_paid');
    await workflow.decide(settled!.id, 'refunded_by_hand');
    await workflow.decide(settled!.id, 'not_paid');
    await expect(workflow.decide(placed.order.id, 'refunded_by_hand')).rejects.toThrow('Update failed');

    expect(await workflow.read()).toMatchObject({ needsAttention: true });
    expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['settled', 'surplus']);
    expect((await attemptsOf(shop, placed.order.id))[1]!.refunded).toBe(0);
  });
});
