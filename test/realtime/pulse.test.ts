import { randomUUID } from 'node:crypto';

import type { Redis } from 'ioredis';
import { afterEach, expect, inject, test, vi } from 'vitest';

import { loadConfig } from '../../platform/config/load-config';
import { RedisConfig } from '../../platform/config/redis';
import { createLogger } from '../../platform/logger';
import { createMetrics } from '../../platform/metrics';
import { closeRedis, createRedis } from '../../platform/redis';
import type { OpenNamespace } from '../../realtime/open-namespace';
import { startPulse } from '../../realtime/pulse';
import type { Dependencies, Told } from '../../realtime/registry';
import { eventually } from '../support/eventually';
import { collectLines } from '../unit/platform/log-lines';

const logger = createLogger(
  { logLevel: 'info' },
  { service: 'test', destination: collectLines().destination },
);
const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

const EVERY_MS = 100;

/** Two nodes with somebody in the room, and what both told in its order. */
async function openNodes(
  make: (node: number) => Promise<Told>,
  {
    namespaces = ['/test', '/test'],
    viewers = ['a', 'b'],
  }: { namespaces?: string[]; viewers?: string[] } = {},
) {
  const told: { node: number; asOf: string }[] = [];
  const prefix = `test-${randomUUID()}:`;
  const open = async (name: string, node: number): Promise<Redis> => {
    const { redis: config } = loadConfig(
      { redis: RedisConfig },
      { REDIS_URL: inject('stack').redisUrl, REDIS_KEY_PREFIX: prefix },
    );
    const redis = createRedis(config, logger);
    await redis.ping();
    const audience = {
      volatile: { emit: (_event: string, { asOf }: Told) => void told.push({ node, asOf }) },
    };
    const sockets = {
      adapter: { rooms: new Map([['room', new Set(viewers.slice(node, node + 1))]]) },
      to: () => audience,
      local: audience,
    };
    const pulse = startPulse({
      namespace: { definition: { name }, sockets } as unknown as OpenNamespace,
      pulse: { room: 'room', event: 'figures', everyMs: EVERY_MS, make: () => make(node) },
      redis,
      isShared: () => true,
      dependencies: { metrics: createMetrics() } as Dependencies,
      logger,
    });
    closing.push(
      () => pulse.close(),
      () => closeRedis(redis),
    );
    return redis;
  };
  const redises = await Promise.all(namespaces.map(open));
  return { told, redises, redis: redises[0]!, lock: `pulse:/test:figures` };
}

/** Something that is made only when the test says so. */
function slow() {
  const making: { node: number; done: () => void; failed: () => void }[] = [];
  const make = (node: number) =>
    new Promise<Told>((resolve, reject) => {
      const asOf = new Date().toISOString();
      making.push({ node, done: () => resolve({ asOf }), failed: () => reject(new Error('slow')) });
    });
  return { making, make };
}

const has = (list: readonly unknown[], length: number) =>
  eventually(
    () => list.length,
    (found) => found >= length,
  );

test('what takes longer than the interval is made by one node, and told in order', async () => {
  const { making, make } = slow();
  const { told, redis, lock } = await openNodes(make);
  for (let turn = 1; turn <= 3; turn += 1) {
    await has(making, turn);
    // Both nodes have had turns since the lock of a quick make would have ended.
    const taken = await redis.pttl(lock);
    await eventually(
      () => redis.pttl(lock),
      (left) => left < taken - 3 * EVERY_MS,
    );
    expect(making).toHaveLength(turn);
    making.at(-1)!.done();
    await has(told, turn);
  }
  const times = told.map(({ asOf }) => asOf);
  expect(times).toEqual(times.toSorted());
});

test('what was made while another node made something newer is not told', async () => {
  const { making, make } = slow();
  const { told, redis, lock } = await openNodes(make);
  await has(making, 1);
  // As if the lock had ended by itself.
  await redis.del(lock);
  await has(making, 2);
  const [late, next] = making;
  expect(late!.node).not.toBe(next!.node);
  next!.done();
  await has(told, 1);
  late!.done();
  await has(making, 3);
  making[2]!.done();
  await has(told, 2);
  expect(told[0]!.node).toBe(next!.node);
  expect(told[1]!.asOf > told[0]!.asOf).toBe(true);
});

test('another turn follows one that failed, and namespaces do not wait for each other', async () => {
  const { making, make } = slow();
  const { told } = await openNodes(make, { namespaces: ['/test', '/other'] });
  await has(making, 2);
  expect(new Set(making.map(({ node }) => node)).size).toBe(2);
  for (const { failed } of making.splice(0)) failed();
  await has(making, 2);
  for (const { done } of making) done();
  await has(told, 2);
});

test('a node on which nobody looks asks Redis nothing', async () => {
  const { making, make } = slow();
  const { told, redises } = await openNodes(make, { viewers: ['a'] });
  const asked = vi.spyOn(redises[1]!, 'sendCommand');
  for (let turn = 1; turn <= 4; turn += 1) {
    await has(making, turn);
    making.at(-1)!.done();
    await has(told, turn);
  }
  expect(new Set(told.map(({ node }) => node))).toEqual(new Set([0]));
  expect(asked).not.toHaveBeenCalled();
});
