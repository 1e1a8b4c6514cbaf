import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { listRoutes } from '../../api/openapi/shop-document';
import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { newId } from '../../entities/values/uuid';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildAdmin, type BuiltStaff } from '../support/factories/staff';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';
import { analyticsCalls } from './staff-calls/analytics';
import { cacheCalls } from './staff-calls/cache';
import { calendarCalls } from './staff-calls/calendar';
import { campaignCalls } from './staff-calls/campaigns';
import { catalogCalls } from './staff-calls/catalog';
import { chatCalls } from './staff-calls/chat';
import { countCalls } from './staff-calls/counts';
import { operationsCalls } from './staff-calls/operations';
import { peopleCalls } from './staff-calls/people';
import { pictureCalls } from './staff-calls/pictures';
import { purchaseOrderCalls } from './staff-calls/purchase-orders';
import { replenishmentCalls } from './staff-calls/replenishment';
import type { StaffCall, StaffCalls, StaffWorld } from './staff-calls/staff-call';
import { stockCalls } from './staff-calls/stock';
import { stockAlertCalls } from './staff-calls/stock-alerts';
import { supplierCalls } from './staff-calls/suppliers';
import { supportCalls } from './staff-calls/support';
import { transferCalls } from './staff-calls/transfers';

/** How each route that changes something is called so that the change is made. */
const callsOf = (world: StaffWorld): StaffCalls => ({
  ...analyticsCalls(),
  ...cacheCalls(),
  ...calendarCalls(),
  ...catalogCalls(world),
  ...chatCalls(world),
  ...countCalls(world),
  ...operationsCalls(world),
  ...peopleCalls(world),
  ...pictureCalls(world),
  ...purchaseOrderCalls(world),
  ...replenishmentCalls(world),
  ...stockAlertCalls(world),
  ...stockCalls(world),
  ...supplierCalls(world),
  ...supportCalls(world),
  ...campaignCalls(world),
  ...transferCalls(world),
});

const MANY = 100_000_000;

let shop: ShopDatabase;
let api: ApiUnderTest;
let admin: BuiltStaff;

beforeAll(async () => {
  shop = await openShopDatabase();
  api = await openApiUnderTest({
    limits: { authRequestsPerMinute: MANY, customerRequestsPerMinute: MANY, staffRequestsPerMinute: MANY },
    temporal: { temporalDeadlineMs: 100 },
    neighbours: { database: shop.database },
  });
});
beforeEach(async () => {
  admin = await buildAdmin(shop.database);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(async () => {
  await api.close();
  await shop.close();
});

async function call(
  method: string,
  path: string,
  by: Pick<BuiltStaff, 'accountId' | 'sessionId'>,
  { body, seen }: Pick<StaffCall, 'body' | 'seen'>,
) {
  const isTable = typeof body === 'string';
  const response = await fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${api.accessToken({ ...by, generation: 1 })}`,
      ...(body === undefined ? {} : { 'Content-Type': isTable ? 'text/csv' : 'application/json' }),
      ...(seen === undefined ? {} : { 'If-Match': `"${seen}"` }),
      'Idempotency-Key': newId(),
    },
    body: body === undefined ? null : isTable ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text };
}

const routes = listRoutes().filter(({ kind }) => kind === 'staff');
const changing = routes.filter(({ method }) => method !== 'get');
const nameOf = ({ method, path }: { method: string; path: string }) =>
  `${method.toUpperCase()} ${path.replace('/api/v1', '')}`;

test('each route of staff that changes something is called, and no other', () => {
  expect(Object.keys(callsOf({ shop, admin })).toSorted()).toEqual(changing.map(nameOf).toSorted());
});

test.each(changing.map((route) => [nameOf(route), route] as const))(
  '%s writes one row of the record, with its action',
  async (name, { method, path, documentation }) => {
    const made = await callsOf({ shop, admin })[name]!();
    const { path: address = path.replace('/api/v1', ''), needsTemporal } = made;
    const all = () => readStaffActions(shop.database.manager, { before: null, limit: 1_000 });
    const before = (await all()).length;

    const { status, text } = await call(method.toUpperCase(), address, admin, made);
    if (needsTemporal) expect(status, text).toBe(503);
    else expect(status, text).toBeLessThan(300);

    const after = await all();
    expect(after).toHaveLength(before + 1);
    const [action] = documentation.flatMap((it) => it.action ?? []);
    expect(after[0]).toMatchObject({ action, accountId: admin.accountId, sessionId: admin.sessionId });
  },
);

test('every route of staff is closed to customers, whatever they name', async () => {
  const stranger: BuiltCaller = await buildCaller({
    database: shop.database,
    accessToken: api.accessToken,
  });
  for (const route of routes) {
    const address = route.path
      .replace('/api/v1', '')
      .replace(':id', admin.accountId)
      .replace(':changeId', newId())
      .replace(':role', 'admin')
      .replaceAll(/:\w+/g, admin.accountId);
    const { status, text } = await call(
      route.method.toUpperCase(),
      address,
      stranger,
      route.method === 'get' ? {} : { body: {} },
    );
    const { code = status } = JSON.parse(text || '{}') as { code?: string };
    expect([nameOf(route), code]).toEqual([nameOf(route), 'access.forbidden']);
  }
});
