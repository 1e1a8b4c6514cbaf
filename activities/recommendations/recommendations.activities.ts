import type { DataSource } from 'typeorm';

import { recommendSimilar } from '../../entities/recommendations/recommend-similar';
import { recommendTogether } from '../../entities/recommendations/recommend-together';
import { withLongTransaction } from '../../platform/long-transaction';
import type { RecommendationSteps } from '../../workflows/recommendations/recommendations.steps';
import { beating } from '../beating';

const PRODUCTS_AT_ONCE = 1_000;
const LIMITS = { statementTimeoutMs: 120_000 };

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
