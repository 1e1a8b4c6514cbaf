import { afterAll, beforeAll, expect, test } from 'vitest';

import type { ParkedSignalsView } from '../../api/operations/parked-signals.view';
import { parkSignals, readRequestedRetries } from '../../entities/relay/park-signals';
import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { newId } from '../../entities/values/uuid';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

let shop: ShopDatabase;
let api: ApiUnderTest;
let staff: BuiltCaller;

beforeAll(async () => {
  shop = await openShopDatabase();
  api = await openApiUnderTest({ neighbours: { database: shop.database } });
  staff = await buildCaller({ database: shop.database, ...api }, { roles: ['staff'] });
});
afterAll(async () => {
  await api.close();
  await shop.close();
});

async function call(method: string, path: string, { headers }: BuiltCaller = staff) {
  const response = await fetch(`${api.url}/api/v1/operations/parked-signals${path}`, { method, headers });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as unknown };
}

const list = async (query = '') => (await call('GET', query)).body as ParkedSignalsView;

const refused = (target: string, eventId: number) => ({
  eventId,
  workflow: 'parcel',
  target,
  reason: 'too many signals',
});

test('staff see what is parked, let it be tried again or drop it, and each of that is recorded', async () => {
  for (const eventId of [1, 2, 3])
    await shop.run((transaction) => parkSignals(transaction, [refused(`parcel:${eventId}`, eventId)]));
  await shop.run((transaction) => parkSignals(transaction, [refused('parcel:1', 4)]));

  const first = await list('?limit=2');
  expect(first.items).toEqual([
    expect.objectContaining({
      eventId: 4,
      workflow: 'parcel',
      target: 'parcel:1',
      reason: 'too many signals',
      times: 2,
    }),
    expect.objectContaining({ target: 'parcel:2', times: 1, retryRequestedAt: null }),
  ]);
  const rest = await list(`?limit=2&after=${first.next}`);
  expect(rest).toMatchObject({ items: [{ target: 'parcel:3' }], next: null });

  const [retried, dropped] = first.items;
  for (let repeat = 0; repeat < 2; repeat += 1) {
    const answer = await call('POST', `/${retried!.id}/retry`);
    expect(answer).toMatchObject({ status: 202, body: { retryRequestedAt: expect.any(String) } });
  }
  expect(await readRequestedRetries(shop.database.manager, 10)).toEqual([
    { id: retried!.id, eventId: 4, workflow: 'parcel', target: 'parcel:1', event: null },
  ]);
  expect((await call('DELETE', `/${dropped!.id}`)).status).toBe(204);
  expect((await list()).items.map(({ target }) => target)).toEqual(['parcel:1', 'parcel:3']);

  const actions = await readStaffActions(shop.database.manager, { before: null, limit: 10 });
  expect(actions.toReversed()).toMatchObject([
    { action: 'relay.retry', objectType: 'parked_signal', objectId: retried!.id, details: { eventId: 4 } },
    { action: 'relay.retry' },
    {
      action: 'relay.drop',
      objectId: dropped!.id,
      details: { eventId: 2, workflow: 'parcel', target: 'parcel:2' },
    },
  ]);
});

test('what is not parked cannot be tried again or dropped, and support and customers may do neither', async () => {
  for (const id of [newId(), 'no-id']) {
    for (const [method, path] of [
      ['POST', `/${id}/retry`],
      ['DELETE', `/${id}`],
    ] as const)
      expect(await call(method, path)).toMatchObject({ status: 404, body: { code: 'relay.not_parked' } });
  }
  const support = await buildCaller({ database: shop.database, ...api }, { roles: ['support'] });
  const customer = await buildCaller({ database: shop.database, ...api });
  for (const caller of [support, customer]) {
    expect((await call('GET', '', caller)).status).toBe(403);
    expect((await call('POST', `/${newId()}/retry`, caller)).status).toBe(403);
    expect((await call('DELETE', `/${newId()}`, caller)).status).toBe(403);
  }
});
