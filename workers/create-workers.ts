import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';

import type { WorkerConfig } from '../platform/config/worker';
import { QUEUES, type Queue } from '../temporal/queues';
import { workerOptions } from '../temporal/worker-options';

export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly config: WorkerConfig;
  readonly activities: object;
  readonly workflowBundle: WorkflowBundleOption;
  /** For how long steps in flight may go on after a stop was asked for. */
  readonly drainTimeMs?: number;
}

/** A worker for each queue. They begin to work when they are run. */
export function createWorkers(parts: WorkerParts): Promise<Worker[]> {
  const { connection, namespace, config, activities, workflowBundle, drainTimeMs } = parts;
  return Promise.all(
    (Object.keys(QUEUES) as Queue[]).map((queue) => {
      const options = workerOptions(queue, config, connection, namespace, drainTimeMs);
      return Worker.create({ ...options, activities, workflowBundle });
    }),
  );
}
