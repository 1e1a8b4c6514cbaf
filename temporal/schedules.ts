import type { ScheduleOptions } from '@temporalio/client';

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
import { dailyAt, every, hourlyAt, scheduleOf, type Job } from './jobs';

/** What schedules take from the configuration. */
export interface ScheduleSettings {
  readonly sweepEveryMs: number;
  readonly smsSweepEveryMs: number;
}

/** Every recurring job of the shop. A new one is an entry here; set-up brings its schedule about. */
export function shopJobs({ sweepEveryMs, smsSweepEveryMs }: ScheduleSettings): Job[] {
  return [
    {
      id: 'payment-sweep',
      when: every(sweepEveryMs),
      workflow: PAYMENT_SWEEP_WORKFLOW,
      queue: PAYMENT_QUEUE,
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary: 'Finds lost callbacks and orders without a workflow',
    },
    {
      id: 'sms-sweep',
      when: every(smsSweepEveryMs),
      workflow: SMS_SWEEP_WORKFLOW,
      queue: SMS_QUEUE,
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary: 'Finds messages without a workflow, erases old codes, reads the credit at SMS providers',
    },
    {
      id: 'purchasing-sweep',
      when: every(60_000),
      workflow: PURCHASING_SWEEP_WORKFLOW,
      queue: PURCHASING_QUEUE,
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary: 'Finds purchase orders without a workflow, and replies that nobody has read',
    },
    {
      id: 'replenishment-upkeep',
      when: dailyAt(0, 30),
      workflow: REPLENISHMENT_UPKEEP_WORKFLOW,
      queue: REPLENISHMENT_QUEUE,
      atMost: '4 hours',
      catchUp: '12 hours',
      summary: 'Rolls up demand and computes when each variant is reordered',
    },
    {
      id: 'low-stock-scan',
      when: hourlyAt(15),
      workflow: LOW_STOCK_SCAN_WORKFLOW,
      queue: REPLENISHMENT_QUEUE,
      atMost: '50 minutes',
      catchUp: '1 hour',
      summary: 'Finds needs that no event has told',
    },
  ];
}

/** The schedules of all jobs. */
export const shopSchedules = (settings: ScheduleSettings): ScheduleOptions[] =>
  shopJobs(settings).map(scheduleOf);
