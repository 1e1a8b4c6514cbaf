import { afterAll, beforeAll, test } from 'vitest';

import { PICTURE_QUEUE, PICTURE_SWEEP_WORKFLOW } from '../../../workflows/pictures/picture.contract';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory, runOf } from '../history-files';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a sweep that finds nothing', async () => {
  const workflowId = 'recorded-picture-sweep';
  await shop.temporal.workflow.execute(PICTURE_SWEEP_WORKFLOW, { workflowId, taskQueue: PICTURE_QUEUE });
  keepHistory('nothing-lost', await shop.temporal.workflow.getHandle(workflowId).fetchHistory());
});

test('a run that is a job, with its row', async () => {
  keepHistory('as-job', await runOf(shop.temporal, PICTURE_SWEEP_WORKFLOW, PICTURE_QUEUE));
});
