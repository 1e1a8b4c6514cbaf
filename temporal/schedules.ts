import { ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client';

import { PAYMENT_QUEUE, PAYMENT_SWEEP_WORKFLOW } from '../workflows/payments/payment-sweep.contract';

/** What schedules take from the configuration. */
export interface ScheduleSettings {
  readonly sweepEveryMs: number;
}

/**
 * Every schedule of the shop. A new schedule is an entry here; set-up brings it about. Overlap, catch-up window and time zone
 * are always explicit, because their defaults surprise.
 */
export function shopSchedules({ sweepEveryMs }: ScheduleSettings): ScheduleOptions[] {
  return [
    {
      scheduleId: 'payment-sweep',
      spec: { intervals: [{ every: sweepEveryMs }], timezone: 'Asia/Tehran' },
      action: {
        type: 'startWorkflow',
        workflowType: PAYMENT_SWEEP_WORKFLOW,
        workflowId: 'payment-sweep',
        taskQueue: PAYMENT_QUEUE,
        workflowRunTimeout: '10 minutes',
        staticSummary: 'Finds lost callbacks and orders without a workflow',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
    },
  ];
}
