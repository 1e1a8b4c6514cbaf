import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { watchStatements } from '../../platform/statement-count';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { trackedIdAt, viewAt } from '../support/factories/tracked';
import { openShop, type Shop } from '../support/shop';
import { rows } from '../support/sql';

let shop: Shop;
let staff: BuiltCaller;
let support: BuiltCaller;
beforeAll(async () => {
  shop = await openShop({ workers: false });
  staff = await buildCaller(shop, { roles: ['staff'] });
  support = await buildCaller(shop, { roles: ['support'] });
});
afterAll(() => shop.close());

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';

async function tell(
  events: unknown,
  { url = shop.url, agent = BROWSER, headers = {} }: { url?: string; agent?: string; headers?: object } = {},
) {
  const answer = await fetch(`${url}/api/v1/analytics/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': agent, ...headers },
    body: JSON.stringify({ session: randomUUID(), events }),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as object };
}

const get = async ({ headers }: BuiltCaller, path: string) => {
  const answer = await fetch(`${shop.url}/api/v1/analytics/${path}`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

const stored = () =>
  rows<{ id: string; props: object; row: string }>(
    shop.database.manager,
    'SELECT event_id AS id, props, t::text AS row FROM tracking_events t ORDER BY event_id',
  );

test('what a page tells is stored once, with nothing of its person, by processes that own no table', async () => {
  const events = [
    { ...viewAt(new Date()), device: 'phone' },
    { id: trackedIdAt(new Date()), name: 'search', results: 4 },
  ];
  for (let time = 0; time < 2; time += 1) {
    const answer = await tell(events, { headers: { Cookie: 'a=secret', 'X-Forwarded-For': '203.0.113.9' } });
    expect([answer.status, answer.body]).toEqual([202, { accepted: 2 }]);
  }
  const found = await stored();
  expect(found.map(({ props }) => props)).toEqual(
    expect.arrayContaining([{ page: 'home', device: 'phone' }, { results: 4 }]),
  );
  expect(found).toHaveLength(2);
  const text = found.map(({ row }) => row).join();
  for (const trace of ['127.0.0.1', '203.0.113.9', 'secret', 'Mozilla', 'Firefox'])
    expect(text).not.toContain(trace);
});

test('bots and a shop that does not track answer the same and store nothing', async () => {
  const before = await stored();
  const off = await shop.withTerms({ analytics: { trackingEnabled: false } });
  const answers = [
    await tell([viewAt(new Date())], { agent: 'Googlebot/2.1 (+http://www.google.com/bot.html)' }),
    await tell([viewAt(new Date())], { agent: 'python-requests/2.32' }),
    await tell([viewAt(new Date())], { url: off.url }),
  ];
  expect(answers.map(({ status, body }) => [status, body])).toEqual(
    Array.from({ length: 3 }, () => [202, { accepted: 1 }]),
  );
  expect(await stored()).toEqual(before);
});

test('an address may tell so many events a minute, in however few requests', async () => {
  const { url } = await shop.withTerms({ analytics: { trackingEventsPerMinute: 50 } });
  const views = (count: number) => Array.from({ length: count }, () => viewAt(new Date()));
  const headers = { 'X-Forwarded-For': '203.0.113.77' };
  const before = await stored();
  expect(await tell(views(40), { url, headers })).toMatchObject({ status: 202 });
  const refused = await tell(views(20), { url, headers });
  expect(refused).toMatchObject({ status: 429, body: { code: 'request.too_many' } });
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(await stored()).toHaveLength(before.length + 40);
});

test('a batch that nobody expects is refused and named', async () => {
  const views = (count: number) => Array.from({ length: count }, () => viewAt(new Date()));
  for (const events of [views(51), [], [null], [{ ...views(1)[0], name: 'paid_order', amount: 5 }], 'x']) {
    expect(await tell(events)).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
  }
});

test('reading products writes and asks nothing of tracking', async () => {
  const statements: string[] = [];
  const stop = watchStatements(shop.database, (text) => statements.push(text));
  const list = await fetch(`${shop.url}/api/v1/products`);
  const { items } = (await list.json()) as { items: { slug: string }[] };
  const one = await fetch(`${shop.url}/api/v1/products/${items[0]!.slug}`);
  stop();
  expect([list.status, one.status]).toEqual([200, 200]);
  expect(statements.filter((text) => /tracking|analytics/.test(text))).toEqual([]);
});

test('figures are for those who may see money', async () => {
  const history = 'history?figure=revenue&from=2026-11-01&to=2026-11-14&by=hour';
  expect(await get(staff, 'figures')).toMatchObject({
    status: 200,
    body: { ordersToday: 0, revenueToday: [], attention: null, asOf: expect.any(String) },
  });
  expect(await get(staff, history)).toEqual({
    status: 200,
    body: { figure: 'revenue', by: 'hour', points: [] },
  });
  for (const path of ['figures', history])
    expect(await get(support, path)).toMatchObject({ status: 403, body: { code: 'access.forbidden' } });
});

test.each([
  'history',
  'history?figure=secrets&from=2026-11-01&to=2026-11-02',
  'history?figure=orders&from=2026-02-30&to=2026-11-02',
  'history?figure=orders&from=2026-11-02&to=2026-11-01',
  'history?figure=orders&from=2024-01-01&to=2026-11-01',
  'history?figure=orders&from=2026-11-01&to=2026-11-15&by=hour',
  'history?figure=orders&from=2026-11-01&to=2026-11-15&by=minute',
])('%s is refused', async (path) => {
  expect(await get(staff, path)).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
});
