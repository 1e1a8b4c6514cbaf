import { afterAll, beforeAll, test } from 'vitest';

import {
  CATALOG_IMPORT_SWEEP_WORKFLOW,
  IMPORT_QUEUE,
} from '../../../workflows/imports/catalog-import.contract';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory, runOf } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a sweep that finds nothing', async () => {
  const workflowId = 'recorded-catalog-import-sweep';
  await shop.temporal.workflow.execute(CATALOG_IMPORT_SWEEP_WORKFLOW, {
    workflowId,
    taskQueue: IMPORT_QUEUE,
  });
  keepHistory('nothing-lost', await shop.temporal.workflow.getHandle(workflowId).fetchHistory());
});

test('a run that is a job, with its row', async () => {
  keepHistory('as-job', await runOf(shop.temporal, CATALOG_IMPORT_SWEEP_WORKFLOW, IMPORT_QUEUE));
});
