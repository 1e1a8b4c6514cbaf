import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CacheView, EntriesView, InspectedView } from '../../api/cache/cache.view';
import type { CategoryView } from '../../api/catalog/catalog.view';
import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { openCachedNode, type CachedNode } from '../support/cached-node';
import { eventually } from '../support/eventually';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildCategory } from '../support/factories/catalog';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';

let shop: ShopDatabase;
let nodes: readonly CachedNode[];
let staff: BuiltCaller;

beforeAll(async () => {
  shop = await openShopDatabase();
  await buildCategory(shop.database, { title: 'دسته' });
  nodes = [await openCachedNode(shop), await openCachedNode(shop)];
  staff = await buildCaller({ database: shop.database, ...nodes[0]! }, { roles: ['staff'] });
});
afterAll(async () => {
  for (const node of nodes) await node.close();
  await shop.close();
});

const titles = async (node: CachedNode) =>
  (await node.get<CategoryView[]>('/categories')).body.map(({ title }) => title);
const rename = (title: string) => shop.database.query('UPDATE categories SET title = $1', [title]);

async function invalidate(body: object): Promise<number> {
  const { status } = await nodes[0]!.send('POST', '/cache/invalidations', body, staff.headers);
  return status;
}

test.each([{ tags: ['categories'] }, { pattern: 'categories *' }, { pattern: '*' }])(
  'what was changed past the shop is shown by all nodes after %o',
  async (wanted) => {
    const title = JSON.stringify(wanted);
    await Promise.all(nodes.map(titles));
    await rename(title);
    for (const node of nodes) expect(await titles(node)).not.toContain(title);
    expect(await invalidate(wanted)).toBe(204);
    for (const node of nodes)
      await eventually(
        () => titles(node),
        (shown) => shown.includes(title),
      );
    const [latest] = await readStaffActions(shop.database.manager, { before: null, limit: 1 });
    expect(latest).toMatchObject({ action: 'cache.invalidate', objectType: 'answer_cache' });
    await shop.assertInvariantsHold();
  },
);

test.each([{}, { tags: [] }, { tags: ['x'] }, { tags: ['product:1'] }, { pattern: '' }])(
  '%o is refused',
  async (body) => {
    expect(await invalidate(body)).toBe(422);
  },
);

test('staff see how much comes from the cache and what is in it', async () => {
  const [node] = nodes as [CachedNode];
  await titles(node);
  await titles(node);
  // In a busy process Redis may seem late for a moment.
  const cache = await eventually(
    async () => (await node.get<CacheView>('/cache', staff.headers)).body,
    ({ isShared }) => isShared,
  );
  expect(cache.isOn).toBe(true);
  const categories = cache.kinds.find(({ kind }) => kind === 'categories')!;
  expect(categories.entries).toBe(1);
  expect(categories.served.l1).toBeGreaterThan(0);
  expect(categories.hitRatio).toBeGreaterThan(0);
  expect(cache.kinds.find(({ kind }) => kind === 'product')!.hitRatio).toBeNull();

  const { body: entries } = await node.get<EntriesView>('/cache/entries?pattern=categories *', staff.headers);
  expect(entries.items).toEqual([
    expect.objectContaining({ name: 'categories lang="fa"', tags: ['categories'], isValid: true }),
  ]);
  const name = encodeURIComponent(entries.items[0]!.name);
  const found = await eventually(
    async () => {
      await invalidate({ tags: ['categories'] });
      await titles(node);
      return (await node.get<InspectedView>(`/cache/entry?name=${name}`, staff.headers)).body;
    },
    ({ local, shared }) => shared !== null && local?.etag === shared.etag,
  );
  expect(found.shared).toMatchObject({ name: 'categories lang="fa"', tags: ['categories'] });
  const unknown = await node.get(`/cache/entry?name=categories x`, staff.headers);
  expect(unknown.body).toEqual({ local: null, shared: null });
  expect((await node.get('/cache/entry?name=x', staff.headers)).status).toBe(422);
});

test('nobody else sees or ends anything', async () => {
  const [node] = nodes as [CachedNode];
  expect((await node.get('/cache')).status).toBe(401);
  const customer = await buildCaller({ database: shop.database, ...node }, {});
  expect((await node.get('/cache/entries', customer.headers)).status).toBe(403);
});
