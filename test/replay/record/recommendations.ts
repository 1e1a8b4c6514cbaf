import { afterAll, beforeAll, test } from 'vitest';

import { createRecommendationCalls } from '../../../temporal/recommendations';
import { CUSTOMER_QUEUE } from '../../../workflows/customers/number-change.contract';
import {
  RECOMMENDATIONS_WORKFLOW,
  recommendationsRun,
} from '../../../workflows/recommendations/recommendations.contract';
import { fillBaskets } from '../../support/factories/baskets';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory, runOf } from '../history-files';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('all are computed, in two parts of the products', async () => {
  await fillBaskets(shop.database, { products: 1_200, orders: 500, pairs: 10 });
  await createRecommendationCalls(shop.temporal, 60_000).start();
  const handle = shop.temporal.workflow.getHandle(recommendationsRun().workflowId);
  await handle.result();
  keepHistory('computed', await handle.fetchHistory());
});

test('a run that is a job, with its row', async () => {
  keepHistory('as-job', await runOf(shop.temporal, RECOMMENDATIONS_WORKFLOW, CUSTOMER_QUEUE));
});
