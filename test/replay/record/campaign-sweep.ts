import { afterAll, beforeAll, test } from 'vitest';

import { CAMPAIGN_SWEEP_WORKFLOW, CAMPAIGN_QUEUE } from '../../../workflows/campaigns/campaign.contract';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory, runOf } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a sweep that finds nothing', async () => {
  const workflowId = 'recorded-campaign-sweep';
  await shop.temporal.workflow.execute(CAMPAIGN_SWEEP_WORKFLOW, {
    workflowId,
    taskQueue: CAMPAIGN_QUEUE,
  });
  keepHistory('nothing-lost', await shop.temporal.workflow.getHandle(workflowId).fetchHistory());
});

test('a run that is a job, with its row', async () => {
  keepHistory('as-job', await runOf(shop.temporal, CAMPAIGN_SWEEP_WORKFLOW, CAMPAIGN_QUEUE));
});
