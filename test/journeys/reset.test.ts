import { describe, expect, test } from 'vitest';

import { journeyShop } from '../support/journey';
import { ledgerOf, stockOf } from '../support/order-rows';
import { resetPoints, resetWorkflow, type Reapply } from '../support/reset-workflow';
import type { Shop } from '../support/shop';
import { workflowOf } from '../support/workflow';
import { callsOf, paidOrder } from './paid-order';

const NEVER = 3_600_000;
const journey = journeyShop({ checkout: { pollEveryMs: NEVER, watchLateMoneyMs: 0 } });
const REAPPLIED: Reapply[] = ['everything', 'nothing'];

/** The updates that the service brought into the new run by itself. */
async function cameAgain(shop: Shop, orderId: string): Promise<string[]> {
  const { events } = await workflowOf(shop, orderId).handle.fetchHistory();
  return (events ?? []).flatMap(
    (event) => event.workflowExecutionUpdateAdmittedEventAttributes?.request?.input?.name ?? [],
  );
}

describe.each(REAPPLIED)('a paid order whose workflow is set back, with %s coming again', (reapply) => {
  test('to before it was placed, is the same paid order', async () => {
    const { shop } = journey;
    const { buyer, item, placed, workflow, orderId, callbackUrl } = await paidOrder(shop);
    const before = await buyer.read(placed);
    const calls = await callsOf(shop, placed.authority);
    const [first] = await resetPoints(shop, orderId);
    expect(first!.done).toEqual([]);

    await resetWorkflow(shop, orderId, first!, reapply);

    expect(await workflow.untilEnded()).toEqual({
      status: 'COMPLETED',
      orderStatus: 'Placed',
      needsAttention: false,
    });
    expect(await cameAgain(shop, orderId)).toEqual(
      reapply === 'everything' ? ['place', 'paymentCallback'] : [],
    );
    expect((await buyer.read(placed)).body).toEqual(before.body);
    expect(await callsOf(shop, placed.authority)).toEqual(calls);
    expect(await stockOf(shop, item)).toEqual({ onHand: 3, reserved: 0 });
    expect(await ledgerOf(shop, orderId)).toHaveLength(1);
    expect((await buyer.comeBack(callbackUrl)).body.status).toBe('paid');
  });

  test('to after it was verified, is settled by that very answer and once', async () => {
    const { shop } = journey;
    const { buyer, item, placed, workflow, orderId } = await paidOrder(shop);
    const before = await buyer.timeline(placed);
    const calls = await callsOf(shop, placed.authority);
    const verified = (await resetPoints(shop, orderId)).find(({ done }) => done.includes('verifyPayment'));

    await resetWorkflow(shop, orderId, verified!, reapply);

    expect(await workflow.untilEnded()).toMatchObject({ status: 'COMPLETED', orderStatus: 'Placed' });
    expect(await callsOf(shop, placed.authority)).toEqual(calls);
    expect(await buyer.timeline(placed)).toEqual(before);
    expect(await stockOf(shop, item)).toEqual({ onHand: 3, reserved: 0 });
  });
});
