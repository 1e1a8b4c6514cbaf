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
  /** How long activities in flight may continue after a stop was requested. */
  readonly drainTimeMs?: number;
}

/** Creates a worker for each queue. They take tasks once `run` is called. */
export function createWorkers(parts: WorkerParts): Promise<Worker[]> {
  const { connection, namespace, config, activities, workflowBundle, drainTimeMs } = parts;
  return Promise.all(
    (Object.keys(QUEUES) as Queue[]).map((queue) => {
      const options = workerOptions(queue, config, connection, namespace, drainTimeMs);
      return Worker.create({ ...options, activities, workflowBundle });
    }),
  );
}
