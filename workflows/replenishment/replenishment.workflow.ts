import { proxyActivities, setHandler, upsertSearchAttributes } from '@temporalio/workflow';

import { SEARCH_ATTRIBUTES } from '../search-attributes.contract';
import { look, type ReplenishmentInput, type ReplenishmentResult } from './replenishment.contract';
import type { ReplenishmentSteps } from './replenishment.steps';

const { decideReplenishment } = proxyActivities<ReplenishmentSteps>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * Decides whether a variant is reordered, and ends. A signal that comes meanwhile makes it look once more, however many came: the
 * position of the rows says all. Waiting for the supplier is the business of the order's own workflow.
 */
export async function replenishment({ variantId }: ReplenishmentInput): Promise<ReplenishmentResult> {
  let isAsked = true;
  setHandler(look, () => {
    isAsked = true;
  });
  const orderIds = new Set<string>();
  let looks = 0;
  while (isAsked) {
    isAsked = false;
    const { sku, orderIds: ordered } = await decideReplenishment({ variantId });
    if (looks === 0 && sku !== null) {
      upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.skus, value: [sku] }]);
    }
    looks += 1;
    for (const orderId of ordered) orderIds.add(orderId);
  }
  return { looks, orderIds: [...orderIds] };
}
