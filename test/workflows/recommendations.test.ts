import { afterAll, beforeAll, expect, test } from 'vitest';

import { createRecommendationCalls } from '../../temporal/recommendations';
import {
  recommendationsRun,
  type RecommendationsResult,
} from '../../workflows/recommendations/recommendations.contract';
import { fillBaskets } from '../support/factories/baskets';
import { rows } from '../support/sql';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a computation goes through all products in parts, and survives a lost answer of each step', async () => {
  await fillBaskets(shop.database, { products: 1_200, orders: 500, pairs: 10 });
  for (const step of ['recommendTogether', 'recommendSimilar'] as const)
    shop.after.set(step, () => {
      shop.after.delete(step);
      throw new Error('the answer is lost');
    });
  const calls = createRecommendationCalls(shop.temporal, 60_000);
  await Promise.all([calls.start(), calls.start()]);
  const result = (await shop.temporal.workflow
    .getHandle(recommendationsRun().workflowId)
    .result()) as RecommendationsResult;

  const stored = await rows<{ kind: string; stored: number; products: number }>(
    shop.database.manager,
    `SELECT kind, count(*)::int AS stored, count(DISTINCT product_id)::int AS products
     FROM product_recommendations GROUP BY kind ORDER BY kind`,
  );
  expect(stored).toEqual([
    { kind: 'similar', stored: result.similar, products: 1_200 },
    { kind: 'together', stored: result.together, products: expect.any(Number) as number },
  ]);
});
