import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { WorkflowSignalWithStartOptions } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createPaymentSweepActivities } from '../../activities/payments/payment-sweep.activities';
import type { UnsettledPayments } from '../../activities/payments/unsettled-payments';
import { CheckoutConfig } from '../../platform/config/checkout';
import { createMetrics } from '../../platform/metrics';
import { checkoutTerms } from '../../temporal/checkout';
import { checkoutWorkflowId } from '../../workflows/checkout/checkout.contract';
import { buildOrder, type BuiltOrder } from '../support/factories/orders';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(async () => {
  // The unfinished orders of this test count as just woken.
  await rows(shop.database.manager, `UPDATE workflow_wakes SET woken_at = now() + interval '1 year'`);
  await shop.assertInvariantsHold();
});
afterAll(() => shop.close());

/** A fake Temporal for the sweep, with deadlines. */
function buildTemporal(wakeUp: (workflowId: string) => Promise<unknown>) {
  const woken: string[] = [];
  const warnings: unknown[] = [];
  const client = {
    withDeadline: (deadline: number, work: () => Promise<unknown>) =>
      Promise.race([
        work(),
        new Promise((_resolve, reject) => {
          if (deadline > Date.now() + 10_000) return;
          setImmediate(() => reject(new Error('the deadline is over')));
        }),
      ]),
    workflow: {
      async signalWithStart(_workflow: string, { workflowId }: WorkflowSignalWithStartOptions) {
        await wakeUp(workflowId);
        woken.push(workflowId);
      },
    },
  };
  const log = { warn: (_message: string, { orderId }: { orderId: string }) => warnings.push(orderId) };
  return { woken, warnings, context: { client, log } as unknown as Context };
}

function buildSweep(unsettled: Record<string, UnsettledPayments> = {}) {
  const metrics = createMetrics();
  const gateways = {
    names: [],
    named: () => {
      throw new Error('a sweep calls no gateway');
    },
    unsettled: new Map(Object.entries(unsettled)),
  };
  const sweep = createPaymentSweepActivities(shop.database, gateways, metrics, {
    wakeCallbacksAfterMs: 30_000,
    overdueByMs: 30_000,
    checkout: checkoutTerms(new CheckoutConfig()),
  });
  return { sweep, metrics };
}

const idsOf = (orders: readonly BuiltOrder[]) => new Set(orders.map(({ id }) => checkoutWorkflowId(id)));

const wakesOf = async ({ registry }: ReturnType<typeof createMetrics>) =>
  (await registry.getSingleMetric('asoud_workflows_woken_total')?.get())?.values[0]?.value;

describe.each([
  ['cannot be woken', () => Promise.reject(new Error('no more signals for this workflow'))],
  ['takes too long to wake', () => new Promise(() => {})],
])('a workflow that %s does not keep others from being woken', (_how, fail) => {
  test('among orders that lost their workflow', async () => {
    const orders = [];
    for (let count = 0; count < 4; count += 1) {
      orders.push(await buildOrder(shop.database, { stage: 'surplus' }));
    }
    const { sweep, metrics } = buildSweep();
    let stuck: string | undefined;
    const { context, woken, warnings } = buildTemporal(async (workflowId) => {
      stuck ??= workflowId;
      if (workflowId === stuck) await fail();
    });

    const count = await asyncLocalStorage.run(context, () => sweep.wakeLostWorkflows());

    expect(count).toBe(3);
    expect(new Set([...woken, stuck])).toEqual(idsOf(orders));
    expect(warnings.map((orderId) => checkoutWorkflowId(String(orderId)))).toEqual([stuck]);
    expect(await wakesOf(metrics)).toBe(3);
  });

  test('among orders that a gateway lists as paid', async () => {
    const orders = [];
    for (let count = 0; count < 3; count += 1) orders.push(await buildOrder(shop.database));
    const payments = orders.map(({ attempt }) => ({ authority: attempt.authority!, amount: attempt.amount }));
    const { sweep } = buildSweep({
      zarinpal: { list: async () => ({ kind: 'listed', payments, unreadable: 0, nearLimit: false }) },
    });
    let stuck: string | undefined;
    const { context, woken } = buildTemporal(async (workflowId) => {
      stuck ??= workflowId;
      if (workflowId === stuck) await fail();
    });

    const result = await asyncLocalStorage.run(context, () => sweep.wakeUnsettledPayments());

    expect(result).toEqual({ listed: 3, woken: 2 });
    expect(new Set([...woken, stuck])).toEqual(idsOf(orders));
  });
});
