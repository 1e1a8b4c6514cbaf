import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import type { CampaignView } from '../../api/campaigns/campaigns.view';
import type { CampaignReportView } from '../../api/campaigns/report.view';
import { beginBatch } from '../../entities/campaigns/begin-batch';
import { campaignLink } from '../../entities/campaigns/campaign-link';
import { gatherAudience, startCampaign } from '../../entities/campaigns/gather-audience';
import { recordBatch } from '../../entities/campaigns/record-batch';
import { recordFind } from '../../entities/campaigns/record-find';
import { SmsCallbackConfig } from '../../platform/config/sms';
import { createShortTokens } from '../../platform/short-token';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildHandedOver, buildWilling, type WillingCustomer } from '../support/factories/campaigns';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

const MANY = 100_000_000;

let shop: ShopDatabase;
let api: ApiUnderTest;
let author: BuiltCaller;
let second: BuiltCaller;
let support: BuiltCaller;
let people: WillingCustomer[];

beforeAll(async () => {
  shop = await openShopDatabase();
  api = await openApiUnderTest({
    limits: { orderRequestsPerMinute: MANY, staffRequestsPerMinute: MANY },
    temporal: { temporalDeadlineMs: 100 },
    neighbours: { database: shop.database },
  });
  const access = { database: shop.database, ...api };
  author = await buildCaller(access, { roles: ['staff'] });
  second = await buildCaller(access, { roles: ['admin'] });
  support = await buildCaller(access, { roles: ['support'] });
  people = await buildWilling(shop.database, 3);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(async () => {
  await api.close();
  await shop.close();
});

type Answered = CampaignView & CampaignReportView & { readonly code: string; readonly items: unknown[] };

async function call(
  who: BuiltCaller,
  method: string,
  path: string,
  { body, version, key }: { body?: object | string; version?: number; key?: string } = {},
) {
  const isTable = typeof body === 'string';
  const response = await fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: {
      ...who.headers,
      ...(body !== undefined && { 'content-type': isTable ? 'text/csv' : 'application/json' }),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: isTable ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Answered };
}

const CONTENT = { name: 'Norooz', template: 'campaign_offer', variables: { text: 'حراج نوروزی' } };
const write = (body: object = { ...CONTENT, audience: 'filter' }, key: string = randomUUID()) =>
  call(author, 'POST', '/campaigns', { body, key });

test('a campaign is written once, changed, previewed, started and followed; a repetition changes nothing', async () => {
  const key = randomUUID();
  const written = await write(undefined, key);
  expect(written).toMatchObject({
    ...{ status: 201, body: { status: 'draft', version: 1, filter: {}, operatorMoves: [] } },
  });
  expect((await write(undefined, key)).status).toBe(200);
  const { id } = written.body;

  const stale = await call(author, 'PATCH', `/campaigns/${id}`, { body: { name: 'B' }, version: 9 });
  expect(stale).toMatchObject({ status: 412, body: { code: 'campaigns.version_moved' } });
  const changed = await call(author, 'PATCH', `/campaigns/${id}`, { body: { maxCost: 100_000 }, version: 1 });
  expect(changed).toMatchObject({ status: 200, body: { version: 2, maxCost: 100_000 } });
  const audit = await row<{ details: object }>(
    shop.database.manager,
    `SELECT details FROM staff_actions WHERE object_id = $1 AND details->>'change' = 'change'`,
    [id],
  );
  expect(audit).toMatchObject({ details: { oldMaxCost: null, newMaxCost: 100_000 } });
  const preview = await call(author, 'GET', `/campaigns/${id}/preview`);
  expect(preview.body).toMatchObject({ recipients: 3, segmentPrice: 2_000, needsApproval: false });
  expect(preview.text).toContain('/u/000000-');

  const start = () => call(author, 'POST', `/campaigns/${id}/start`, { body: {}, version: 2 });
  expect(await start()).toMatchObject({ status: 200, body: { status: 'scheduled', segmentPrice: 2_000 } });
  expect((await start()).status).toBe(200);
  const paused = await call(author, 'POST', `/campaigns/${id}/pause`);
  expect(paused).toMatchObject({ status: 409, body: { code: 'campaigns.not_running' } });

  const input = { campaignId: id, at: Date.now() };
  await shop.run((transaction) => startCampaign(transaction, input));
  await shop.run((transaction) => gatherAudience(transaction, input));
  const terms = { provider: 'sms-ir', atMost: 2, perSecond: 100, isNightAllowed: true, reportAfterMs: [0] };
  await shop.run((transaction) => beginBatch(transaction, input, terms));

  const page = await call(support, 'GET', `/campaigns/${id}/recipients?limit=2`);
  expect(page.body.items).toHaveLength(2);
  expect(page.text).toContain('•••');
  for (const { phone } of people) expect(page.text).not.toContain(phone);
  const { next } = page.body as unknown as { next: number };
  const rest = await call(support, 'GET', `/campaigns/${id}/recipients?limit=2&after=${next}`);
  expect(rest.body).toMatchObject({ items: [{ recipient: null, status: 'pending' }], next: null });
  const report = await call(support, 'GET', `/campaigns/${id}/report`);
  expect(report.body).toMatchObject({ counts: { handed: 2, pending: 1 }, costs: [], troubledCalls: [] });

  expect((await call(author, 'POST', `/campaigns/${id}/pause`)).body.status).toBe('paused');
  expect((await call(author, 'POST', `/campaigns/${id}/resume`)).body.status).toBe('running');
  expect((await call(author, 'POST', `/campaigns/${id}/cancel`)).body.status).toBe('cancelled');
  expect((await call(author, 'POST', `/campaigns/${id}/cancel`)).status).toBe(200);
  const listed = await call(support, 'GET', '/campaigns?status=cancelled&limit=1');
  expect(listed.body.items).toMatchObject([{ id, status: 'cancelled' }]);
});

test('a report says what providers say it cost, and how many messages have no price', async () => {
  const { id } = await buildHandedOver(shop.database);
  const { batchId, numbers } = (await row<{ batchId: string; numbers: string[] }>(
    shop.database.manager,
    `SELECT batch_id AS "batchId", array_agg(number::text ORDER BY number) AS numbers FROM campaign_recipients
     WHERE campaign_id = $1 AND status = 'handed' GROUP BY batch_id`,
    [id],
  ))!;
  const accept = (reference: string) =>
    ({ kind: 'accepted', reference, providerMessageId: `m-${reference}` }) as const;
  const costs = [{ amount: '0.25', unit: 'USD', messages: 1 }];
  const terms = { findAfterMs: [0] };
  const reportOf = async () => (await call(support, 'GET', `/campaigns/${id}/report`)).body;
  await shop.run((transaction) => {
    const outcome = { kind: 'answered', results: [accept(numbers[0]!)], costs } as const;
    return recordBatch(transaction, { batchId, at: Date.now(), outcome }, terms);
  });
  expect(await reportOf()).toMatchObject({ costs: [{ amount: '0.25', unit: 'USD' }], withoutPrice: 0 });
  await shop.run((transaction) => {
    const found = { kind: 'searched', results: [accept(numbers[1]!)], areOthersCertain: false } as const;
    return recordFind(transaction, { batchId, at: Date.now(), outcome: { ...found, costs: [] } }, terms);
  });
  expect(await reportOf()).toMatchObject({
    ...{ costs: [{ amount: '0.25', unit: 'USD' }], withoutPrice: 1, counts: { accepted: 2 } },
  });
});

test('of a table of numbers the willing are taken, the rest is counted, and no number comes back', async () => {
  const { id } = (await write({ ...CONTENT, audience: 'csv' })).body;
  const spelled = `0${people[0]!.phone.slice(3)}`;
  const table = ['number', spelled, people[0]!.phone, 'nonsense', '09121234567', 'two,cells', ''].join(
    '\r\n',
  );
  const send = (body: string, version: number) =>
    call(author, 'PUT', `/campaigns/${id}/numbers`, { body, version });
  const taken = await send(table, 1);
  expect(taken).toMatchObject({
    status: 200,
    body: { upload: { lines: 5, invalid: 2, repeated: 1, notWanted: 1, taken: 1 } },
  });
  expect(taken.text).not.toContain(spelled.slice(1));
  expect(await send('phone\r\n1\r\n', 2)).toMatchObject({
    status: 422,
    body: { code: 'campaigns.table_unreadable' },
  });
  const tooMany = `number\n${'09121234567\n'.repeat(100_001)}`;
  expect(await send(tooMany, 2)).toMatchObject({
    status: 422,
    body: { code: 'campaigns.table_unreadable' },
  });
  const filtered = (await write()).body.id;
  const misplaced = await call(author, 'PUT', `/campaigns/${filtered}/numbers`, { body: table, version: 1 });
  expect(misplaced).toMatchObject({ status: 409, body: { code: 'campaigns.takes_no_table' } });
});

test('rubbish is refused by name, and no role but staff writes', async () => {
  for (const [field, value] of [
    ['sendFrom', 3],
    ['maxCost', -1],
    ['filter', { city: 'x', everybody: true }],
    ['filter', { orderedSince: 'yesterday' }],
    ['template', 'DROP TABLE'],
    ['variables', { text: 5 }],
  ] as const) {
    const refused = await write({ ...CONTENT, audience: 'filter', [field]: value });
    expect(refused).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
  }
  expect((await write({ ...CONTENT, audience: 'csv', filter: {} })).body.code).toBe(
    'campaigns.filter_misplaced',
  );
  const key = randomUUID();
  const body = { ...CONTENT, audience: 'filter' };
  expect((await call(support, 'POST', '/campaigns', { body, key })).status).toBe(403);
  expect((await call(second, 'GET', '/campaigns/not-an-id')).status).toBe(404);
  expect((await call(second, 'GET', `/campaigns/${randomUUID()}`)).body.code).toBe('campaigns.not_found');
});

test('a second person approves, and never its author', async () => {
  const { id, authors } = (await write()).body;
  expect(authors).toEqual([author.accountId]);
  const approve = (who: BuiltCaller) => call(who, 'POST', `/campaigns/${id}/approve`, { version: 1 });
  expect(await approve(author)).toMatchObject({ status: 403, body: { code: 'campaigns.own_approval' } });
  expect(await approve(second)).toMatchObject({ status: 200, body: { approvedBy: second.accountId } });
  expect((await approve(second)).status).toBe(200);
});

test('a link shows a page and ends nothing by itself; its button ends the messages, once', async () => {
  const { id } = (await write()).body;
  await call(author, 'POST', `/campaigns/${id}/start`, { body: {}, version: 1 });
  const input = { campaignId: id, at: Date.now() };
  await shop.run((transaction) => startCampaign(transaction, input));
  await shop.run((transaction) => gatherAudience(transaction, input));
  const [owner] = people;
  const { number } = (await row<{ number: string }>(
    shop.database.manager,
    'SELECT number::text AS number FROM campaign_recipients WHERE campaign_id = $1 AND account_id = $2',
    [id, owner!.id],
  ))!;
  const tokens = createShortTokens(new SmsCallbackConfig().smsCallbackSecrets);
  const path = new URL(campaignLink(tokens, 'https://shop.example', Number(number))).pathname;
  const open = (method: string, at = path, accept = 'text/html') =>
    fetch(`${api.url}${at}`, { method, headers: { accept } });
  const isWilling = async () =>
    (await row<{ marketing: boolean }>(
      shop.database.manager,
      'SELECT marketing FROM profiles WHERE account_id = $1',
      [owner!.id],
    ))!.marketing;

  const page = await open('GET');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const html = await page.text();
  expect(html).toContain('<form method="post">');
  expect(html).not.toContain(owner!.phone.slice(-4));
  expect(await isWilling()).toBe(true);

  expect(await (await open('POST')).text()).not.toContain('<form');
  expect(await isWilling()).toBe(false);
  expect(await (await open('POST', path, 'application/json')).json()).toEqual({ areWanted: false });

  const forged = `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`;
  for (const wrong of [forged, '/u/x', `/u/${'a'.repeat(300)}`, '/u/000000-AAAAAAAAAAAA']) {
    expect((await open('POST', wrong)).status).toBe(404);
  }
});
