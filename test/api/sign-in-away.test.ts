import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DatabaseConfig } from '../../platform/config/database';
import { openPostgres } from '../../platform/postgres';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { ask, bearer, codeOf, refreshWith, signInOn, stateOf } from '../support/sign-in';
import { openTcpGate } from '../support/tcp-gate';
import { openApiForTest } from '../unit/api/open-api-under-test';

let home: ShopDatabase;

beforeAll(async () => {
  home = await openShopDatabase();
});
afterAll(() => home.close());

/** An API whose Redis and Temporal are away, with Postgres behind a gate. */
async function openBehindGate() {
  const address = new URL(home.url);
  const gate = await openTcpGate(address.host);
  onTestFinished(() => gate.close());
  address.host = gate.address;
  const limits = { databaseConnectTimeoutMs: 2_000, databaseStatementTimeoutMs: 2_000 };
  const config = Object.assign(new DatabaseConfig(), limits, { databaseUrl: address.href });
  const schema = { entities: SHOP_ENTITIES, migrations: MIGRATIONS };
  const database = await openPostgres(config, schema, 'shop-test');
  onTestFinished(() => database.destroy());
  const { url } = await openApiForTest({ neighbours: { database } });
  return { gate, shop: { url, database } };
}

test('without Redis and Temporal people sign in, refresh and are signed out as ever', async () => {
  const { shop } = await openBehindGate();
  const { session } = (await signInOn(shop)).body;

  const refreshed = await refreshWith(shop, session.refreshToken);
  expect(refreshed.status).toBe(200);
  expect(await stateOf(shop, refreshed.body.accessToken)).toBe('alive');

  const headers = bearer(refreshed.body.accessToken);
  expect((await ask(shop, 'DELETE', '/auth/sessions/current', { headers })).status).toBe(204);
  expect(await stateOf(shop, refreshed.body.accessToken)).toBe('auth.session_over');
});

test('without Postgres everything is answered 503, and afterwards nobody is signed out and no code is lost', async () => {
  const { shop, gate } = await openBehindGate();
  const { session } = (await signInOn(shop)).body;
  const typed = await codeOf(home);
  const body = { ...typed, delivery: 'body' };
  expect(await stateOf(shop, session.accessToken)).toBe('alive');

  gate.shut();
  const away = await Promise.all([
    ask(shop, 'GET', '/me/sessions', { headers: bearer(session.accessToken) }),
    refreshWith(shop, session.refreshToken),
    ask(shop, 'POST', '/auth/sessions', { body }),
    ask(shop, 'DELETE', '/auth/sessions/current', { headers: bearer(session.accessToken) }),
    ask(shop, 'POST', '/auth/verifications', {
      headers: { 'Idempotency-Key': 'one' },
      body: { phone: typed.phone },
    }),
  ]);
  gate.open();

  for (const { status, headers, body: problem } of away) {
    expect([status, problem.code]).toEqual([503, 'service.unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect((await refreshWith(shop, session.refreshToken)).status).toBe(200);
  expect(await stateOf(shop, session.accessToken)).toBe('alive');
  expect((await ask(shop, 'POST', '/auth/sessions', { body })).status).toBe(201);
});
