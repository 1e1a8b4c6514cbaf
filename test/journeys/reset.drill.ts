import { describe, expect, test } from 'vitest';

import { beforeDeadline } from '../support/before-deadline';
import { authorityOf, Buyer } from '../support/buyer';
import { buildItem } from '../support/factories/item';
import { expectInvariantsToHold, journeyShop } from '../support/journey';
import { attemptStatusesOf, ledgerOf, stockOf } from '../support/order-rows';
import { resetPoints, resetWorkflow, type Reapply } from '../support/reset-workflow';
import { takeUnasked } from '../support/terminal';
import { workflowOf } from '../support/workflow';
import { callsOf, expectNoFurtherCalls, paidOrder } from './paid-order';

const NEVER = 3_600_000;
const journey = journeyShop({ checkout: { pollEveryMs: NEVER, watchLateMoneyMs: 0 } });
const REAPPLIED: Reapply[] = ['everything', 'nothing'];

describe.each(REAPPLIED)('a paid order whose workflow is set back, with %s coming again', (reapply) => {
  test('to any point at all, keeps every invariant and asks nobody for money again', async () => {
    // A workflow that forgets its callback finds the order paid at its next poll.
    const shop = await journey.shop.withTerms({ checkout: { pollEveryMs: 400 } });
    const { buyer, placed, workflow, orderId } = await paidOrder(shop);
    const before = await buyer.timeline(placed);
    const calls = await callsOf(shop, placed.authority);
    const { runId } = await workflow.handle.describe();
    const points = await resetPoints(shop, orderId);

    for (const point of points) {
      await resetWorkflow(shop, orderId, point, reapply);
      expect(await workflow.untilEnded()).toMatchObject({ status: 'COMPLETED', orderStatus: 'Placed' });
      await expectInvariantsToHold(shop);
    }

    expect(points.length).toBeGreaterThan(3);
    expect((await workflow.handle.describe()).runId).not.toBe(runId);
    expectNoFurtherCalls(await callsOf(shop, placed.authority), calls, points);
    expect(await buyer.timeline(placed)).toEqual(before);
  });

  test('an order that awaits payment keeps its page when its workflow is set back, and is paid on it', async () => {
    const { shop } = journey;
    const buyer = new Buyer(shop);
    const placed = await buyer.order(await journey.takeItem());
    const calls = await callsOf(shop, placed.authority);

    for (const point of await resetPoints(shop, placed.order.id)) {
      await resetWorkflow(shop, placed.order.id, point, reapply);
      await workflowOf(shop, placed.order.id).retry();
      expect(await attemptStatusesOf(shop, placed.order.id)).toEqual(['open']);
    }

    expect(await callsOf(shop, placed.authority)).toEqual(calls);
    expect((await buyer.read(placed)).body.order.paymentDeadline).toBe(placed.order.paymentDeadline);
    const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
    expect((await buyer.comeBack(callbackUrl)).body.status).toBe('paid');
  });

  test('an order that was cancelled stays cancelled, and its stock is given back once', async () => {
    const { shop } = journey;
    const buyer = new Buyer(shop);
    const item = await buildItem(shop, { stock: 5 });
    const placed = await buyer.order(item);
    await buyer.cancel(placed);
    const calls = await callsOf(shop, placed.authority);
    const timeline = await buyer.timeline(placed);

    for (const point of await resetPoints(shop, placed.order.id)) {
      await resetWorkflow(shop, placed.order.id, point, reapply);
      await workflowOf(shop, placed.order.id).retry();
      expect(await workflowOf(shop, placed.order.id).read()).toMatchObject({ orderStatus: 'Cancelled' });
      await expectInvariantsToHold(shop);
    }

    expect(await callsOf(shop, placed.authority)).toEqual(calls);
    expect(await buyer.timeline(placed)).toEqual(timeline);
    expect(await stockOf(shop, item)).toEqual({ onHand: 5, reserved: 0 });
  });
});

test('money is refunded once, whichever point the workflow is reset to', async () => {
  const { shop } = journey;
  const { placed, second } = await beforeDeadline(3_000, async (authorityLifetimeMs) => {
    const hasty = await shop.withTerms({
      // The last poll, at the end of the watch, finds the second payment. An earlier one could take it before the first.
      checkout: { authorityLifetimeMs, pollEveryMs: NEVER, watchLateMoneyMs: 0 },
    });
    const buyer = new Buyer(hasty);
    const placed = await buyer.order(await journey.takeItem());
    const { payment } = (await buyer.payAgain(placed)).body;
    const second = authorityOf(payment.redirect);
    await shop.zarinpal.pay(second);
    await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
    await takeUnasked(shop, placed.payment.redirect!, second);
    return { deadline: Date.parse(payment.payableUntil!), result: { placed, second } };
  });
  const workflow = workflowOf(shop, placed.order.id);
  await workflow.untilEnded();
  const calls = await callsOf(shop, placed.authority, second);
  const ledger = await ledgerOf(shop, placed.order.id);
  expect([calls['reverse'], ledger.length]).toEqual([1, 3]);

  const points = await resetPoints(shop, placed.order.id);
  for (const point of points) {
    await resetWorkflow(shop, placed.order.id, point, 'everything');
    expect(await workflow.untilEnded()).toMatchObject({ status: 'COMPLETED', needsAttention: false });
    await expectInvariantsToHold(shop);
  }

  expectNoFurtherCalls(await callsOf(shop, placed.authority, second), calls, points);
  expect(await ledgerOf(shop, placed.order.id)).toEqual(ledger);
});
