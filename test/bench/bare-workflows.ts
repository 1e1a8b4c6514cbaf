import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';

import { WithStartWorkflowOperation, type Client } from '@temporalio/client';

import { bareCallback, barePlace, bareWorkflow } from './bare';
import { closedLoop, Stopwatch } from './closed-loop';
import type { Round } from './report';

/** Starts the worker of the bare workflow; it ends with this process. */
export async function startBareWorker(address: string, namespace: string): Promise<ChildProcess> {
  const worker = fork(join(__dirname, 'bare-worker.js'), ['--address', address, '--namespace', namespace]);
  const failed = once(worker, 'exit').then(() => {
    throw new Error('the worker of the bare workflow did not start');
  });
  await Promise.race([once(worker, 'message'), failed]);
  failed.catch(() => {});
  return worker;
}

/** The yardstick: what server and worker achieve when the steps do nothing. */
export async function runBareWorkflows(client: Client, clients: number, count: number): Promise<Round> {
  const place = new Stopwatch();
  const settle = new Stopwatch();
  const loop = await closedLoop(clients, count, async () => {
    const workflowId = `bare:${randomUUID()}`;
    await place.time(() =>
      client.workflow.executeUpdateWithStart(barePlace, {
        updateId: 'place',
        startWorkflowOperation: new WithStartWorkflowOperation(bareWorkflow, {
          workflowId,
          taskQueue: 'checkout',
          args: [],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowTaskTimeout: '5 seconds',
        }),
      }),
    );
    await settle.time(() =>
      client.workflow.getHandle(workflowId).executeUpdate(bareCallback, { updateId: randomUUID() }),
    );
  });
  return { ...loop, place: place.times, settle: settle.times };
}
