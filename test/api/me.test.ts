import { afterAll, beforeAll, expect, test } from 'vitest';

import { requestChange, type NumberChangeDependencies } from '../../api/me/change-number';
import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import { newId } from '../../entities/values/uuid';
import { SmsMessagesConfig } from '../../platform/config/sms';
import { createKeyedHash } from '../../platform/keyed-hash';
import type { CodeCallResult } from '../../temporal/verification';
import { barrier } from '../support/barrier';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildNumberChange } from '../support/factories/number-changes';
import { buildPhone } from '../support/factories/phone';
import { PEPPERS } from '../support/factories/verifications';
import { openShop, type Shop } from '../support/shop';
import { SHOP_PEPPERS } from '../support/shop-codes';
import { rows } from '../support/sql';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ workers: false });
});
afterAll(() => shop.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function call(
  caller: BuiltCaller,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${shop.url}/api/v1${path}`, {
    method,
    headers: { ...caller.headers, 'content-type': 'application/json', ...headers },
    body: body ? JSON.stringify(body) : null,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

const RECIPIENT = {
  name: 'سارا محمدی',
  phone: '۰۹۱۲ ۱۲۳ ۴۵۶۷',
  province: 'IR-23',
  city: '2301',
  postalCode: '۱۴۱۶۹-۳۲۷۹۰',
  lines: ['خیابان کارگر شمالی'],
  location: { latitude: 35.7219, longitude: 51.3347 },
};

const add = (caller: BuiltCaller, change: object = {}, key = newId()) =>
  call(caller, 'POST', '/me/addresses', { recipient: RECIPIENT, ...change }, { 'idempotency-key': key });

const listOf = async (caller: BuiltCaller) =>
  (await call(caller, 'GET', '/me/addresses')).body.items as {
    id: string;
    version: number;
    isDefault: boolean;
  }[];

const eventsOf = (accountId: string) =>
  rows<{ type: string; payload: object }>(
    shop.database.manager,
    `SELECT type, payload FROM events WHERE aggregate_id = $1 AND type LIKE 'account.marketing%' ORDER BY version`,
    [accountId],
  );

test('a profile begins empty and changes field by field', async () => {
  const caller = await buildCaller(shop);
  const empty = await call(caller, 'GET', '/me');
  expect(empty.status).toBe(200);
  expect(empty.body).toMatchObject({
    id: caller.accountId,
    name: null,
    email: null,
    language: 'fa',
    marketing: { accepted: false, since: null },
    roles: ['customer'],
  });

  await call(caller, 'PATCH', '/me', { name: ' Ame\u0301lie ', email: 'a@example.ir' });
  const changed = await call(caller, 'PATCH', '/me', { language: 'en', email: null });
  expect(changed.body).toMatchObject({ name: 'Am\u00e9lie', email: null, language: 'en' });

  for (const bad of [
    { name: 'a\u202eb' },
    { email: 'no' },
    { language: 'de' },
    { language: null },
    { x: 1 },
    {},
  ]) {
    expect((await call(caller, 'PATCH', '/me', bad)).status).toBe(422);
  }
});

test('the journal tells when a person consents and withdraws, and nothing more', async () => {
  const caller = await buildCaller(shop);
  for (const marketing of [false, true, true, false]) await call(caller, 'PATCH', '/me', { marketing });
  expect(await eventsOf(caller.accountId)).toEqual([
    { type: 'account.marketing_accepted', payload: {} },
    { type: 'account.marketing_withdrawn', payload: {} },
  ]);
  const { marketing } = (await call(caller, 'GET', '/me')).body as { marketing: { since: string | null } };
  expect(marketing).toMatchObject({ accepted: false });
  expect(marketing.since).not.toBeNull();
});

test('who has consented changes the rest of the profile, and stays with the consent', async () => {
  const caller = await buildCaller(shop);
  const consented = await call(caller, 'PATCH', '/me', { marketing: true });
  for (const change of [{ name: 'سارا' }, { marketing: true }, { language: 'en' }]) {
    const changed = await call(caller, 'PATCH', '/me', change);
    expect([changed.status, changed.body.marketing]).toEqual([200, consented.body.marketing]);
  }
});

test('both codes of a change of number are sent side by side', async () => {
  const { accountId, sessionId } = await buildCaller(shop);
  const bothCame = barrier(2);
  const send = async (): Promise<CodeCallResult> => {
    await bothCame();
    return {
      kind: 'answered',
      answer: { sentAt: Date.now(), sends: 1, expiresAt: Date.now(), resendAfterSeconds: 60 },
    };
  };
  const dependencies = {
    database: shop.database,
    keyedHash: createKeyedHash('a secret for hashes that never changes'),
    codePeppers: PEPPERS,
    codeLimits: VERIFICATION_LIMITS,
    smsConfig: new SmsMessagesConfig(),
    verifications: { send },
  } as unknown as NumberChangeDependencies;

  const requested = await requestChange(dependencies, {
    ...{ accountId, sessionId, spelling: buildPhone(), isOldLost: false },
    ...{ idempotencyKey: newId(), clientAddress: '203.0.113.7' },
  });
  expect(requested.isNew).toBe(true);
});

test('codes of a change of number are read in the digits of any keyboard', async () => {
  const typed = { newCode: '۱۲۳۴۵۶', oldCode: '٦٥٤٣٢١' };
  const unknown = await call(await buildCaller(shop), 'POST', `/me/number-changes/${newId()}`, typed);
  expect(unknown.body.code).toBe('number_change.not_found');
});

test('addresses have one spelling, one default, and a version', async () => {
  const caller = await buildCaller(shop);
  const key = newId();
  const home = await add(caller, { label: 'خانه' }, key);
  expect(home.status).toBe(201);
  expect(home.body).toMatchObject({
    version: 1,
    isDefault: true,
    recipient: {
      phone: '+989121234567',
      postalCode: '1416932790',
      plaque: null,
      location: RECIPIENT.location,
    },
  });
  expect(await add(caller, { label: 'خانه' }, key)).toMatchObject({
    status: 200,
    body: { id: home.body.id },
  });
  const elsewhere = { ...RECIPIENT, location: { latitude: 35.7, longitude: 51.3 } };
  for (const other of [{ label: 'کار' }, { label: 'خانه', recipient: elsewhere }])
    expect(await add(caller, other, key)).toMatchObject({
      status: 422,
      body: { code: 'request.idempotency_key_reused' },
    });

  const work = await add(caller, { isDefault: true });
  expect((await listOf(caller)).map(({ isDefault }) => isDefault)).toEqual([false, true]);

  const path = `/me/addresses/${String(home.body.id)}`;
  const other = { ...RECIPIENT, postalCode: '5951412749' };
  const moved = await call(caller, 'PUT', path, { version: 1, recipient: other });
  expect(moved.body).toMatchObject({ version: 2, label: null, recipient: { postalCode: '5951412749' } });
  expect(await call(caller, 'PUT', path, { version: 1, recipient: other })).toMatchObject({
    status: 409,
    body: { code: 'address.changed', version: 2 },
  });

  expect((await call(caller, 'DELETE', `/me/addresses/${String(work.body.id)}`)).status).toBe(204);
  expect(await listOf(caller)).toMatchObject([{ id: home.body.id, isDefault: true }]);
});

test('a foreign address is not found, whatever is done to it', async () => {
  const [owner, stranger] = [await buildCaller(shop), await buildCaller(shop)];
  const path = `/me/addresses/${String((await add(owner)).body.id)}`;
  const answers = [
    await call(stranger, 'PUT', path, { version: 1, recipient: RECIPIENT }),
    await call(stranger, 'DELETE', path),
    await call(stranger, 'DELETE', '/me/addresses/no-id'),
  ];
  expect(answers.map(({ body }) => body.code)).toEqual(Array.from(answers, () => 'address.not_found'));
  expect(await listOf(stranger)).toEqual([]);
  expect(await listOf(owner)).toHaveLength(1);
});

test('ten at once do not pass the most addresses, and leave one default', async () => {
  const caller = await buildCaller(shop);
  for (let kept = 0; kept < 15; kept++) await add(caller);
  const statuses = await Promise.all(Array.from({ length: 10 }, () => add(caller, { isDefault: true })));
  expect(statuses.filter(({ status }) => status === 201)).toHaveLength(5);
  expect(statuses.find(({ status }) => status === 409)?.body).toMatchObject({
    code: 'address.too_many',
    limit: 20,
  });
  expect((await listOf(caller)).filter(({ isDefault }) => isDefault)).toHaveLength(1);
});

test('wrong fields of a recipient are named by their place', async () => {
  const caller = await buildCaller(shop);
  const wrong = { ...RECIPIENT, phone: '02188776655', city: '0701' };
  const { status, body } = await add(caller, { recipient: wrong });
  expect(status).toBe(422);
  expect((body.errors as { field: string }[]).map(({ field }) => field)).toEqual([
    'recipient.phone',
    'recipient.city',
  ]);
  expect(JSON.stringify(body)).not.toContain('88776655');
});

test('the codes of a change of number may have the digits of any keyboard', async () => {
  const caller = await buildCaller(shop);
  const { accountId } = caller;
  const change = await buildNumberChange(shop.database, { accountId, peppers: SHOP_PEPPERS });
  const [newCode, oldCode] = [change.newCode, change.oldCode!].map((code) =>
    code.replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[Number(digit)]!),
  );
  const { status } = await call(caller, 'POST', `/me/number-changes/${change.changeId}`, {
    newCode,
    oldCode,
  });
  expect(status).toBe(204);
});

test('a cart gets a recipient or a saved address, and null is neither', async () => {
  const caller = await buildCaller(shop);
  const answers = [
    await call(caller, 'PUT', '/carts/current/recipient', {}),
    await call(caller, 'PUT', '/carts/current/recipient', { recipient: null }),
    await call(caller, 'PUT', '/carts/current/recipient', { addressId: null }),
    await call(caller, 'PUT', '/carts/current/recipient', { recipient: RECIPIENT, addressId: newId() }),
  ];
  expect(answers.map(({ body }) => body.code)).toEqual(Array.from(answers, () => 'request.invalid'));
});

test('the provinces may be kept for a day', async () => {
  const first = await fetch(`${shop.url}/api/v1/provinces`);
  expect(first.headers.get('cache-control')).toBe('public, max-age=86400');
  expect(((await first.json()) as { items: unknown[] }).items).toHaveLength(31);
  const again = await fetch(`${shop.url}/api/v1/provinces`, {
    headers: { 'if-none-match': first.headers.get('etag')! },
  });
  expect(again.status).toBe(304);
});
