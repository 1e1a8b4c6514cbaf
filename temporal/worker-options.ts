import type { NativeConnection, WorkerOptions } from '@temporalio/worker';

import { RuntimeConfig } from '../platform/config/runtime';
import type { WorkerConfig } from '../platform/config/worker';
import { QUEUES, type Queue } from './queues';

/** How much longer than the drain time a step may run before the worker leaves it behind. */
const LAST_CHANCE_MS = 5_000;

/**
 * The options of a queue's worker. When a worker dies, another one takes over its cached workflows after one second (the
 * sticky queue's time-out). A worker that stops first finishes what it began.
 *
 * @param drainTimeMs how long it may take for that; the process must grant a little more
 */
export function workerOptions(
  queue: Queue,
  config: WorkerConfig,
  connection: NativeConnection,
  namespace: string,
  drainTimeMs: number = new RuntimeConfig().drainTimeMs,
): Omit<WorkerOptions, 'activities' | 'workflowBundle' | 'workflowsPath'> {
  return {
    connection,
    namespace,
    taskQueue: queue,
    stickyQueueScheduleToStartTimeout: '1 second',
    shutdownGraceTime: drainTimeMs,
    shutdownForceTime: drainTimeMs + LAST_CHANCE_MS,
    reuseV8Context: true,
    ...(QUEUES[queue](config) satisfies Partial<WorkerOptions>),
  };
}
