import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';

import { askForWarming } from '../../api/answers/ask-for-warming';
import { storeHotAddresses } from '../../api/answers/keep-hot-addresses';
import type { CacheView } from '../../api/cache/cache.view';
import type { ProductView } from '../../api/catalog/catalog.view';
import {
  addHotAddresses,
  forgetColdAddresses,
  MOST_HOT_ADDRESSES,
  readHottest,
} from '../../entities/cache/hot-addresses';
import { PRODUCT } from '../../entities/catalog/catalog.events';
import { recordEvents } from '../../entities/events/record-events';
import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { WarmingSecretsConfig } from '../../platform/config/warming';
import { isWarming, signWarming, WARMING_HEADER } from '../../platform/response-cache/warming-request';
import { createSignedTokens } from '../../platform/signed-token';
import { createCacheWarmingCalls } from '../../temporal/cache-warming';
import {
  CACHE_WARMING_WORKFLOW,
  warmingRun,
  type WarmingReason,
  type WarmingReport,
} from '../../workflows/cache/cache-warming.contract';
import { openCachedNode, redisPrefixOf, type CachedNode } from '../support/cached-node';
import { eventually } from '../support/eventually';
import { buildCaller } from '../support/factories/callers';
import { buildProduct, type BuiltProduct } from '../support/factories/catalog';
import { SILENT } from '../support/journal';
import { rows } from '../support/sql';
import { openTcpGate } from '../support/tcp-gate';
import { buildGate } from './gate';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;
let node: CachedNode;
let redis: Redis;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  shop = await openWorkflowShop();
  redis = new Redis(inject('stack').redisUrl);
  node = await openCachedNode(shop, { temporal: shop.temporal });
});
beforeEach(() => {
  shop.reset();
  node.cache.hot.take();
  shop.warming.url = node.url;
});
afterEach(async () => {
  for (const it of opened.splice(0).toReversed()) await it.close();
  await rows(shop.database.manager, 'DELETE FROM hot_addresses');
  await rows(shop.database.manager, 'DELETE FROM job_runs');
});
afterAll(async () => {
  await node?.close();
  await redis?.quit();
  await shop?.assertInvariantsHold();
  await shop?.close();
});

const keysInRedis = async (kind = '*') =>
  (await redis.keys(`${redisPrefixOf(shop)}ans:*:${kind}:*`)).filter((key) => !key.endsWith(':begun'));

async function emptyRedis(): Promise<void> {
  const keys = await redis.keys(`${redisPrefixOf(shop)}ans:*`);
  if (keys.length > 0) await redis.unlink(keys);
}

async function buildProducts(count: number): Promise<BuiltProduct[]> {
  const built: BuiltProduct[] = [];
  for (let n = 0; n < count; n += 1) built.push(await buildProduct(shop.database));
  return built;
}

const show = (at: CachedNode, { slug }: Pick<BuiltProduct, 'slug'>) =>
  at.get<ProductView>(`/products/${slug}`);

/** Callers ask for these pages, so they are hot. */
async function heat(products: readonly BuiltProduct[], at = node): Promise<void> {
  for (let time = 0; time < 3; time += 1) for (const product of products) await show(at, product);
  await storeHotAddresses(at.cache.hot, shop.database);
}

const begin = (reason: WarmingReason) =>
  shop.temporal.workflow.start(CACHE_WARMING_WORKFLOW, warmingRun(reason));

async function warm(reason: WarmingReason = 'schedule'): Promise<WarmingReport> {
  return (await begin(reason)).result() as Promise<WarmingReport>;
}

const warmingRuns = () =>
  rows<{ state: string; result: WarmingReport; error: string | null }>(
    shop.database.manager,
    `SELECT state, result, error FROM job_runs WHERE job = 'cache-warming' ORDER BY started_at`,
  );

describe('hot addresses', () => {
  test('are those that callers repeat: invented searches get into neither them nor Redis', async () => {
    const [product] = await buildProducts(1);
    const before = (await keysInRedis('search')).length;
    const invented = Array.from({ length: 400 }, (_, n) => `q=${n.toString(36)}%20${Math.random()}`);
    for (let at = 0; at < invented.length; at += 20) {
      const answers = await Promise.all(
        invented.slice(at, at + 20).map((query) => node.get(`/products?${query}`)),
      );
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }
    await heat([product!]);

    expect((await keysInRedis('search')).length).toBe(before);
    expect(await readHottest(shop.database.manager, 1_000)).toEqual([
      {
        ...{ name: `product lang="fa" slug="${product!.slug}"`, kind: 'product', language: 'fa' },
        ...{ address: `/api/v1/products/${product!.slug}`, heat: expect.closeTo(2, 1) as number },
      },
    ]);
  });

  test('add up over processes, lose half of their heat in a day, and are 2,000 at most', async () => {
    const counted = (count: number, asked: number) =>
      Array.from({ length: count }, (_, n) => ({
        ...{ name: `product ${n}`, kind: 'product', address: `/${n}`, language: 'fa' as const, asked },
      }));
    await shop.run((transaction) => addHotAddresses(transaction, counted(1, 8)));
    await rows(shop.database.manager, `UPDATE hot_addresses SET seen_at = now() - interval '1 day'`);
    await Promise.all(
      [1, 2, 3, 4].map(() =>
        shop.run((transaction) => addHotAddresses(transaction, counted(MOST_HOT_ADDRESSES + 500, 1))),
      ),
    );
    await shop.run(forgetColdAddresses);

    const hottest = await readHottest(shop.database.manager, 5_000);
    expect(hottest).toHaveLength(MOST_HOT_ADDRESSES);
    expect(hottest[0]).toMatchObject({ name: 'product 0', heat: expect.closeTo(8, 1) as number });
    expect(hottest[1]!.heat).toBeCloseTo(4, 1);
  });

  test('do not grow by warming, and nobody else can pretend to warm', async () => {
    const products = await buildProducts(3);
    await heat(products);
    await warm();
    expect(node.cache.hot.take()).toEqual([]);

    const tokens = createSignedTokens(new WarmingSecretsConfig().warmingSecrets);
    expect(isWarming(tokens, signWarming(tokens))).toBe(true);
    for (const forged of ['true', signWarming(createSignedTokens(['x'.repeat(32)]))]) {
      const answer = await node.get(`/products/${products[0]!.slug}`, { [WARMING_HEADER]: forged });
      expect([answer.status, answer.headers.get('cache-status')]).toEqual([200, null]);
    }
    expect(node.cache.hot.take()).toMatchObject([{ asked: 2 }]);
  });
});

describe('a run', () => {
  test('fills a new process and an emptied Redis, and says in its row how much that was', async () => {
    const products = await buildProducts(25);
    await heat(products);
    await emptyRedis();
    const late = await openCachedNode(shop);
    opened.push(late);
    shop.warming.url = late.url;

    const report = await warm();

    expect(report).toEqual({
      ...{ reason: 'schedule', addresses: 25, asked: 25, hits: 0, loaded: 25, gone: 0, failed: 0 },
      ...{ hitRatioBefore: 0, hitRatioAfter: 1, endedBy: 'done' },
      ...{ pauses: expect.any(Number) as number, seconds: expect.any(Number) as number },
    });
    expect(await warmingRuns()).toMatchObject([{ state: 'done', result: report }]);
    const loads = late.loads();
    for (const product of products) expect((await show(late, product)).status).toBe(200);
    expect(late.loads()).toBe(loads);
    await eventually(
      () => keysInRedis('product'),
      (keys) => keys.length >= 25,
    );

    // The process has everything still, and Redis has lost it again.
    await emptyRedis();
    expect(await warm()).toMatchObject({ hits: 25, loaded: 0, hitRatioBefore: 1 });
    await eventually(
      () => keysInRedis('product'),
      (keys) => keys.length >= 25,
    );
  });

  test('forgets what is not there any more', async () => {
    const [kept, gone] = await buildProducts(2);
    await heat([kept!, gone!]);
    await shop.run(async (transaction) => {
      await transaction.query(`UPDATE products SET status = 'draft' WHERE id = $1`, [gone!.id]);
      await recordEvents(transaction, PRODUCT, gone!.id, { type: 'product.archived', payload: {} });
    });
    await eventually(
      () => show(node, gone!),
      ({ status }) => status === 404,
    );

    expect(await warm()).toMatchObject({ asked: 2, gone: 1, hitRatioAfter: 1 });

    const left = await readHottest(shop.database.manager, 10);
    expect(left.map(({ address }) => address)).toEqual([`/api/v1/products/${kept!.slug}`]);
  });

  test('keeps no price that changed while it loaded the old one', async () => {
    const [product] = await buildProducts(1);
    await heat([product!]);
    await emptyRedis();
    const late = await openCachedNode(shop);
    opened.push(late);
    shop.warming.url = late.url;
    const gate = buildGate();
    late.holdLoads(gate.pass().then(() => undefined));
    const run = await begin('schedule');
    await eventually(
      () => late.loads(),
      (loads) => loads > 0,
    );

    const [{ id: variantId }] = product!.variants as [BuiltProduct['variants'][0]];
    await shop.run(async (transaction) => {
      await transaction.query('UPDATE variants SET price = 990000 WHERE id = $1', [variantId]);
      const payload = { variantId, price: 990_000, currency: 'IRR' as const, was: 0 };
      await recordEvents(transaction, PRODUCT, product!.id, { type: 'price.changed', payload });
    });
    gate.open();
    await run.result();

    const other = await openCachedNode(shop);
    opened.push(other);
    for (const at of [late, other])
      await eventually(
        async () => (await show(at, product!)).body.priceFrom.amount,
        (price) => price === 990_000,
      );
    await warm();
    for (const at of [late, other]) expect((await show(at, product!)).body.priceFrom.amount).toBe(990_000);
  });

  test.each(['swallow', 'shut'] as const)('ends well when Redis is gone in its middle: %s', async (how) => {
    const products = await buildProducts(30);
    await heat(products);
    const way = await openTcpGate(new URL(inject('stack').redisUrl).host);
    opened.push(way);
    const late = await openCachedNode(shop, { redisUrl: `redis://${way.address}` });
    opened.push(late);
    await emptyRedis();
    shop.warming.url = late.url;
    const gate = buildGate();
    late.holdLoads(gate.pass().then(() => undefined));
    const run = await begin('schedule');
    await eventually(
      () => late.loads(),
      (loads) => loads > 0,
    );
    way[how]();
    gate.open();

    expect(await run.result()).toMatchObject({ asked: 30, failed: 0, hitRatioAfter: 1, endedBy: 'done' });
  });

  test('fails, and says where it looked, when no API answers', async () => {
    await heat(await buildProducts(1));
    shop.warming.url = 'http://127.0.0.1:1';

    await expect(warm()).rejects.toThrow('Workflow execution failed');

    const error = 'the API did not answer at 127.0.0.1:1';
    expect(await warmingRuns()).toMatchObject([{ state: 'failed', error }]);
  });

  test('whose worker is lost in the middle is finished by another attempt, once', async () => {
    await heat(await buildProducts(45));
    let attempts = 0;
    shop.after.set('warmAnswers', () => {
      attempts += 1;
      if (attempts === 1) throw new Error('the worker is lost');
    });

    expect(await warm()).toMatchObject({ asked: 45, endedBy: 'done' });

    expect(attempts).toBe(2);
    expect(await warmingRuns()).toMatchObject([{ state: 'done' }]);
  });
});

describe('the cache is warmed', () => {
  test('when staff ask: once, whoever else asks while it runs, and they see how far it is', async () => {
    await heat(await buildProducts(25));
    const staff = await buildCaller({ database: shop.database, ...node }, { roles: ['staff'] });
    const readCache = async () => (await node.get<CacheView>('/cache', staff.headers)).body.warming;
    expect(await readCache()).toBeNull();
    const askForIt = async (headers = {}) =>
      (await fetch(`${node.url}/api/v1/cache/warm`, { method: 'POST', headers })).status;
    expect(await askForIt()).toBe(401);
    const gate = buildGate();
    shop.after.set('warmAnswers', gate.pass);

    for (let time = 0; time < 3; time += 1) expect(await askForIt(staff.headers)).toBe(202);

    const running = await eventually(readCache, (it) => (it?.progress ?? null) !== null);
    expect(running).toMatchObject({ state: 'running', progress: { addresses: 25 }, result: null });
    gate.open();
    const done = await eventually(readCache, (it) => it?.state === 'done');
    expect(done).toMatchObject({ progress: null, result: { reason: 'staff', asked: 25 }, error: null });
    expect(shop.runsOf('warmAnswers')).toBe(1);
    const actions = await readStaffActions(shop.database.manager, { before: null, limit: 3 });
    expect(actions.map(({ action }) => action)).toEqual(['cache.warm', 'cache.warm', 'cache.warm']);
  });

  test('when an API has started and when Redis lost what it had, after a run that is under way', async () => {
    await heat(await buildProducts(2));
    await emptyRedis();
    const calls = createCacheWarmingCalls(shop.temporal, 60_000);
    const gate = buildGate();
    shop.before.set('warmAnswers', gate.pass);
    const watch = askForWarming(node.cache, calls, SILENT, 20);
    opened.push(watch);
    await gate.reached;
    // Everything that a build has kept begins with its mark.
    await eventually(
      () => redis.keys(`${redisPrefixOf(shop)}ans:*:begun`),
      (keys) => keys.length === 1,
    );

    const { workflowId } = warmingRun('started');
    const signals = async () => {
      const { events } = await shop.temporal.workflow.getHandle(workflowId).fetchHistory();
      return events!.filter((it) => it.workflowExecutionSignaledEventAttributes).length;
    };
    // A slow Redis may have hidden its mark from the first look, which the next one then told as a loss.
    const before = await signals();
    await emptyRedis();
    await eventually(signals, (count) => count > before);
    shop.before.clear();
    gate.open();

    const runs = await eventually(warmingRuns, (found) => found.length === 2 && found[1]!.state === 'done');
    expect(runs.map(({ result }) => result.reason)).toEqual(['started', 'again']);
  });
});
