import { getClient } from '@temporalio/activity';

import { noteStockCrossings } from '../../entities/stock-alerts/note-crossings';
import { tellOfStock } from '../../entities/stock-alerts/tell-of-stock';
import type { StockAlertSteps } from '../../workflows/inventory/stock-alert.steps';
import {
  deliveryOf,
  SMS_DELIVERY_WORKFLOW,
  type SmsDeliveryTiming,
} from '../../workflows/sms/sms-delivery.contract';
import type { Steps } from '../step';

const START_LIMIT_MS = 5_000;

/** What the steps of alerts need to know. */
export interface StockAlertSettings {
  /** For the workflows of messages. */
  readonly timing: SmsDeliveryTiming;
  /** The present. Customers are not told at night. */
  readonly clock: () => Date;
}

/** The steps of alerts of stock. */
export function createStockAlertActivities(
  { step }: Steps,
  { timing, clock }: StockAlertSettings,
): StockAlertSteps {
  return {
    noteStockCrossings: step(noteStockCrossings),
    tellOfStock: step((transaction, { variantId }) => tellOfStock(transaction, { variantId, now: clock() })),
    /** Of a workflow that runs or is over, nothing changes. What cannot be started, the sweep of messages finds. */
    async startStockMessages({ messageIds }) {
      const client = getClient();
      for (const messageId of messageIds)
        await client.withDeadline(Date.now() + START_LIMIT_MS, () =>
          client.workflow.start(SMS_DELIVERY_WORKFLOW, deliveryOf(messageId, timing)),
        );
    },
  };
}
