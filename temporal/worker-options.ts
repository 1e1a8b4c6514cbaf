import type { NativeConnection, WorkerOptions } from '@temporalio/worker';

import { RuntimeConfig } from '../platform/config/runtime';
import type { WorkerConfig } from '../platform/config/worker';
import { CHECKOUT_QUEUE } from '../workflows/checkout/checkout.contract';
import { PAYMENT_QUEUE } from '../workflows/payments/payment-sweep.contract';

/** The queues that workers serve. */
export const QUEUES = [CHECKOUT_QUEUE, PAYMENT_QUEUE] as const;
export type Queue = (typeof QUEUES)[number];

/** Calls of gateways by sweeps, per second and over all workers: they must never use up what a gateway grants buyers. */
const SWEEP_CALLS_PER_SECOND = 5;

/** What does not end when it is told to at the end of the drain time is given so long before it is left behind. */
const LAST_CHANCE_MS = 5_000;

/**
 * How a queue is worked on. A worker that dies costs the workflows it kept in memory one second (the sticky queue's time-out)
 * before another takes them over; one that stops is given time to finish what it began.
 *
 * @param drainTimeMs how long that time is; the process must grant a little more
 */
export function workerOptions(
  queue: Queue,
  config: WorkerConfig,
  connection: NativeConnection,
  namespace: string,
  drainTimeMs: number = new RuntimeConfig().drainTimeMs,
): Omit<WorkerOptions, 'activities' | 'workflowBundle' | 'workflowsPath'> {
  const shared = {
    connection,
    namespace,
    taskQueue: queue,
    stickyQueueScheduleToStartTimeout: '1 second',
    shutdownGraceTime: drainTimeMs,
    shutdownForceTime: drainTimeMs + LAST_CHANCE_MS,
    reuseV8Context: true,
  } as const;
  if (queue === PAYMENT_QUEUE) {
    return {
      ...shared,
      maxConcurrentWorkflowTaskExecutions: 4,
      maxConcurrentActivityTaskExecutions: 4,
      maxCachedWorkflows: 10,
      maxTaskQueueActivitiesPerSecond: SWEEP_CALLS_PER_SECOND,
    };
  }
  return {
    ...shared,
    maxConcurrentWorkflowTaskExecutions: config.workerWorkflowSlots,
    maxConcurrentActivityTaskExecutions: config.workerActivitySlots,
    maxConcurrentLocalActivityExecutions: config.workerLocalActivitySlots,
    maxCachedWorkflows: config.workerCachedWorkflows,
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 1, maximum: 100, initial: 5 },
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, maximum: 100, initial: 5 },
  };
}
