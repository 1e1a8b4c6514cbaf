import { afterAll, beforeAll, test } from 'vitest';

import { PICTURE_QUEUE, PICTURE_SWEEP_WORKFLOW } from '../../../workflows/pictures/picture.contract';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

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
