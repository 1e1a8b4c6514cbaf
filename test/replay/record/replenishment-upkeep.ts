import { afterAll, beforeAll, test } from 'vitest';

import { REPLENISHMENT_QUEUE } from '../../../workflows/replenishment/replenishment.contract';
import { REPLENISHMENT_UPKEEP_WORKFLOW } from '../../../workflows/replenishment/upkeep.contract';
import { buildPolicy } from '../../support/factories/policies';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory, runOf } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a night in which a step fails once', async () => {
  const { id } = await buildStockedVariant(shop.database);
  await buildPolicy(shop.database, id);
  let failed = false;
  shop.before.set('computeAllPolicies', () => {
    if (failed) return;
    failed = true;
    throw new Error('the connection was lost');
  });
  const workflowId = 'recorded-upkeep';
  await shop.temporal.workflow.execute(REPLENISHMENT_UPKEEP_WORKFLOW, {
    workflowId,
    taskQueue: REPLENISHMENT_QUEUE,
  });
  keepHistory('computed', await shop.temporal.workflow.getHandle(workflowId).fetchHistory());
});

test('a run that is a job, with its row', async () => {
  keepHistory('as-job', await runOf(shop.temporal, REPLENISHMENT_UPKEEP_WORKFLOW, REPLENISHMENT_QUEUE));
});
