import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';

import type { Dependencies } from '../../api/dependencies';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { RedisConfig } from '../../platform/config/redis';
import { createLogger } from '../../platform/logger';
import { openPostgres } from '../../platform/postgres';
import { closeRedis, createRedis } from '../../platform/redis';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

let home: TestDatabase;
let database: DataSource;
let redis: Redis;
const opened: ApiUnderTest[] = [];

beforeAll(async () => {
  home = await createTestDatabase();
  const config = loadConfig(
    { database: DatabaseConfig, redis: RedisConfig },
    { DATABASE_URL: home.url, REDIS_URL: inject('stack').redisUrl },
  );
  database = await openPostgres(config.database, { entities: [], migrations: [] }, 'readiness-test');
  redis = createRedis(config.redis, createLogger({ logLevel: 'silent' }, { service: 'test' }));
  await redis.ping();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((api) => api.close()));
});
afterAll(async () => {
  await closeRedis(redis);
  await database.destroy();
  await home.drop();
});

async function readinessWith(overrides: Partial<Dependencies>): Promise<[number, unknown]> {
  const api = await openApiUnderTest({ overrides: { database, redis, ...overrides } });
  opened.push(api);
  const answer = await fetch(`${api.url}/health/ready`);
  return [answer.status, await answer.json()];
}

test('with all neighbours it is ready', async () => {
  expect(await readinessWith({})).toEqual([200, { status: 'ready', away: [] }]);
});

test('without Temporal it stays ready for reading', async () => {
  const away = { name: 'temporal', required: false, check: () => Promise.reject(new Error('away')) };

  expect(await readinessWith({ healthChecks: [away] })).toEqual([
    200,
    { status: 'degraded', away: ['temporal'] },
  ]);
});

test('a process that was asked to stop takes no new requests', async () => {
  expect(await readinessWith({ isStopping: () => true })).toEqual([503, { status: 'not_ready', away: [] }]);
});
