import { randomUUID } from 'node:crypto';

import type { Redis } from 'ioredis';
import { afterEach, expect, inject, test } from 'vitest';

import { loadConfig } from '../../platform/config/load-config';
import { RedisConfig } from '../../platform/config/redis';
import { createLogger } from '../../platform/logger';
import { createRateLimiter } from '../../platform/rate-limit';
import { closeRedis, createRedis } from '../../platform/redis';
import { PATIENCE } from '../support/patience';
import { openTcpGate } from '../support/tcp-gate';
import { collectLines } from '../unit/platform/log-lines';

const { destination, lines } = collectLines();
const logger = createLogger({ logLevel: 'info' }, { service: 'test', destination });
const opened: Redis[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(closeRedis));
});

async function connect(prefix: string, url = inject('stack').redisUrl): Promise<Redis> {
  const { redis: config } = loadConfig({ redis: RedisConfig }, { REDIS_URL: url, REDIS_KEY_PREFIX: prefix });
  const redis = createRedis(config, logger);
  opened.push(redis);
  await redis.ping();
  return redis;
}

function newPrefix(): string {
  return `test-${randomUUID()}:`;
}

test('processes share one count', async () => {
  const prefix = newPrefix();
  const one = createRateLimiter(await connect(prefix));
  const other = createRateLimiter(await connect(prefix));
  const limit = { limit: 4, windowSeconds: 60 };

  const answers = [];
  for (let i = 0; i < 3; i++) {
    answers.push(await one.consume('carts', '10.0.0.1', limit));
    answers.push(await other.consume('carts', '10.0.0.1', limit));
  }

  expect(answers.map(({ allowed }) => allowed)).toEqual([true, true, true, true, false, false]);
  expect(answers.at(-1)?.retryAfterSeconds).toBeGreaterThan(50);
});

test('many at once get exactly what the limit allows, also where shares of it are leased', async () => {
  for (const limit of [30, 500]) {
    const limiter = createRateLimiter(await connect(newPrefix()));
    const crowd = await Promise.all(
      Array.from({ length: limit + 40 }, async () =>
        limiter.consume('catalog', '10.0.0.1', { limit, windowSeconds: 60 }),
      ),
    );

    expect(crowd.filter(({ allowed }) => allowed)).toHaveLength(limit);
  }
});

test('a busy reader asks Redis now and then, not each time', async () => {
  const redis = await connect(newPrefix());
  const limiter = createRateLimiter(redis);
  const commands = async () =>
    Number(/cmdstat_eval:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);

  const before = await commands();
  for (let i = 0; i < 240; i++) {
    await limiter.consume('catalog', '10.0.0.1', { limit: 1_200, windowSeconds: 60 });
  }

  expect((await commands()) - before).toBe(10);
});

test('a count ends with its window and leaves no key behind', async () => {
  const redis = await connect(newPrefix());
  const limiter = createRateLimiter(redis);
  const limit = { limit: 1, windowSeconds: 1 };

  expect((await limiter.consume('carts', 'x', limit)).allowed).toBe(true);
  expect((await limiter.consume('carts', 'x', limit)).allowed).toBe(false);
  await expect.poll(() => redis.exists('limit:carts:x')).toBe(0);

  expect((await limiter.consume('carts', 'x', limit)).allowed).toBe(true);
});

test('when Redis goes away, requests are counted in the process, and the log says so once', async () => {
  const redis = await connect(newPrefix());
  const limiter = createRateLimiter(redis, logger);
  const limit = { limit: 2, windowSeconds: 60 };
  await limiter.consume('carts', 'y', limit);
  redis.disconnect();

  const answers = [];
  for (let i = 0; i < 3; i++) answers.push((await limiter.consume('carts', 'y', limit)).allowed);

  expect(answers).toEqual([true, true, false]);
});

test('a Redis that hangs delays the first request and no other, and counts again once it answers', async () => {
  const way = await openTcpGate(new URL(inject('stack').redisUrl).host);
  const redis = await connect(newPrefix(), `redis://${way.address}`);
  const { consume } = createRateLimiter(redis);
  const limit = { limit: 50, windowSeconds: 60 };
  await consume('carts', 'h', limit);
  way.swallow();

  const began = performance.now();
  for (let i = 0; i < 40; i++) expect((await consume('carts', 'h', limit)).allowed).toBe(true);
  // Each would wait for half a second.
  expect(performance.now() - began).toBeLessThan(10_000);

  way.open();
  await expect
    .poll(async () => {
      await consume('carts', 'again', limit);
      return redis.status === 'ready' ? redis.exists('limit:carts:again').catch(() => 0) : 0;
    }, PATIENCE)
    .toBe(1);
  await way.close();
});

test('a Redis that was never there delays no request and is logged once', async () => {
  const config = loadConfig({ redis: RedisConfig }, { REDIS_URL: 'redis://127.0.0.1:1' }).redis;
  const before = lines().length;
  const redis = createRedis(config, logger);
  opened.push(redis);
  await expect.poll(() => lines().length).toBeGreaterThan(before);

  await expect(redis.ping()).rejects.toThrow(/max retries|timed out/i);
  expect((await createRateLimiter(redis).consume('carts', 'z', { limit: 1, windowSeconds: 1 })).allowed).toBe(
    true,
  );
  expect(lines().slice(before)).toHaveLength(1);
});
