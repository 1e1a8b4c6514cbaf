import type { Client } from '@temporalio/client';

import type { SmsDeliveryConfig } from '../platform/config/sms-delivery';
import {
  deliveryOf,
  SMS_DELIVERY_WORKFLOW,
  wake,
  type SmsDeliveryInput,
  type SmsDeliveryResult,
  type SmsDeliveryTiming,
} from '../workflows/sms/sms-delivery.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of the workflows of messages. The rows come first: what a call misses, the sweep finds. */
export interface SmsDeliveryCalls {
  /** Starts the workflow of a stored message. Harmless for one that runs. */
  start(messageId: string): Promise<CallResult<void>>;
  /** Tells the workflow of a stored report. Starts one for a message whose workflow is over. */
  reportArrived(messageId: string): Promise<CallResult<void>>;
}

/** When a notice without an answer is looked for: lists of providers may be some seconds behind. */
const FIND_AFTER_MS = [0, 5_000, 20_000, 60_000, 180_000];

/** The durations of the workflow, from the configuration. */
export function smsTiming({ smsRetryFirstMs, smsRetryMostMs }: SmsDeliveryConfig): SmsDeliveryTiming {
  return { retryFirstMs: smsRetryFirstMs, retryMostMs: smsRetryMostMs, findAfterMs: FIND_AFTER_MS };
}

/** @param deadlineMs how long a caller waits */
export function createSmsDeliveryCalls(
  client: Client,
  timing: SmsDeliveryTiming,
  deadlineMs: number,
): SmsDeliveryCalls {
  type Workflow = (input: SmsDeliveryInput) => Promise<SmsDeliveryResult>;
  return {
    start: (messageId) =>
      callWorkflow(client, deadlineMs, async () => {
        await client.workflow.start<Workflow>(SMS_DELIVERY_WORKFLOW, deliveryOf(messageId, timing));
      }),
    reportArrived: (messageId) =>
      callWorkflow(client, deadlineMs, async () => {
        await client.workflow.signalWithStart<Workflow>(SMS_DELIVERY_WORKFLOW, {
          ...deliveryOf(messageId, timing),
          signal: wake,
        });
      }),
  };
}
