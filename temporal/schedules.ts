import type { ScheduleOptions } from '@temporalio/client';

import {
  CACHE_WARMING_JOB,
  CACHE_WARMING_WORKFLOW,
  type CacheWarmingInput,
} from '../workflows/cache/cache-warming.contract';
import { CAMPAIGN_QUEUE, CAMPAIGN_SWEEP_WORKFLOW } from '../workflows/campaigns/campaign.contract';
import { CUSTOMER_QUEUE } from '../workflows/customers/number-change.contract';
import { CATALOG_IMPORT_SWEEP_WORKFLOW, IMPORT_QUEUE } from '../workflows/imports/catalog-import.contract';
import { JOB_QUEUE, JOB_WORKFLOW, type JobInput, type PlainJob } from '../workflows/jobs/job.contract';
import { PAYMENT_QUEUE, PAYMENT_SWEEP_WORKFLOW } from '../workflows/payments/payment-sweep.contract';
import { PICTURE_QUEUE, PICTURE_SWEEP_WORKFLOW } from '../workflows/pictures/picture.contract';
import { PURCHASING_QUEUE } from '../workflows/purchasing/purchase-order.contract';
import { PURCHASING_SWEEP_WORKFLOW } from '../workflows/purchasing/purchasing-sweep.contract';
import { RECOMMENDATIONS_WORKFLOW } from '../workflows/recommendations/recommendations.contract';
import { REPLENISHMENT_QUEUE } from '../workflows/replenishment/replenishment.contract';
import {
  LOW_STOCK_SCAN_WORKFLOW,
  REPLENISHMENT_UPKEEP_WORKFLOW,
} from '../workflows/replenishment/upkeep.contract';
import { SMS_QUEUE } from '../workflows/sms/sms-delivery.contract';
import { SMS_SWEEP_WORKFLOW } from '../workflows/sms/sms-sweep.contract';
import { dailyAt, every, hourlyAt, scheduleOf, type Job } from './jobs';

const MINUTE_MS = 60_000;

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
      id: 'campaign-sweep',
      when: every(MINUTE_MS),
      workflow: CAMPAIGN_SWEEP_WORKFLOW,
      queue: CAMPAIGN_QUEUE,
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary: 'Finds campaigns by SMS without a workflow',
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
    {
      id: 'picture-sweep',
      when: every(10 * MINUTE_MS),
      workflow: PICTURE_SWEEP_WORKFLOW,
      queue: PICTURE_QUEUE,
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary: 'Gives up uploads that nobody completed, and finds pictures without a workflow',
    },
    {
      id: 'catalog-import-sweep',
      when: every(5 * MINUTE_MS),
      workflow: CATALOG_IMPORT_SWEEP_WORKFLOW,
      queue: IMPORT_QUEUE,
      atMost: '5 minutes',
      catchUp: '5 minutes',
      summary: 'Finds long imports of the catalogue without a workflow',
    },
    {
      id: CACHE_WARMING_JOB,
      when: every(10 * MINUTE_MS),
      workflow: CACHE_WARMING_WORKFLOW,
      args: [{ reason: 'schedule' } satisfies CacheWarmingInput],
      queue: JOB_QUEUE,
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary: 'Warms the cache with the public answers that are asked for most',
    },
    plain({
      id: 'listed-prices',
      when: every(MINUTE_MS),
      atMost: '5 minutes',
      catchUp: '5 minutes',
      summary: 'Lists products again whose planned prices have begun or ended',
    }),
    plain({
      id: 'switched-locations',
      when: every(MINUTE_MS),
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary: 'Tells the public what can be bought after a large location was switched on or off',
    }),
    plain({
      id: 'hold-audit',
      when: every(5 * MINUTE_MS),
      atMost: '5 minutes',
      catchUp: '5 minutes',
      summary: 'Compares holds, stock levels and sales, and alerts when they differ',
    }),
    plain({
      id: 'cart-abandonment',
      when: every(15 * MINUTE_MS),
      atMost: '15 minutes',
      catchUp: '15 minutes',
      summary: 'Reminds customers who allow it of carts that they have left',
    }),
    {
      id: 'recommendations',
      when: dailyAt(2, 0),
      workflow: RECOMMENDATIONS_WORKFLOW,
      queue: CUSTOMER_QUEUE,
      atMost: '1 hour',
      catchUp: '12 hours',
      summary: 'Computes which products are bought together and which are similar',
    },
    plain({
      id: 'database-maintenance',
      when: dailyAt(3, 30),
      atMost: '1 hour',
      catchUp: '1 hour',
      summary: 'Renews statistics, rebuilds indexes, and reports slow statements',
    }),
    plain({
      id: 'attachment-sweep',
      when: every(10 * MINUTE_MS),
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary:
        'Gives up attachments that nobody sent within an hour, and removes what serves nothing any more',
    }),
    plain({
      id: 'ticket-sweep',
      when: every(MINUTE_MS),
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary: 'Finds tickets of which something is overdue, and wakes their workflows',
    }),
    plain({
      id: 'analytics-rollup',
      when: every(5 * MINUTE_MS),
      atMost: '10 minutes',
      catchUp: '10 minutes',
      summary: 'Counts the figures of today and of the last days',
    }),
    plain({
      id: 'retention',
      when: dailyAt(4, 0),
      atMost: '1 hour',
      catchUp: '12 hours',
      summary: 'Removes what is no longer needed: old events, keys, sessions, carts, messages and more',
    }),
  ];
}

/** A job that is one step. */
function plain(job: Pick<Job, 'when' | 'atMost' | 'catchUp' | 'summary'> & { readonly id: PlainJob }): Job {
  const input: JobInput = { job: job.id };
  return { ...job, workflow: JOB_WORKFLOW, args: [input], queue: JOB_QUEUE };
}

/** The schedules of all jobs. */
export const shopSchedules = (settings: ScheduleSettings): ScheduleOptions[] =>
  shopJobs(settings).map(scheduleOf);
