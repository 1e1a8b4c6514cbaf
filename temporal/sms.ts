import type { Client } from '@temporalio/client';

import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of the workflows of messages. */
export interface SmsDeliveryCalls {
  /** Starts the workflow of a message, or finds that it runs. */
  start(messageId: string): Promise<CallResult<void>>;
  /** Tells the workflow that a report was stored. */
  reportArrived(messageId: string): Promise<CallResult<void>>;
}

export function createSmsDeliveryCalls(client: Client, deadlineMs: number): SmsDeliveryCalls {
  const call = <Answer>(send: () => Promise<Answer>) => callWorkflow(client, deadlineMs, send);
  return {
    start: (messageId) =>
      call(async () => {
        await client.workflow.start('smsDelivery', {
          workflowId: `sms:${messageId}`,
          taskQueue: 'sms',
          args: [{ messageId }],
        });
      }),
    reportArrived: (messageId) =>
      call(() => client.workflow.getHandle(`sms:${messageId}`).signal('reportArrived')),
  };
}
