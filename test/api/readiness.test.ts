import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';

import type { Neighbours } from '../../api/dependencies';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { RedisConfig } from '../../platform/config/redis';
import { TemporalConfig } from '../../platform/config/temporal';
import { createLogger } from '../../platform/logger';
import { openPostgres } from '../../platform/postgres';
import { closeRedis, createRedis } from '../../platform/redis';
import { createTemporalClient, type TemporalClient } from '../../temporal/connection';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

let home: TestDatabase;
let database: DataSource;
let redis: Redis;
let temporal: TemporalClient;
const opened: ApiUnderTest[] = [];

beforeAll(async () => {
  home = await createTestDatabase();
  const { redisUrl, temporalAddress } = inject('stack');
  const config = loadConfig(
    { database: DatabaseConfig, redis: RedisConfig, temporal: TemporalConfig },
    { DATABASE_URL: home.url, REDIS_URL: redisUrl, TEMPORAL_ADDRESS: temporalAddress },
  );
  database = await openPostgres(config.database, { entities: [], migrations: [] }, 'readiness-test');
  redis = createRedis(config.redis, createLogger({ logLevel: 'silent' }, { service: 'test' }));
  await redis.ping();
  temporal = createTemporalClient(config.temporal);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((api) => api.close()));
});
afterAll(async () => {
  await temporal.close();
  await closeRedis(redis);
  await database.destroy();
  await home.drop();
});

async function readinessWith(neighbours: Partial<Neighbours>): Promise<[number, unknown]> {
  const api = await openApiUnderTest({ neighbours: { database, redis, temporal, ...neighbours } });
  opened.push(api);
  const answer = await fetch(`${api.url}/health/ready`);
  return [answer.status, await answer.json()];
}

test('with all neighbours it is ready', async () => {
  expect(await readinessWith({})).toEqual([200, { status: 'ready', away: [] }]);
});

test('without Temporal it stays ready for reading', async () => {
  const away = { ...temporal, ping: () => Promise.reject(new Error('away')) };

  expect(await readinessWith({ temporal: away })).toEqual([200, { status: 'degraded', away: ['temporal'] }]);
});

test('a process that was asked to stop is not ready', async () => {
  expect(await readinessWith({ isStopping: () => true })).toEqual([503, { status: 'not_ready', away: [] }]);
});
