import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { StaffPicturesView, UploadView } from '../../api/pictures/picture.view';
import { newId } from '../../entities/values/uuid';
import { eventually } from '../support/eventually';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildProduct, type BuiltProduct } from '../support/factories/catalog';
import { drawn } from '../support/factories/pictures';
import { startS3World, type S3World } from '../support/s3-world';
import { openShop, type Shop } from '../support/shop';
import { rows } from '../support/sql';
import { upload } from '../support/storage-under-test';

interface Answer<Body = Readonly<Record<string, never>>> {
  readonly status: number;
  readonly etag: string;
  readonly body: Body;
}

interface World {
  readonly shop: Shop;
  readonly s3: S3World | undefined;
  readonly staff: BuiltCaller;
}

async function openWorld(kind: 'folder' | 'bucket'): Promise<World> {
  const s3 = kind === 'bucket' ? await startS3World() : undefined;
  const shop = await openShop(s3 && { s3: s3.storage });
  return { shop, s3, staff: await buildCaller(shop, { roles: ['staff'] }) };
}

describe.each(['folder', 'bucket'] as const)('pictures of products in a %s', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(async () => {
    await world.shop.close();
    await world.s3?.stop();
  });

  async function call<Body>(
    method: string,
    path: string,
    { body, ifMatch, by = world.staff }: { body?: object; ifMatch?: string; by?: BuiltCaller } = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${world.shop.url}/api/v1/catalog/products/${path}`, {
      method,
      headers: {
        ...by.headers,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await response.text();
    return {
      status: response.status,
      etag: response.headers.get('etag') ?? '',
      body: JSON.parse(text || 'null') as Body,
    };
  }

  const list = (productId: string) => call<StaffPicturesView>('GET', `${productId}/pictures`);

  async function ask(productId: string, bytes: number, type = 'image/png'): Promise<UploadView> {
    const { status, body } = await call<UploadView>('POST', `${productId}/pictures`, {
      body: { type, bytes },
    });
    expect(status).toBe(201);
    return body;
  }

  /** The shop of a test listens somewhere else than its public address says. */
  const here = (url: string) =>
    url.startsWith('http://127.0.0.1:3000') ? world.shop.url + url.slice(21) : url;
  const send = (asked: UploadView, bytes: Buffer<ArrayBuffer>) =>
    upload({ key: '', ...asked, url: here(asked.url) }, bytes);

  async function settle(productId: string, pictureId: string) {
    const { status } = await call('POST', `${productId}/pictures/${pictureId}/complete`);
    expect(status).toBe(202);
    const { body } = await eventually(
      () => list(productId),
      (it) => it.body.items.some(({ id, status: now }) => id === pictureId && now !== 'uploaded'),
    );
    return body.items.find(({ id }) => id === pictureId)!;
  }

  async function put(productId: string, bytes: Buffer<ArrayBuffer>, type?: string) {
    const asked = await ask(productId, bytes.length, type);
    expect((await send(asked, bytes)).ok).toBe(true);
    return settle(productId, asked.pictureId);
  }

  const publicly = async ({ slug }: BuiltProduct) =>
    (await (await fetch(`${world.shop.url}/api/v1/products/${slug}`)).json()) as {
      imageUrl: string | null;
      imageUrls: string[];
      pictures: { id: string; altFa: string; sizes: { url: string; width: number }[] }[];
    };

  const stored = async (): Promise<string[]> => {
    if (world.s3) {
      const { objects } = (await world.s3.control('GET', '/objects')) as { objects: { key: string }[] };
      return objects.map(({ key }) => key);
    }
    return readdirSync(world.shop.folder, { recursive: true, encoding: 'utf8' }).filter((it) =>
      /\.\w+$/.test(it),
    );
  };

  test('an upload becomes a picture that everybody sees in a few sizes, for ever under the same names', async () => {
    const product = await buildProduct(world.shop.database, {
      imageUrls: ['https://elsewhere.example/1.webp'],
    });
    expect(await publicly(product)).toMatchObject({
      imageUrl: 'https://elsewhere.example/1.webp',
      pictures: [],
    });

    const picture = await put(product.id, await drawn('red'));
    expect(picture).toMatchObject({ status: 'ready', failure: null });
    expect(picture.sizes.map(({ width, height }) => [width, height])).toEqual([
      [200, 100],
      [600, 300],
      [700, 350],
    ]);

    const shown = await publicly(product);
    expect(shown.pictures.map(({ id }) => id)).toEqual([picture.id]);
    expect(shown.imageUrl).toBe(picture.sizes[1]!.url);
    expect(shown.imageUrls).toEqual([picture.sizes[2]!.url]);
    const found = await fetch(`${world.shop.url}/api/v1/products?sort=newest&limit=1`);
    expect(await found.json()).toMatchObject({
      items: [{ id: product.id, imageUrl: picture.sizes[1]!.url }],
    });

    const file = await fetch(here(picture.sizes[1]!.url));
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(file.headers.get('content-type')).toBe('image/webp');
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(file.headers.get('content-security-policy')).toContain('sandbox');
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 600, height: 300 });
    expect(picture.sizes[1]!.url).toContain(createHash('sha256').update(bytes).digest('hex'));
    const again = await fetch(here(picture.sizes[1]!.url), {
      headers: { 'if-none-match': file.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
    const told = await rows<{ type: string }>(
      world.shop.database.manager,
      `SELECT type FROM events WHERE aggregate_type = 'product' AND aggregate_id = $1`,
      [product.id],
    );
    expect(told).toEqual([{ type: 'product.pictures_changed' }]);
  });

  test.each([
    ['HTML', () => Promise.resolve('<html><script>alert(1)</script></html>'), 'not_a_picture'],
    [
      'SVG',
      () => Promise.resolve('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'not_a_picture',
    ],
    ['a GIF that is a script', () => Promise.resolve('GIF89a/*\u0001\u0000*/=1;alert(1)'), 'not_a_picture'],
    ['a decompression bomb', async () => drawn('white', { width: 9_000, height: 9_000 }), 'too_many_pixels'],
    ['half of a picture', async () => (await drawn('green')).subarray(0, 400), 'not_a_picture'],
  ])('%s is refused by its content and leaves nothing behind', async (_name, make, failure) => {
    const { id: productId, slug, variants } = await buildProduct(world.shop.database);
    const before = await stored();
    expect(await put(productId, Buffer.from(await make()))).toMatchObject({
      status: 'failed',
      failure,
      sizes: [],
    });
    await eventually(stored, (keys) => keys.every((key) => before.includes(key)));
    expect(await publicly({ id: productId, slug, variants })).toMatchObject({ imageUrl: null, pictures: [] });
  });

  test('what is not announced so is refused', async () => {
    const { id } = await buildProduct(world.shop.database);
    const bytes = await drawn('blue');
    const small = await ask(id, bytes.length - 1);
    expect((await send(small, bytes)).ok).toBe(false);
    expect(await settle(id, small.pictureId)).toMatchObject({ failure: 'not_uploaded' });
    const large = await ask(id, bytes.length + 1);
    expect((await send(large, bytes)).ok).toBe(true);
    expect(await settle(id, large.pictureId)).toMatchObject({ failure: 'wrong_size' });

    for (const body of [
      { type: 'image/svg+xml', bytes: 9 },
      { type: 'image/gif', bytes: 9 },
      { type: 'image/png', bytes: 10 * 1024 * 1024 + 1 },
      { type: 'image/png', bytes: 0 },
      { type: 'image/png', bytes: 9, key: '../secrets' },
    ])
      expect((await call('POST', `${id}/pictures`, { body })).status, JSON.stringify(body)).toBe(422);
  });

  test('the same picture twice stays one, and completing twice changes nothing', async () => {
    const { id } = await buildProduct(world.shop.database);
    const bytes = await drawn('yellow');
    const first = await put(id, bytes);
    expect(await put(id, bytes)).toMatchObject({ status: 'failed', failure: 'duplicate' });
    expect(await settle(id, first.id)).toMatchObject({ status: 'ready' });
    const other = await buildProduct(world.shop.database);
    const shared = await put(other.id, bytes);
    expect(shared.status).toBe('ready');

    const { etag } = await list(id);
    await call('DELETE', `${id}/pictures/${first.id}`, { ifMatch: etag });
    await eventually(
      () => fetch(here(first.sizes[0]!.url)),
      ({ status }) => status === 404,
    );
    expect((await fetch(here(shared.sizes[0]!.url))).status).toBe(200);
  });

  test('a repetition is not recorded, and refused pictures never hide one that is ready', async () => {
    const { id } = await buildProduct(world.shop.database);
    await rows(
      world.shop.database.manager,
      `INSERT INTO product_pictures (id, product_id, status, failure, upload_bytes, upload_expires_at, position)
       SELECT uuidv7(), $1, 'failed', 'not_a_picture', 1, now(), n FROM generate_series(1, 200) AS n`,
      [id],
    );
    const shown = await put(id, await drawn('#777'));
    expect(shown).toMatchObject({ status: 'ready' });
    await call('POST', `${id}/pictures/${shown.id}/complete`);
    const { etag } = await list(id);
    const body = { pictureIds: [shown.id] };
    await call('PUT', `${id}/pictures/order`, { body, ifMatch: etag });
    const again = await call('PUT', `${id}/pictures/order`, { body, ifMatch: (await list(id)).etag });
    expect(again.status).toBe(200);
    const alt = { body: { altFa: 'جلد', altEn: null } };
    for (let times = 0; times < 2; times++)
      await call('PUT', `${id}/pictures/${shown.id}/alt`, { ...alt, ifMatch: (await list(id)).etag });
    const recorded = await rows<{ change: string }>(
      world.shop.database.manager,
      `SELECT details ->> 'change' AS change FROM staff_actions WHERE object_id = $1 ORDER BY id`,
      [id],
    );
    expect(recorded.map(({ change }) => change)).toEqual(['upload', 'complete', 'order', 'alt']);
  });

  test('order, words and removal go by the version that was seen', async () => {
    const product = await buildProduct(world.shop.database);
    const [a, b] = [await put(product.id, await drawn('#111')), await put(product.id, await drawn('#222'))];
    const path = `${product.id}/pictures`;
    const seen = await list(product.id);
    expect(seen.body.items.map(({ id }) => id)).toEqual([a.id, b.id]);

    const order = (pictureIds: string[], ifMatch?: string) =>
      call<StaffPicturesView & { code: string }>('PUT', `${path}/order`, {
        body: { pictureIds },
        ...(ifMatch === undefined ? {} : { ifMatch }),
      });
    expect(await order([b.id, a.id])).toMatchObject({
      status: 428,
      body: { code: 'request.if_match_missing' },
    });
    expect((await order([b.id, a.id], 'W/"x"')).status).toBe(422);
    for (const wrong of [[a.id], [a.id, b.id, newId()], [a.id, newId()], []])
      expect(await order(wrong, seen.etag)).toMatchObject({
        status: 409,
        body: { code: 'picture.order_incomplete' },
      });
    const ordered = await order([b.id, a.id], seen.etag);
    expect(ordered.body.items.map(({ id }) => id)).toEqual([b.id, a.id]);
    expect((await publicly(product)).imageUrl).toBe(b.sizes[1]!.url);
    expect(await order([a.id, b.id], seen.etag)).toMatchObject({
      status: 412,
      body: { code: 'catalog.product_changed', version: ordered.body.version },
    });

    const said = await call<StaffPicturesView>('PUT', `${path}/${a.id}/alt`, {
      ...{ body: { altFa: ' جلد ', altEn: null }, ifMatch: ordered.etag },
    });
    expect(said.body.items[1]).toMatchObject({ altFa: 'جلد', altEn: '' });
    expect(await call('DELETE', `${path}/${b.id}`, { ifMatch: ordered.etag })).toMatchObject({ status: 412 });
    const removed = await call<StaffPicturesView>('DELETE', `${path}/${b.id}`, { ifMatch: said.etag });
    expect(removed.body.items.map(({ id }) => id)).toEqual([a.id]);
    expect((await publicly(product)).pictures).toMatchObject([{ id: a.id, altFa: 'جلد' }]);
    const recorded = await rows<{ change: string }>(
      world.shop.database.manager,
      `SELECT details ->> 'change' AS change FROM staff_actions WHERE object_id = $1 AND object_type = 'product' ORDER BY id`,
      [product.id],
    );
    expect(recorded.map(({ change }) => change).slice(-3)).toEqual(['order', 'alt', 'remove']);
  });

  test('a foreign product, an unknown picture and a stranger get nothing', async () => {
    const { id } = await buildProduct(world.shop.database);
    const mine = await put(id, await drawn('#333'));
    const other = await buildProduct(world.shop.database);
    const { etag: ifMatch } = await list(other.id);
    for (const [method, path, body] of [
      ['POST', `${other.id}/pictures/${mine.id}/complete`, undefined],
      ['DELETE', `${other.id}/pictures/${mine.id}`, undefined],
      ['PUT', `${other.id}/pictures/${mine.id}/alt`, { altFa: 'x' }],
    ] as const)
      expect(await call(method, path, { ifMatch, ...(body ? { body } : {}) }), path).toMatchObject({
        ...{ status: 404, body: { code: 'picture.not_found' } },
      });
    expect((await call('GET', `${newId()}/pictures`)).status).toBe(404);
    const customer = await buildCaller(world.shop);
    expect((await call('GET', `${id}/pictures`, { by: customer })).status).toBe(403);
  });

  test('a product has twenty pictures at most', async () => {
    const { id } = await buildProduct(world.shop.database);
    for (let made = 0; made < 20; made++) await ask(id, 100);
    expect(await call('POST', `${id}/pictures`, { body: { type: 'image/png', bytes: 100 } })).toMatchObject({
      ...{ status: 409, body: { code: 'picture.too_many', limit: 20 } },
    });
  });

  test('only rendered pictures are served, and no path leads elsewhere', async () => {
    const { id } = await buildProduct(world.shop.database);
    const asked = await ask(id, 100);
    const name = '0'.repeat(64);
    for (const path of [
      new URL(asked.url).pathname.replace('/uploads', '/pictures'),
      `/pictures/products/${'0'.repeat(32)}/${name}.webp`,
      `/pictures/products/${'0'.repeat(32)}/${name}.svg`,
      `/pictures/products/${'0'.repeat(32)}/..%2f..%2f${name}.webp`,
      `/pictures/products/..%2f..%2fetc/passwd`,
      `/pictures/products/%2e%2e/${name}.webp`,
      `/pictures/.incoming/${'0'.repeat(32)}/${name}.webp`,
    ]) {
      const response = await fetch(world.shop.url + path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('an upload to the shop itself', () => {
  let shop: Shop;
  let staff: BuiltCaller;
  beforeAll(async () => {
    shop = await openShop({ workers: false });
    staff = await buildCaller(shop, { roles: ['staff'] });
  });
  afterAll(() => shop.close());

  async function signedUrl(): Promise<URL> {
    const { id } = await buildProduct(shop.database);
    const response = await fetch(`${shop.url}/api/v1/catalog/products/${id}/pictures`, {
      method: 'POST',
      headers: { ...staff.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'image/png', bytes: 100 }),
    });
    const { url } = (await response.json()) as UploadView;
    return new URL(new URL(url).pathname + new URL(url).search, shop.url);
  }

  const put = async (url: URL, body: string | null = 'x'.repeat(100)) => {
    const response = await fetch(url, { method: 'PUT', body });
    const text = await response.text();
    return [response.status, text && (JSON.parse(text) as { code: string }).code];
  };

  test('needs its own token, once, and keeps to its size', async () => {
    const url = await signedUrl();
    const other = await signedUrl();
    const swapped = new URL(url);
    swapped.search = other.search;
    expect(await put(swapped)).toEqual([403, 'upload.not_signed']);
    expect(await put(new URL(url.pathname, url))).toEqual([403, 'upload.not_signed']);
    expect(await put(url, 'x'.repeat(101))).toEqual([413, 'request.too_large']);
    expect(await put(url, null)).toEqual([422, 'upload.empty']);
    expect(await put(url)).toEqual([204, '']);
    expect(await put(url)).toEqual([409, 'upload.exists']);
    for (const path of [
      '/uploads/pictures/..%2f..%2fx.png',
      '/uploads/pictures/x.svg',
      '/uploads/products/x.png',
    ])
      expect((await put(new URL(path + url.search, shop.url)))[0], path).toBe(404);
  });
});
