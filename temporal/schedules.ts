import { ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client';

import { PAYMENT_QUEUE, PAYMENT_SWEEP_WORKFLOW } from '../workflows/payments/payment-sweep.contract';
import { PURCHASING_QUEUE } from '../workflows/purchasing/purchase-order.contract';
import { PURCHASING_SWEEP_WORKFLOW } from '../workflows/purchasing/purchasing-sweep.contract';
import { REPLENISHMENT_QUEUE } from '../workflows/replenishment/replenishment.contract';
import {
  LOW_STOCK_SCAN_WORKFLOW,
  REPLENISHMENT_UPKEEP_WORKFLOW,
} from '../workflows/replenishment/upkeep.contract';
import { SMS_QUEUE } from '../workflows/sms/sms-delivery.contract';
import { SMS_SWEEP_WORKFLOW } from '../workflows/sms/sms-sweep.contract';

/** What schedules take from the configuration. */
export interface ScheduleSettings {
  readonly sweepEveryMs: number;
  readonly smsSweepEveryMs: number;
}

/**
 * Every schedule of the shop. A new schedule is an entry here; set-up brings it about. Overlap, catch-up window and time zone
 * are always explicit, because their defaults surprise.
 */
export function shopSchedules({ sweepEveryMs, smsSweepEveryMs }: ScheduleSettings): ScheduleOptions[] {
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
    {
      scheduleId: 'sms-sweep',
      spec: { intervals: [{ every: smsSweepEveryMs }], timezone: 'Asia/Tehran' },
      action: {
        type: 'startWorkflow',
        workflowType: SMS_SWEEP_WORKFLOW,
        workflowId: 'sms-sweep',
        taskQueue: SMS_QUEUE,
        workflowRunTimeout: '10 minutes',
        staticSummary:
          'Finds messages without a workflow, erases old codes, reads the credit at SMS providers',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
    },
    {
      scheduleId: 'purchasing-sweep',
      spec: { intervals: [{ every: '1 minute' }], timezone: 'Asia/Tehran' },
      action: {
        type: 'startWorkflow',
        workflowType: PURCHASING_SWEEP_WORKFLOW,
        workflowId: 'purchasing-sweep',
        taskQueue: PURCHASING_QUEUE,
        workflowRunTimeout: '10 minutes',
        staticSummary: 'Finds purchase orders without a workflow, and replies that nobody has read',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
    },
    {
      scheduleId: 'replenishment-upkeep',
      spec: { calendars: [{ hour: 0, minute: 30 }], timezone: 'Asia/Tehran' },
      action: {
        type: 'startWorkflow',
        workflowType: REPLENISHMENT_UPKEEP_WORKFLOW,
        workflowId: 'replenishment-upkeep',
        taskQueue: REPLENISHMENT_QUEUE,
        workflowRunTimeout: '4 hours',
        staticSummary: 'Rolls up demand and computes when each variant is reordered',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12 hours', pauseOnFailure: false },
    },
    {
      scheduleId: 'low-stock-scan',
      spec: { calendars: [{ hour: '*', minute: 15 }], timezone: 'Asia/Tehran' },
      action: {
        type: 'startWorkflow',
        workflowType: LOW_STOCK_SCAN_WORKFLOW,
        workflowId: 'low-stock-scan',
        taskQueue: REPLENISHMENT_QUEUE,
        workflowRunTimeout: '50 minutes',
        staticSummary: 'Finds needs that no event has told',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour', pauseOnFailure: false },
    },
  ];
}
