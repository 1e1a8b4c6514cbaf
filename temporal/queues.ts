import type { WorkerOptions } from '@temporalio/worker';

import type { WorkerConfig } from '../platform/config/worker';
import { CAMPAIGN_QUEUE } from '../workflows/campaigns/campaign.contract';
import { CHECKOUT_QUEUE } from '../workflows/checkout/checkout.contract';
import { CUSTOMER_QUEUE } from '../workflows/customers/number-change.contract';
import { IMPORT_QUEUE } from '../workflows/imports/catalog-import.contract';
import { JOB_QUEUE } from '../workflows/jobs/job.contract';
import { NOTIFICATION_QUEUE } from '../workflows/notifications/notify.contract';
import { PAYMENT_QUEUE } from '../workflows/payments/payment-sweep.contract';
import { PICTURE_QUEUE } from '../workflows/pictures/picture.contract';
import { PURCHASING_QUEUE } from '../workflows/purchasing/purchase-order.contract';
import { REPLENISHMENT_QUEUE } from '../workflows/replenishment/replenishment.contract';
import { SMS_QUEUE } from '../workflows/sms/sms-delivery.contract';
import { VERIFICATION_QUEUE } from '../workflows/verification/verification.contract';

/** Sweeps' calls of gateways per second, over all workers: they must never use up what a gateway grants to buyers. */
const SWEEP_CALLS_PER_SECOND = 5;

/** Calls of SMS providers per second, over all workers. More wait for their turn. */
const SMS_CALLS_PER_SECOND = 100;

/** Every queue that workers serve, with what its workers do at once. A new queue is a line here. */
export const QUEUES = {
  [CHECKOUT_QUEUE]: (config: WorkerConfig) => ({
    maxConcurrentWorkflowTaskExecutions: config.workerWorkflowSlots,
    maxConcurrentActivityTaskExecutions: config.workerActivitySlots,
    maxConcurrentLocalActivityExecutions: config.workerLocalActivitySlots,
    maxCachedWorkflows: config.workerCachedWorkflows,
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 1, maximum: 100, initial: 5 },
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, maximum: 100, initial: 5 },
  }),
  [PAYMENT_QUEUE]: () => ({
    maxConcurrentWorkflowTaskExecutions: 4,
    maxConcurrentActivityTaskExecutions: 4,
    maxCachedWorkflows: 10,
    maxTaskQueueActivitiesPerSecond: SWEEP_CALLS_PER_SECOND,
  }),
  [CUSTOMER_QUEUE]: () => ({
    maxConcurrentWorkflowTaskExecutions: 4,
    maxConcurrentActivityTaskExecutions: 4,
    maxCachedWorkflows: 10,
  }),
  // A large picture costs a second of a core and 200 MB.
  [PICTURE_QUEUE]: () => ({
    maxConcurrentWorkflowTaskExecutions: 4,
    maxConcurrentActivityTaskExecutions: 2,
    maxCachedWorkflows: 10,
  }),
  [IMPORT_QUEUE]: () => ({
    maxConcurrentWorkflowTaskExecutions: 4,
    maxConcurrentActivityTaskExecutions: 2,
    maxCachedWorkflows: 10,
  }),
  [REPLENISHMENT_QUEUE]: () => ({
    maxConcurrentWorkflowTaskExecutions: 4,
    maxConcurrentActivityTaskExecutions: 4,
    maxCachedWorkflows: 50,
  }),
  [PURCHASING_QUEUE]: () => ({
    maxConcurrentWorkflowTaskExecutions: 10,
    maxConcurrentActivityTaskExecutions: 10,
    maxCachedWorkflows: 100,
  }),
  [NOTIFICATION_QUEUE]: () => ({
    maxConcurrentWorkflowTaskExecutions: 10,
    maxConcurrentActivityTaskExecutions: 10,
    maxCachedWorkflows: 100,
  }),
  // A step at a time of a few campaigns: what a person waits for goes first.
  [CAMPAIGN_QUEUE]: () => ({
    maxConcurrentWorkflowTaskExecutions: 2,
    maxConcurrentActivityTaskExecutions: 2,
    maxCachedWorkflows: 20,
  }),
  [JOB_QUEUE]: () => ({
    maxConcurrentWorkflowTaskExecutions: 4,
    maxConcurrentActivityTaskExecutions: 4,
    maxCachedWorkflows: 10,
  }),
  [SMS_QUEUE]: (config: WorkerConfig) => ({
    maxConcurrentWorkflowTaskExecutions: config.workerWorkflowSlots,
    maxConcurrentActivityTaskExecutions: config.workerActivitySlots,
    maxConcurrentLocalActivityExecutions: config.workerLocalActivitySlots,
    maxCachedWorkflows: config.workerCachedWorkflows,
    maxTaskQueueActivitiesPerSecond: SMS_CALLS_PER_SECOND,
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 1, maximum: 20, initial: 2 },
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, maximum: 20, initial: 2 },
  }),
  // Somebody waits in front of a page for each of these. Many notices at once would hold them up in the queue of SMS, and its
  // limit of calls a second would slow their steps.
  [VERIFICATION_QUEUE]: (config: WorkerConfig) => ({
    maxConcurrentWorkflowTaskExecutions: config.workerWorkflowSlots,
    maxConcurrentActivityTaskExecutions: config.workerActivitySlots,
    maxConcurrentLocalActivityExecutions: config.workerLocalActivitySlots,
    maxCachedWorkflows: config.workerCachedWorkflows,
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 1, maximum: 20, initial: 2 },
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, maximum: 5, initial: 1 },
  }),
} satisfies Readonly<Record<string, (config: WorkerConfig) => Partial<WorkerOptions>>>;

export type Queue = keyof typeof QUEUES;
