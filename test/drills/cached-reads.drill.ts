import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { CacheView } from '../../api/cache/cache.view';
import type { ProductListView, ProductView } from '../../api/catalog/catalog.view';
import { PRODUCT } from '../../entities/catalog/catalog.events';
import { recordEvents } from '../../entities/events/record-events';
import { CacheConfig } from '../../platform/config/cache';
import { openJournalWake, type JournalWake } from '../../platform/journal-wake';
import { onEventsCommitted, withTransaction } from '../../platform/transaction';
import { latencyOf } from '../bench/closed-loop';
import { eventually } from '../support/eventually';
import { buildCaller } from '../support/factories/callers';
import { configOf, SILENT } from '../support/journal';
import { drawing } from '../support/random';
import { untilItWaits } from '../support/row-lock';
import { openShopProcesses, type ShopProcesses } from '../support/shop-processes';
import { rows } from '../support/sql';
import { openTcpGate } from '../support/tcp-gate';
import { ownRedis } from './own-redis';

const redis = ownRedis();
const { cacheSilenceMs } = new CacheConfig();
const LIST = '/api/v1/products?limit=100';
const MISSES = 1_000;
const SEARCHES = 10_000;
const LETTERS = [...'ابپتسشگمنیکabgsx'];
/** Letters of both scripts, digits of three, what keyboards confuse, and what means something in addresses or to Postgres. */
const SIGNS = [...LETTERS, ...'ي\u0643ة۱۲٣45\u200c-_.%&|!:*\'"\\()<>~#+?/'];
const LIST_SORTS = ['price', '-price', 'newest'];
const dispatcher = new Agent({ connections: MISSES });

interface Shown {
  readonly productId: string;
  readonly variantId: string;
  readonly slug: string;
}

let shop: ShopProcesses;
let journal: JournalWake;
let nodes: readonly string[];
/** Each test takes a few, so that none is in a cache already. */
let products: Shown[];

beforeAll(async () => {
  // Large enough for the load, and small enough that a share of it ends now and then.
  const environment = { REDIS_URL: redis.url, CATALOG_REQUESTS_PER_MINUTE: '100000' };
  shop = await openShopProcesses({ environment });
  journal = openJournalWake(configOf(shop.databaseUrl), { applicationName: 'test-wake', logger: SILENT });
  onEventsCommitted(shop.database, journal.wake);
  nodes = await startNodes();
  await shop.database.query('DELETE FROM planned_prices');
  products = await rows<Shown>(
    shop.database.manager,
    `SELECT DISTINCT ON (p.id) p.id AS "productId", v.id AS "variantId", p.slug
     FROM products p JOIN variants v ON v.product_id = p.id
     WHERE p.status = 'published' AND v.status = 'active' ORDER BY p.id, v.price`,
  );
});
afterAll(async () => {
  await dispatcher.close();
  await journal?.close();
  await shop?.close();
});

async function startNodes(environment?: Record<string, string>): Promise<string[]> {
  const started = [await shop.startApi(environment), await shop.startApi(environment)];
  return started.map(({ address }) => address);
}

/** As the operation of staff does it: the row and its event. The price is the lowest of the product. */
async function reprice({ productId, variantId }: Shown, price: number): Promise<void> {
  await withTransaction(shop.database, async (transaction) => {
    await transaction.query('UPDATE variants SET price = $2 WHERE id = $1', [variantId, price]);
    const payload = { variantId, price, currency: 'IRR' as const, was: 0 };
    await recordEvents(transaction, PRODUCT, productId, { type: 'price.changed', payload });
  });
}

async function read<Body>(url: string, headers: Record<string, string> = {}): Promise<Body> {
  const { statusCode, text } = await ask(url, headers);
  expect([url, statusCode, statusCode === 200 ? '' : text]).toEqual([url, 200, '']);
  return JSON.parse(text) as Body;
}

async function ask(url: string, headers: Record<string, string> = {}) {
  const { statusCode, body } = await request(url, { dispatcher, headers });
  return { statusCode, text: await body.text() };
}

/** Like {@link read}, of a shop that may be too busy for a while: it says so with 503. */
async function readPatiently<Body>(url: string): Promise<Body> {
  const { statusCode, text } = await eventually(
    () => ask(url),
    (answer) => answer.statusCode !== 503,
  );
  expect([url, statusCode, statusCode === 200 ? '' : text]).toEqual([url, 200, '']);
  return JSON.parse(text) as Body;
}

const shownPrice = async (node: string, { slug }: Shown) =>
  (await read<ProductView>(`${node}/api/v1/products/${slug}`)).priceFrom.amount;
const listedPrice = async (node: string, { slug }: Shown) =>
  (await read<ProductListView>(node + LIST)).items.find((item) => item.slug === slug)?.priceFrom.amount;

/** Times in milliseconds, for docs/cache.md. A busy machine makes them longer. */
const told = (what: string, times: readonly number[]) => {
  const { p50, p95, p99 } = latencyOf(times);
  const figures = [p50, p95, p99, Math.max(...times)].map((time) => time.toFixed(1)).join(' / ');
  process.stderr.write(`${what}: ${figures} ms (p50/p95/p99/worst of ${times.length})\n`);
};

/** Waits until list and page of both nodes show a price. Returns the wait in milliseconds. */
async function untilShown(product: Shown, price: number): Promise<number> {
  const began = performance.now();
  const shows = nodes.flatMap((node) =>
    [shownPrice, listedPrice].map((readPrice) =>
      eventually(
        () => readPrice(node, product),
        (shown) => shown === price,
      ),
    ),
  );
  await Promise.all(shows);
  return performance.now() - began;
}

describe('a committed price', () => {
  test('is shown by both processes in less than a second', async () => {
    const product = products.pop()!;
    const waits: number[] = [];
    for (const price of [10_001, 10_002, 10_003, 10_004, 10_005]) {
      await reprice(product, price);
      waits.push(await untilShown(product, price));
    }
    told('commit until both processes show it', waits);
    expect(latencyOf(waits).p50).toBeLessThan(1_000);
  });

  test('is shown although it committed while both processes were loading, and another transaction is open', async () => {
    const product = products.pop()!;
    const open = shop.database.createQueryRunner();
    const lock = shop.database.createQueryRunner();
    await open.startTransaction();
    await open.query('UPDATE variants SET title = title WHERE id = $1', [products.at(-1)!.variantId]);
    // Loads wait for it, with what they know of the journal from before the commit.
    await lock.startTransaction();
    await lock.query('LOCK TABLE product_recommendations IN ACCESS EXCLUSIVE MODE');
    const early = nodes.map((node) => shownPrice(node, product));
    await untilItWaits(shop.database, 'asoud-api-catalog', nodes.length);
    await reprice(product, 10_001);
    await lock.rollbackTransaction();
    await Promise.all(early);
    await untilShown(product, 10_001);
    for (let again = 0; again < 20; again += 1)
      for (const node of nodes) expect(await shownPrice(node, product)).toBe(10_001);
    await open.rollbackTransaction();
    await Promise.all([open.release(), lock.release()]);
  });
});

test(`${MISSES} misses at once cost at most one load a process, and one in all while Redis is in time`, async () => {
  const { headers } = await buildCaller(shop, { roles: ['staff'] });
  const loadsOf = async (node: string) => {
    const { kinds } = await read<CacheView>(`${node}/api/v1/cache`, { ...headers });
    return kinds.find(({ kind }) => kind === 'product')!.served.load;
  };
  const inAll: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const product = products.pop()!;
    const before = await Promise.all(nodes.map(loadsOf));
    const crowd = Array.from({ length: MISSES }, (_, n) => shownPrice(nodes[n % nodes.length]!, product));
    expect(new Set(await Promise.all(crowd)).size).toBe(1);
    const loads = (await Promise.all(nodes.map(loadsOf))).map((after, n) => after - before[n]!);
    expect(Math.max(...loads)).toBeLessThanOrEqual(1);
    inAll.push(loads.reduce((sum, one) => sum + one, 0));
  }
  // Redis may be late when a thousand requests arrive on a busy machine.
  expect(Math.min(...inAll)).toBe(1);
});

test(`${SEARCHES} random searches and lists, with their parameters in any order, are answered alike by both processes, and fill nothing`, async () => {
  const draw = drawing(35);
  const among = <Value>(values: readonly Value[]): Value => values[Math.floor(draw() * values.length)]!;
  const word = () => Array.from({ length: 1 + Math.floor(draw() * 6) }, () => among(SIGNS)).join('');
  const shuffled = (pairs: readonly (readonly [string, string])[]) =>
    pairs
      .map((pair) => ({ pair, at: draw() }))
      .toSorted((one, next) => one.at - next.at)
      .map(({ pair: [name, value] }) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
  const searches = Array.from({ length: SEARCHES }, () => {
    // Only marks that no word contains are refused.
    const q = `${among(LETTERS)}${Array.from({ length: 1 + Math.floor(draw() * 3) }, word).join(' ')}`;
    // Half of them are lists that are filtered by a price that nobody else asks for.
    const isSearch = draw() < 0.5;
    const pairs: [string, string][] = [
      isSearch ? ['q', q] : ['minPrice', String(Math.floor(draw() * 1_000_000_000))],
      ['limit', String(1 + Math.floor(draw() * 50))],
      ['sort', among(isSearch ? ['best', ...LIST_SORTS] : LIST_SORTS)],
      ['inStock', among(['true', 'false'])],
    ];
    return nodes.map((node) => `${node}/api/v1/products?${shuffled(pairs)}`);
  });
  const keysOf = async () =>
    (await redis.client.keys('*:ans:*')).filter((key) => /:(list|search):/.test(key)).length;
  const keysBefore = await keysOf();
  const find = async () => {
    for (let urls = searches.pop(); urls; urls = searches.pop()) {
      const answers = [];
      for (const url of urls) answers.push(await readPatiently<ProductListView>(url));
      expect(answers[1], urls.join(' ')).toEqual(answers[0]);
    }
  };
  await Promise.all(Array.from({ length: 4 }, find));

  // A process was asked for each once, so nothing entered Redis, and memory has its share at most.
  expect((await keysOf()) - keysBefore).toBeLessThan(SEARCHES / 100);
  const { headers } = await buildCaller(shop, { roles: ['staff'] });
  for (const node of nodes) {
    const { kinds } = await read<CacheView>(`${node}/api/v1/cache`, { ...headers });
    expect(kinds.find(({ kind }) => kind === 'search')!.bytes).toBeLessThanOrEqual(
      new CacheConfig().cacheBytes * 0.2,
    );
  }
}, 600_000);

describe('under load, no answer fails or is old while Redis', () => {
  const READERS = 16;
  const ROUNDS = 12;

  /**
   * Reads all the time while prices change. It fails when a read fails, shows what is older than the cache ever allows, or shows an old
   * price again after everybody had shown the new one.
   */
  async function staysTrue(what: string, meanwhile?: () => Promise<void> | void): Promise<void> {
    const product = products.pop()!;
    const committed: { readonly price: number; readonly at: number }[] = [];
    const times: number[] = [];
    const ages: number[] = [];
    let shownByAll = 11_000;
    const end = new AbortController();
    await reprice(product, 11_000);
    await untilShown(product, 11_000);
    const readers = Array.from({ length: READERS }, async (_, n) => {
      const node = nodes[n % nodes.length]!;
      const readPrice = n % 4 < 2 ? shownPrice : listedPrice;
      while (!end.signal.aborted) {
        const began = performance.now();
        const allowed = committed.findLast(({ at }) => at < began - cacheSilenceMs)?.price ?? 11_000;
        const oldest = Math.max(allowed, shownByAll);
        const shown = await readPrice(node, product);
        times.push(performance.now() - began);
        expect(shown).toBeGreaterThanOrEqual(oldest);
        const newer = committed.find(({ price, at }) => price > shown! && at < began);
        ages.push(newer ? began - newer.at : 0);
        await delay(10);
      }
    });
    const changer = (async () => {
      try {
        for (let round = 1; round <= ROUNDS; round += 1) {
          if (round === 2) await meanwhile?.();
          await reprice(product, 11_000 + round);
          committed.push({ price: 11_000 + round, at: performance.now() });
          await untilShown(product, 11_000 + round);
          shownByAll = 11_000 + round;
          await delay(100);
        }
      } finally {
        end.abort();
      }
    })();
    await Promise.all([...readers, changer]);
    told(`answers while Redis ${what}`, times);
    told(`age of what they showed`, ages);
    // A request that waited for a Redis that hangs would take half a second. A busy machine makes some that slow, but not most.
    const sorted = times.toSorted((one, other) => one - other);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(500);
  }

  test('hangs and comes back', async () => {
    const goOn = { now: () => {} };
    try {
      await staysTrue('hangs', () => {
        goOn.now = redis.hang();
      });
    } finally {
      goOn.now();
    }
    await staysTrue('is back');
  });

  test('is killed and comes back empty', async () => {
    await staysTrue('is killed', () => redis.kill());
  });

  test('is emptied', async () => {
    await staysTrue('is emptied', async () => void (await redis.client.flushall()));
  });

  test('is full', async () => {
    await redis.client.config('SET', 'maxmemory-policy', 'noeviction');
    await staysTrue('is full', async () => void (await redis.client.config('SET', 'maxmemory', '1')));
    await redis.client.config('SET', 'maxmemory', '0');
    await staysTrue('has room again');
  });

  test('holds garbage in place of every answer', async () => {
    await staysTrue('holds garbage', async () => {
      const keys = await redis.client.keys('*:ans:*');
      expect(keys.length).toBeGreaterThan(0);
      for (const [n, key] of keys.entries())
        await (n % 2 === 0
          ? redis.client.set(key, 'garbage')
          : redis.client.set(key, Buffer.alloc(2_000, 7)));
    });
  });

  test('answers in another language', async () => {
    const server: Server = createServer((socket) => {
      socket.on('error', () => {}).on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const gate = await openTcpGate(new URL(redis.url).host);
    nodes = await startNodes({ REDIS_URL: `redis://${gate.address}` });
    const leadTo = (address: string) => {
      gate.shut();
      gate.leadTo(address);
      gate.open();
    };
    await staysTrue('speaks another language', () =>
      leadTo(`127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
    leadTo(new URL(redis.url).host);
    await staysTrue('is itself again');
    await gate.close();
    server.close();
  });
});
