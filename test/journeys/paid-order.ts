import { expect } from 'vitest';

import { Buyer } from '../support/buyer';
import { buildItem } from '../support/factories/item';
import type { ResetPoint } from '../support/reset-workflow';
import type { Shop } from '../support/shop';
import { workflowOf } from '../support/workflow';

/** How often the gateway was called for these payments, by endpoint; inquiries do not count. */
export async function callsOf(shop: Shop, ...authorities: string[]): Promise<Record<string, number>> {
  const entries = await Promise.all(
    authorities.map((authority) => shop.zarinpal.journal({ authority, kind: 'request' })),
  );
  const counted: Record<string, number> = { request: 0, verify: 0, reverse: 0 };
  for (const { endpoint } of entries.flat()) counted[endpoint!] = (counted[endpoint!] ?? 0) + 1;
  delete counted['inquiry'];
  return counted;
}

/**
 * Holds that resets called the gateway no more often than that: nothing anew, but for a call that was in flight at a point.
 * Temporal itself runs that one again, and its effect happens once.
 */
export function expectNoFurtherCalls(
  calls: Record<string, number>,
  before: Record<string, number>,
  points: readonly ResetPoint[],
): void {
  const inFlight = points.flatMap((point) => point.inFlight);
  for (const [endpoint, count] of Object.entries(before)) {
    const repeated = inFlight.filter((step) => step === `${endpoint}Payment`).length;
    expect(calls[endpoint], endpoint).toBeGreaterThanOrEqual(count);
    expect(calls[endpoint], endpoint).toBeLessThanOrEqual(count + repeated);
  }
}

/** An order of two units that was paid and whose workflow has ended. */
export async function paidOrder(shop: Shop) {
  const buyer = new Buyer(shop);
  const item = await buildItem(shop, { stock: 5 });
  const placed = await buyer.order(item, 2);
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
  await buyer.comeBack(callbackUrl);
  const workflow = workflowOf(shop, placed.order.id);
  await workflow.untilEnded();
  return { buyer, item, placed, workflow, callbackUrl, orderId: placed.order.id };
}
