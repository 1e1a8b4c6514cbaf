import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';

import { look, type StockAlertInput } from './stock-alert.contract';
import type { StockAlertSteps } from './stock-alert.steps';

const { noteStockCrossings, tellOfStock, startStockMessages } = proxyActivities<StockAlertSteps>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * Tells people that a variant's stock is low, out or back. The rows say who is to hear of what. It ends when nobody waits for
 * what can be bought now; the next change of stock starts it again.
 */
export async function stockAlert({ variantId }: StockAlertInput): Promise<void> {
  let hasChanged = false;
  setHandler(look, () => {
    hasChanged = true;
  });
  for (;;) {
    hasChanged = false;
    await noteStockCrossings({ variantId });
    const { messageIds, lookAgainInMs } = await tellOfStock({ variantId });
    if (messageIds.length > 0) await startStockMessages({ messageIds });
    if (!hasChanged) {
      if (lookAgainInMs === null) return;
      if (lookAgainInMs > 0) await condition(() => hasChanged, lookAgainInMs);
    }
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof stockAlert>({ variantId });
  }
}
