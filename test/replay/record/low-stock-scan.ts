import { afterAll, beforeAll, test } from 'vitest';

import { REPLENISHMENT_QUEUE } from '../../../workflows/replenishment/replenishment.contract';
import { LOW_STOCK_SCAN_WORKFLOW } from '../../../workflows/replenishment/upkeep.contract';
import { buildPolicy } from '../../support/factories/policies';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory, runOf } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a scan that has a need looked at', async () => {
  const { id } = await buildStockedVariant(shop.database, { stock: 1 });
  await buildPolicy(shop.database, id);
  const workflowId = 'recorded-scan';
  await shop.temporal.workflow.execute(LOW_STOCK_SCAN_WORKFLOW, {
    workflowId,
    taskQueue: REPLENISHMENT_QUEUE,
  });
  keepHistory('asked', await shop.temporal.workflow.getHandle(workflowId).fetchHistory());
});

test('a run that is a job, with its row', async () => {
  keepHistory('as-job', await runOf(shop.temporal, LOW_STOCK_SCAN_WORKFLOW, REPLENISHMENT_QUEUE));
});
