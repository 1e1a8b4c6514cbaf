import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, test } from 'vitest';

import { JOB_QUEUE, JOB_WORKFLOW, type JobInput } from '../../../workflows/jobs/job.contract';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

const start = (workflowId: string) =>
  shop.temporal.workflow.start(JOB_WORKFLOW, {
    workflowId,
    taskQueue: JOB_QUEUE,
    args: [{ job: 'listed-prices' } satisfies JobInput],
  });

test('a job that is done', async () => {
  const handle = await start('recorded-job');
  await handle.result();
  keepHistory('done', await handle.fetchHistory());
});

test('a job that fails', async () => {
  shop.before.set('doJob', () => {
    throw ApplicationFailure.nonRetryable('no space left');
  });
  const handle = await start('recorded-failed-job');
  await handle.result().catch(() => undefined);
  keepHistory('failed', await handle.fetchHistory());
});
