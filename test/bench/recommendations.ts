import type { DataSource } from 'typeorm';

import { createRecommendationActivities } from '../../activities/recommendations/recommendations.activities';
import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DatabaseConfig } from '../../platform/config/database';
import { openPostgres } from '../../platform/postgres';
import { fillBaskets } from '../support/factories/baskets';
import { rows } from '../support/sql';
import { databaseUrl, statement } from '../support/templates';

const BASKETS = { products: 5_000, orders: 100_000, pairs: 41 };
const NAME = 'asoud_bench_recommendations';

/** What it costs to compute recommendations, and how well the planted pairs are found. */
export interface MeasuredRecommendations {
  readonly orders: number;
  readonly products: number;
  readonly togetherMs: number;
  readonly similarMs: number;
  readonly pairs: number;
  /** Pairs of which each is the first recommendation of the other. */
  readonly found: number;
}

/** Computes recommendations in a database of their own on this server. */
export async function measureRecommendations(serverUrl: string): Promise<MeasuredRecommendations> {
  await statement(serverUrl, `DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`);
  await statement(serverUrl, `CREATE DATABASE ${NAME}`);
  const database = await openPostgres(
    Object.assign(new DatabaseConfig(), {
      databaseUrl: databaseUrl(serverUrl, NAME),
      databasePoolSize: 2,
      databaseStatementTimeoutMs: 120_000,
    }),
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-bench',
  );
  try {
    await database.runMigrations({ transaction: 'each' });
    await fillBaskets(database, BASKETS);
    return await measure(database);
  } finally {
    await database.destroy();
    await statement(serverUrl, `DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`);
  }
}

async function measure(database: DataSource): Promise<MeasuredRecommendations> {
  const { recommendTogether, recommendSimilar } = createRecommendationActivities(database);
  const begun = performance.now();
  await recommendTogether();
  const together = performance.now();
  for (let after: string | null = null; ;) {
    const { last } = await recommendSimilar({ after });
    if (last === null) break;
    after = last;
  }
  const similar = performance.now();
  const [pairs] = await rows<{ found: number }>(
    database.manager,
    `SELECT count(*)::int AS found FROM generate_series(1, $1::int) AS pair
     WHERE 2 = (
       SELECT count(*) FROM product_recommendations r
         JOIN products p ON p.id = r.product_id JOIN products o ON o.id = r.other_id
       WHERE r.kind = 'together' AND r.rank = 1
         AND (p.slug, o.slug) IN (('b-' || (2 * pair - 1), 'b-' || 2 * pair), ('b-' || 2 * pair, 'b-' || (2 * pair - 1))))`,
    [BASKETS.pairs],
  );
  return {
    ...BASKETS,
    togetherMs: together - begun,
    similarMs: similar - together,
    found: pairs!.found,
  };
}
