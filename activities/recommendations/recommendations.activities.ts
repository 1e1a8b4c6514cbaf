import { heartbeat } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { recommendSimilar } from '../../entities/recommendations/recommend-similar';
import { recommendTogether } from '../../entities/recommendations/recommend-together';
import { withLongTransaction } from '../../platform/long-transaction';
import type { RecommendationSteps } from '../../workflows/recommendations/recommendations.steps';

const PRODUCTS_AT_ONCE = 1_000;
const LIMITS = { statementTimeoutMs: 120_000 };
const HEARTBEAT_MS = 5_000;

/** The steps that compute recommendations. Nothing that they lock is needed by anybody else. */
export function createRecommendationActivities(database: DataSource): RecommendationSteps {
  return {
    recommendTogether: () => beating(() => withLongTransaction(database, LIMITS, recommendTogether)),
    recommendSimilar: ({ after }) =>
      beating(() =>
        withLongTransaction(database, LIMITS, (transaction) =>
          recommendSimilar(transaction, { after, products: PRODUCTS_AT_ONCE }),
        ),
      ),
  };
}

/** A step whose worker was killed is given to another one soon, however long it may take. */
async function beating<Result>(work: () => Promise<Result>): Promise<Result> {
  const beat = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
