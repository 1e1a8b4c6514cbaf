import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, test } from 'vitest';

import { PURCHASING_QUEUE } from '../../../workflows/purchasing/purchase-order.contract';
import { PURCHASING_SWEEP_WORKFLOW } from '../../../workflows/purchasing/purchasing-sweep.contract';
import { buildRunningOrder } from '../../workflows/purchase-orders';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory, runOf } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a sweep that starts the workflow of an order', async () => {
  await buildRunningOrder(shop, { starts: false });
  const handle = await shop.temporal.workflow.start(PURCHASING_SWEEP_WORKFLOW, {
    workflowId: randomUUID(),
    taskQueue: PURCHASING_QUEUE,
  });
  await handle.result();
  keepHistory('starts-what-is-lost', await handle.fetchHistory());
});

test('a run that is a job, with its row', async () => {
  keepHistory('as-job', await runOf(shop.temporal, PURCHASING_SWEEP_WORKFLOW, PURCHASING_QUEUE));
});
