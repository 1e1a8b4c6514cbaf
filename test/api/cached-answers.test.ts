import { createServer, type AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { Redis } from 'ioredis';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';

import type { ProductListView, ProductView, RecommendationsView } from '../../api/catalog/catalog.view';
import { PRODUCT } from '../../entities/catalog/catalog.events';
import { lockProduct } from '../../entities/catalog/lock-product';
import { refreshListedPrices } from '../../entities/catalog/refresh-listed-prices';
import { recordEvents } from '../../entities/events/record-events';
import { describePicture, removePicture } from '../../entities/pictures/arrange-pictures';
import { noteRendering, settlePicture } from '../../entities/pictures/process-picture';
import { completeUpload, requestUpload } from '../../entities/pictures/request-upload';
import { recommendSimilar } from '../../entities/recommendations/recommend-similar';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { openJournalWake, type JournalWake } from '../../platform/journal-wake';
import { onEventsCommitted } from '../../platform/transaction';
import { latencyOf } from '../bench/closed-loop';
import { openCachedNode, redisPrefixOf, type CachedNode } from '../support/cached-node';
import { eventually } from '../support/eventually';
import { buildCaller } from '../support/factories/callers';
import { buildCategory, buildProduct, type BuiltProduct } from '../support/factories/catalog';
import { configOf, SILENT } from '../support/journal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openTcpGate, type TcpGate } from '../support/tcp-gate';

let shop: ShopDatabase;
let journal: JournalWake;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  shop = await openShopDatabase();
  journal = openJournalWake(configOf(shop.url), { applicationName: 'test-wake', logger: SILENT });
  onEventsCommitted(shop.database, journal.wake);
});
afterEach(async () => {
  for (const it of opened.splice(0).toReversed()) await it.close();
});
afterAll(async () => {
  await journal.close();
  await shop.close();
});

async function open(...place: [Parameters<typeof openCachedNode>[1]?]): Promise<CachedNode> {
  const node = await openCachedNode(shop, ...place);
  opened.push(node);
  return node;
}

const twoNodes = async () => [await open(), await open()] as const;

/** As the operation of staff does it: the row and its event. */
async function setPrice(transaction: Transaction, { id, variants }: BuiltProduct, price: number) {
  const [{ id: variantId }] = variants as [BuiltProduct['variants'][0]];
  await transaction.query('UPDATE variants SET price = $2 WHERE id = $1', [variantId, price]);
  const payload = { variantId, price, currency: 'IRR' as const, was: 0 };
  await recordEvents(transaction, PRODUCT, id, { type: 'price.changed', payload });
}

const reprice = (product: BuiltProduct, price: number) =>
  shop.run((transaction) => setPrice(transaction, product, price));

async function shownPrice(node: CachedNode, { slug }: BuiltProduct): Promise<number> {
  const { status, body } = await node.get<ProductView>(`/products/${slug}`);
  expect(status).toBe(200);
  return body.priceFrom.amount;
}

async function listedPrice(node: CachedNode, { slug }: BuiltProduct): Promise<number | undefined> {
  const { body } = await node.get<ProductListView>('/products?limit=100');
  return body.items.find((item) => item.slug === slug)?.priceFrom.amount;
}

/** Waits until nodes show a price, and returns the longest wait in milliseconds. */
async function untilShown(nodes: readonly CachedNode[], product: BuiltProduct, price: number) {
  const began = performance.now();
  for (const node of nodes)
    for (const read of [shownPrice, listedPrice])
      await eventually(
        () => read(node, product),
        (shown) => shown === price,
      );
  return performance.now() - began;
}

function gate() {
  let open = () => {};
  const opens = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opens, open };
}

describe('a committed price', () => {
  test('is shown by both nodes in less than a second, and nothing else is loaded', async () => {
    const product = await buildProduct(shop.database);
    const bystander = await buildProduct(shop.database);
    const [one, other] = await twoNodes();
    for (const node of [one, other]) {
      await shownPrice(node, bystander);
      await shownPrice(node, product);
      await listedPrice(node, product);
    }
    const waits: number[] = [];
    for (const price of [260_000, 261_000, 262_000]) {
      await reprice(product, price);
      waits.push(await untilShown([one, other], product, price));
    }
    expect(latencyOf(waits).p50).toBeLessThan(1_000);
    const loads = one.loads() + other.loads();
    for (const node of [one, other]) await shownPrice(node, bystander);
    expect(one.loads() + other.loads()).toBe(loads);
  });

  test('is shown by both nodes although it committed while they loaded the old one', async () => {
    const [one, other] = await twoNodes();
    const product = await buildProduct(shop.database);
    const { opens, open: release } = gate();
    for (const node of [one, other]) node.holdLoads(opens);
    const early = [one, other].map((node) => shownPrice(node, product));
    await eventually(
      () => one.loads(),
      (loads) => loads === 1,
    );
    await eventually(
      () => other.loads(),
      (loads) => loads === 1,
    );
    await reprice(product, 270_000);
    release();
    await Promise.all(early);
    await untilShown([one, other], product, 270_000);
    expect(await shownPrice(one, product)).toBe(270_000);
  });

  test('is shown while another transaction is open, whose own change is shown when it commits', async () => {
    const [one, other] = await twoNodes();
    const slow = await buildProduct(shop.database);
    const quick = await buildProduct(shop.database);
    const { opens, open: commit } = gate();
    const { opens: written, open: hasWritten } = gate();
    const long = shop.run(async (transaction) => {
      await transaction.query('SAVEPOINT part');
      await setPrice(transaction, slow, 300_000);
      hasWritten();
      await opens;
    });
    await written;
    for (const node of [one, other]) await untilShown([node], quick, 250_000);
    await reprice(quick, 280_000);
    await untilShown([one, other], quick, 280_000);

    const loads = one.loads();
    for (let read = 0; read < 20; read += 1) expect(await shownPrice(one, quick)).toBe(280_000);
    expect(one.loads() - loads).toBeLessThanOrEqual(1);
    expect(await shownPrice(one, slow)).toBe(250_000);
    commit();
    await long;
    await untilShown([one, other], slow, 300_000);
  });

  test('that is rolled back changes nothing', async () => {
    const product = await buildProduct(shop.database);
    const node = await open();
    await shownPrice(node, product);
    const change = shop.run(async (transaction) => {
      await setPrice(transaction, product, 1);
      throw new Error('rolled back');
    });
    await expect(change).rejects.toThrow('rolled back');
    const loads = node.loads();
    expect(await shownPrice(node, product)).toBe(250_000);
    expect(node.loads()).toBe(loads);
  });
});

test('a product that is made is found by its slug, although it was not there before', async () => {
  const node = await open();
  expect((await node.get('/products/late-one')).status).toBe(404);
  const product = await buildProduct(shop.database, { slug: 'late-one' });
  await shop.run((transaction) =>
    recordEvents(transaction, PRODUCT, product.id, { type: 'product.published', payload: {} }),
  );
  await eventually(
    () => node.get('/products/late-one'),
    ({ status }) => status === 200,
  );
});

test('a page shows the present price of a product that is recommended on it, and of one that comes in its place', async () => {
  const [product, shown, hidden] = [
    await buildProduct(shop.database),
    await buildProduct(shop.database),
    await buildProduct(shop.database, { status: 'draft' }),
  ] as const;
  for (const [place, { id }] of [shown, hidden].entries())
    await shop.database.query(
      `INSERT INTO product_recommendations (product_id, kind, rank, other_id, score) VALUES ($1, 'similar', $2, $3, 1)`,
      [product.id, place + 1, id],
    );
  const node = await open();
  const prices = async () => {
    const { body } = await node.get<ProductView>(`/products/${product.slug}`);
    return body.recommendations.similar.map(({ priceFrom }) => priceFrom.amount);
  };
  expect(await prices()).toEqual([250_000]);
  await reprice(shown, 330_000);
  await eventually(prices, ([price]) => price === 330_000);
  await shop.run(async (transaction) => {
    await transaction.query(`UPDATE products SET status = 'published' WHERE id = $1`, [hidden.id]);
    await recordEvents(transaction, PRODUCT, hidden.id, { type: 'product.published', payload: {} });
  });
  await eventually(prices, ({ length }) => length === 2);
});

test('a picture that is added, described or removed is shown at once on its page, in lists and where its product is recommended', async () => {
  const [product, page] = [await buildProduct(shop.database), await buildProduct(shop.database)];
  await shop.database.query(
    `INSERT INTO product_recommendations (product_id, kind, rank, other_id, score) VALUES ($1, 'similar', 1, $2, 1)`,
    [page.id, product.id],
  );
  const nodes = await twoNodes();
  const shownBy = async (node: CachedNode) => {
    const { body } = await node.get<ProductView>(`/products/${product.slug}`);
    const { body: list } = await node.get<ProductListView>('/products?limit=100');
    const { body: others } = await node.get<RecommendationsView>(`/products/${page.slug}/recommendations`);
    return {
      words: body.pictures.map(({ altFa }) => altFa),
      listed: list.items.find(({ slug }) => slug === product.slug)!.imageUrl,
      recommended: others.similar.map(({ imageUrl }) => imageUrl),
    };
  };
  const untilAllShow = (shown: object) =>
    Promise.all(
      nodes.map((node) =>
        eventually(
          () => shownBy(node),
          (it) => isDeepStrictEqual(it, shown),
        ),
      ),
    );
  const change = (work: (transaction: Transaction, seen: number) => Promise<unknown>) =>
    shop.run(async (transaction) => {
      await work(transaction, await lockProduct(transaction, product.id, null));
    });
  const before = await shownBy(nodes[0]);
  await untilAllShow(before);

  const [productId, pictureId] = [product.id, newId()];
  const sizes = [{ key: 'products/a/b.webp', width: 700, height: 350 }];
  await shop.run(async (transaction) => {
    const upload = { pictureId, productId, uploadKey: 'pictures/a.png', bytes: 1, expiresAt: new Date() };
    await requestUpload(transaction, upload);
    await completeUpload(transaction, { pictureId, productId });
    await noteRendering(transaction, { pictureId, digest: '0'.repeat(64), sizes });
    await settlePicture(transaction, { pictureId, failure: null });
  });
  const imageUrl = expect.stringContaining('products/a/b.webp') as string;
  const shown = await eventually(
    () => shownBy(nodes[0]),
    ({ words }) => words.length === 1,
  );
  expect(shown).toMatchObject({ listed: imageUrl, recommended: [imageUrl] });
  await untilAllShow(shown);

  const words = { altFa: 'از روبه‌رو', altEn: 'From the front' };
  await change((transaction, seen) => describePicture(transaction, { productId, seen, pictureId, ...words }));
  await untilAllShow({ ...shown, words: [words.altFa] });

  await change((transaction, seen) => removePicture(transaction, { productId, seen, pictureId }));
  await untilAllShow(before);
});

test('what is recommended is new on both nodes once it was computed, and a computation that changes nothing ends nothing', async () => {
  const { id: categoryId } = await buildCategory(shop.database);
  const build = () => buildProduct(shop.database, { categoryId });
  const [product, first] = [await build(), await build()];
  const compute = () =>
    shop.run((transaction) => recommendSimilar(transaction, { after: null, products: 1_000 }));
  const shownBy = async (node: CachedNode) => {
    const { body: page } = await node.get<ProductView>(`/products/${product.slug}`);
    const { body } = await node.get<RecommendationsView>(`/products/${product.slug}/recommendations`);
    return [page.recommendations.similar, body.similar].map((similar) => similar.map(({ slug }) => slug));
  };
  const nodes = await twoNodes();
  const untilAllShow = (slugs: readonly string[]) =>
    Promise.all(
      nodes.map((node) =>
        eventually(
          () => shownBy(node),
          (shown) => shown.every((similar) => isDeepStrictEqual(similar.toSorted(), slugs.toSorted())),
        ),
      ),
    );
  await untilAllShow([]);
  await compute();
  await untilAllShow([first.slug]);
  const second = await build();
  await compute();
  await untilAllShow([first.slug, second.slug]);

  const ended = () => shop.database.query('SELECT version FROM answer_caches');
  const before: unknown = await ended();
  await compute();
  expect(await ended()).toEqual(before);
});

test('a list that is filtered by price has a product as soon as its planned price is listed', async () => {
  const [{ id: categoryId, slug: category }, node] = [await buildCategory(shop.database), await open()];
  const product = await buildProduct(shop.database, { categoryId });
  const found = async () => {
    const { body } = await node.get<ProductListView>(`/products?category=${category}&maxPrice=90000`);
    return body.items.map(({ slug }) => slug);
  };
  expect(await found()).toEqual([]);
  // The plan was made an hour ago, and began a minute ago.
  await shop.run(async (transaction) => {
    await transaction.query('SET LOCAL session_replication_role = replica');
    await transaction.query(
      `INSERT INTO planned_prices (id, variant_id, price, starts_at, ends_at)
       VALUES ($1, $2, 90000, now() - interval '1 minute', now() + interval '1 hour')`,
      [newId(), product.variants[0]!.id],
    );
    await transaction.query(
      `UPDATE product_listings SET priced_until = now() - interval '1 minute' WHERE product_id = $1`,
      [product.id],
    );
  });
  expect(await found()).toEqual([]);
  expect(await shop.run((transaction) => refreshListedPrices(transaction, 1_000))).toBe(1);
  await eventually(found, (slugs) => isDeepStrictEqual(slugs, [product.slug]));
});

test('a page that is kept shows a planned price from its instant on, without a commit', async () => {
  const [product, node] = [await buildProduct(shop.database), await open()];
  const plan = `INSERT INTO planned_prices (id, variant_id, price, starts_at, ends_at)
     VALUES ($1, $2, 90000, clock_timestamp() + interval '2 seconds', now() + interval '1 hour') RETURNING starts_at AS "startsAt"`;
  const [planned] = await rows<{ startsAt: Date }>(shop.database.manager, plan, [
    newId(),
    product.variants[0]!.id,
  ]);
  const { startsAt } = planned!;
  expect(await shownPrice(node, product)).toBe(250_000);
  const loads = node.loads();
  const shown = { before: 0, late: 0 };
  await eventually(
    async () => {
      const price = await shownPrice(node, product);
      const now = Date.now();
      if (price === 250_000) shown[now < startsAt.getTime() ? 'before' : 'late'] += 1;
      return { price, now };
    },
    ({ price }) => price === 90_000,
  );
  expect(shown.before).toBeGreaterThan(0);
  // One read may have begun before the instant and ended after it.
  expect(shown.late).toBeLessThanOrEqual(1);
  expect(node.loads() - loads).toBe(1);
});

test('what is sold out is shown as sold out', async () => {
  const node = await open();
  const product = await buildProduct(shop.database, { variants: [{ stock: 1 }] });
  const inStock = async () => (await node.get<ProductView>(`/products/${product.slug}`)).body.inStock;
  expect(await inStock()).toBe(true);
  await shop.database.query('UPDATE stock_levels SET reserved = 1 WHERE variant_id = $1', [
    product.variants[0]!.id,
  ]);
  await eventually(inStock, (it) => !it);
});

test('while the journal cannot be read everything is loaded, and afterwards what changed meanwhile is new', async () => {
  const { host, href } = new URL(shop.url);
  const cut = await openTcpGate(host);
  opened.push(cut);
  const node = await open({ databaseUrl: href.replace(host, cut.address), silenceMs: 3_000 });
  const product = await buildProduct(shop.database);
  await shownPrice(node, product);
  cut.shut();
  await eventually(
    () => node.cache.figures().isOn,
    (isOn) => !isOn,
  );
  await reprice(product, 310_000);
  expect(await shownPrice(node, product)).toBe(310_000);
  await reprice(product, 320_000);
  cut.open();
  await eventually(
    () => node.cache.figures().isOn,
    (isOn) => isOn,
  );
  expect(await shownPrice(node, product)).toBe(320_000);
});

describe('when Redis', () => {
  const redisHost = () => new URL(inject('stack').redisUrl).host;

  async function behindGate(): Promise<{ node: CachedNode; gate: TcpGate }> {
    const way = await openTcpGate(redisHost());
    opened.push(way);
    return { gate: way, node: await open({ redisUrl: `redis://${way.address}` }) };
  }

  /** Reads and changes for a while: no answer fails and none is old. */
  async function staysTrue(nodes: readonly CachedNode[]): Promise<void> {
    const product = await buildProduct(shop.database);
    for (let price = 1_000; price < 1_005; price += 1) {
      await reprice(product, price);
      await untilShown(nodes, product, price);
    }
  }

  test('hangs, dies and comes back, no answer fails or is old', async () => {
    const { node, gate: way } = await behindGate();
    const other = await open();
    await staysTrue([node, other]);
    way.swallow();
    await staysTrue([node, other]);
    way.shut();
    await staysTrue([node, other]);
    way.open();
    await eventually(
      () => node.cache.figures().isShared,
      (isShared) => isShared,
    );
    await staysTrue([node, other]);
  });

  test('is emptied or holds garbage, no answer fails or is old', async () => {
    const [one, other] = await twoNodes();
    const redis = new Redis(inject('stack').redisUrl);
    opened.push({ close: () => redis.quit() });
    const product = await buildProduct(shop.database);
    await untilShown([one, other], product, 250_000);
    const keysNow = () => redis.keys(`${redisPrefixOf(shop)}ans:*`);
    const keys = await eventually(keysNow, (found) => found.some((key) => key.includes(':product:')));
    for (const [n, key] of keys.entries()) {
      await redis.unlink(key);
      await (n % 2 === 0 ? redis.set(key, 'garbage') : redis.lpush(key, 'garbage'));
    }
    const late = await open();
    expect(await shownPrice(late, product)).toBe(250_000);
    await redis.unlink(await keysNow());
    await staysTrue([one, other, late]);
  });

  test.each([
    ['speaks another language', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['is full', '-OOM command not allowed when used memory > maxmemory\r\n'],
  ])('%s, no answer fails', async (_what, reply) => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).on('data', () => socket.write(reply));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push(server);
    const { port } = server.address() as AddressInfo;
    await staysTrue([await open({ redisUrl: `redis://127.0.0.1:${port}` })]);
  });
});

test('lists that anybody can invent enter Redis when they are asked for twice, and those of storefronts at once', async () => {
  const node = await open();
  const redis = new Redis(inject('stack').redisUrl);
  opened.push({ close: () => redis.quit() });
  const keysNow = async () =>
    (await redis.keys(`${redisPrefixOf(shop)}ans:*`)).filter((key) => /:(list|search):/.test(key)).length;
  const invented = [
    ...Array.from({ length: 10 }, (_, n) => `minPrice=${n + 1}`),
    ...Array.from({ length: 10 }, (_, n) => `maxPrice=${n + 1_000_000}`),
    ...Array.from({ length: 10 }, (_, n) => `limit=${n + 31}`),
  ];
  const before = await keysNow();
  for (const query of invented) expect((await node.get(`/products?${query}`)).status, query).toBe(200);
  for (const query of ['', 'limit=12', 'sort=-price']) await node.get(`/products?${query}`);
  // What came after them is there, so they would be too.
  expect(await eventually(keysNow, (keys) => keys >= before + 3)).toBe(before + 3);

  await node.get(`/products?${invented[0]!}`);
  expect(await eventually(keysNow, (keys) => keys > before + 3)).toBe(before + 4);
});

describe('one answer', () => {
  test('is loaded once for a crowd, at most once a process', async () => {
    const { slug } = await buildProduct(shop.database);
    const [one, other] = await twoNodes();
    const crowd = Array.from({ length: 400 }, (_, n) =>
      (n % 2 === 0 ? one : other).get<ProductView>(`/products/${slug}`),
    );
    const answers = await Promise.all(crowd);
    expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.get('etag')}`)).size).toBe(1);
    expect(one.loads()).toBeLessThanOrEqual(1);
    expect(other.loads()).toBeLessThanOrEqual(1);
  });

  test('is one for all ways to ask for it', async () => {
    await buildProduct(shop.database);
    const node = await open();
    for (const query of [
      'limit=5&sort=price&inStock=true',
      'inStock=true&sort=price&limit=5',
      'limit=05&inStock=true&sort=price&lang=fa',
    ])
      expect((await node.get(`/products?${query}`)).status, query).toBe(200);
    expect(node.loads()).toBe(1);
    for (const q of ['كتاب ۱۲', 'کتاب 12', ' کتاب   12 ', 'کتاب%2012'])
      expect((await node.get(`/products?q=${q}`)).status, q).toBe(200);
    expect(node.loads()).toBe(2);
  });

  test('differs by language and by nothing that says who asks', async () => {
    const { slug } = await buildProduct(shop.database);
    const node = await open();
    const tagFor = async (headers: Record<string, string>) =>
      (await node.get(`/products/${slug}`, headers)).headers.get('etag');
    const plain = await tagFor({});
    for (const name of ['Authorization', 'X-Cart-Token', 'Cookie'])
      expect(await tagFor({ [name]: 'Bearer anything' }), name).toBe(plain);
    const answer = await node.get(`/products/${slug}`, { Cookie: 'a=b' });
    expect([answer.headers.get('set-cookie'), answer.headers.get('cache-control')]).toEqual([
      null,
      'public, max-age=0, must-revalidate',
    ]);
    expect(answer.headers.get('vary')).toMatch(/Accept-Encoding.*Accept-Language/);
    expect(node.loads()).toBe(1);
    await tagFor({ 'Accept-Language': 'en' });
    expect(node.loads()).toBe(2);
  });

  test('is the same bytes for two customers who have signed in, one with a cart, and for a guest', async () => {
    const { slug } = await buildProduct(shop.database);
    const node = await open();
    const place = { database: shop.database, accessToken: node.accessToken };
    const [one, other] = [await buildCaller(place), await buildCaller(place)];
    const { body: cart } = await node.send<{ token: string }>('POST', '/carts', {}, { ...one.headers });
    const callers: Record<string, string>[] = [
      { ...one.headers, 'X-Cart-Token': cart.token },
      { ...other.headers },
      {},
    ];
    // Both sessions are real: each customer is known by theirs.
    const profiles = await Promise.all(
      [one, other].map(({ headers }) => node.get<{ id: string }>('/me', { ...headers })),
    );
    expect(profiles.map(({ status }) => status)).toEqual([200, 200]);
    expect(profiles[0]!.body).not.toEqual(profiles[1]!.body);
    for (const path of [
      `/products/${slug}`,
      `/products/${slug}/recommendations`,
      '/products?limit=5',
      '/categories',
    ]) {
      const loads = node.loads();
      const answers = [];
      for (const headers of [...callers, ...callers.toReversed()]) {
        const answer = await request(`${node.url}/api/v1${path}`, { headers });
        const { date: _, 'x-request-id': __, ...rest } = answer.headers;
        const left = Object.entries(rest).filter(([name]) => !name.startsWith('ratelimit'));
        answers.push([answer.statusCode, left, await answer.body.text()]);
      }
      for (const answer of answers) expect(answer, path).toEqual(answers[0]);
      expect(answers[0]![0]).toBe(200);
      expect(node.loads() - loads).toBe(1);
    }
  });

  test('is compressed for whoever takes that, and known by the tag of either form', async () => {
    await buildProduct(shop.database, { description: 'خوب '.repeat(600), slug: 'long-one' });
    const node = await open();
    const ask = (headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') =>
      request(`${node.url}/api/v1/products/long-one`, { method, headers });
    const plain = await ask({});
    const bytes = Buffer.from(await plain.body.arrayBuffer());
    const small = await ask({ 'accept-encoding': 'br, gzip;q=0.5' });
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(Buffer.from(await small.body.arrayBuffer()))).toEqual(bytes);
    for (const refused of ['gzip;q=0', 'br', 'gzip; q=0.000, br'])
      expect(
        (await ask({ 'accept-encoding': refused })).headers['content-encoding'],
        refused,
      ).toBeUndefined();

    const [tag, smallTag] = [plain, small].map(({ headers }) => headers['etag'] as string) as [
      string,
      string,
    ];
    expect(smallTag).toBe(tag.replace(/"$/, '-g"'));
    for (const known of [tag, smallTag, `W/${tag}`, `"x", W/${smallTag}`, '*'])
      for (const encoding of ['identity', 'gzip']) {
        const again = await ask({ 'if-none-match': known, 'accept-encoding': encoding });
        expect([again.statusCode, await again.body.text()], known).toEqual([304, '']);
        expect(again.headers['etag']).toBe(encoding === 'gzip' ? smallTag : tag);
      }
    expect((await ask({ 'if-none-match': '"x"' })).statusCode).toBe(200);
    const head = await ask({}, 'HEAD');
    expect([head.statusCode, head.headers['content-length'], await head.body.text()]).toEqual([
      200,
      String(bytes.length),
      '',
    ]);
    expect(node.loads()).toBe(1);
  });
});
