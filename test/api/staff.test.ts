import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { signSecondFactorToken } from '../../api/auth/second-factor-token';
import type { SessionView } from '../../api/auth/session.view';
import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { readDeskTicket } from '../../entities/support/read-tickets';
import { assignTicket } from '../../entities/support/steer-ticket';
import { newId } from '../../entities/values/uuid';
import { TokensConfig } from '../../platform/config/tokens';
import { createSignedTokens } from '../../platform/signed-token';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { authenticatorWith } from '../support/factories/factors';
import { buildFilledCart, type FilledCart } from '../support/factories/filled-cart';
import { buildNumberChange, confirm, standingOf } from '../support/factories/number-changes';
import { buildPhone } from '../support/factories/phone';
import { buildAdmin, buildInvited, buildStaff, type BuiltStaff } from '../support/factories/staff';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildTicket } from '../support/factories/tickets';
import { buildUsedCode, wrongOf } from '../support/factories/verifications';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

const MANY = 100_000_000;
const tokens = createSignedTokens(new TokensConfig().tokenSecrets);

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

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly code?: string };
}

type Sender = Pick<BuiltStaff, 'accountId' | 'sessionId'>;

async function call(
  method: string,
  path: string,
  by?: Sender | string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const token = typeof by === 'object' ? api.accessToken({ ...by, generation: 1 }) : by;
  const response = await fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      'Idempotency-Key': newId(),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
}

const accessTokenIn = ({ body }: Answer) => (body['session'] as SessionView).accessToken;
const toldBy = ({ status, body }: Answer) => body.code ?? status;

/** The token of somebody who has just typed the code. */
async function provedNumber(accountId: string, phone: string): Promise<string> {
  const verificationId = await buildUsedCode(shop.database, phone);
  return signSecondFactorToken(tokens, { verificationId, accountId }).token;
}

const secondFactor = (body: object, headers = {}) =>
  call('POST', '/auth/sessions/second-factor', undefined, { delivery: 'body', ...body }, headers);

const ageProof = ({ sessionId }: Sender, minutes: number) =>
  rows(
    shop.database.manager,
    `UPDATE sessions SET proved_at = proved_at - $2 * interval '1 minute' WHERE id = $1`,
    [sessionId, minutes],
  );

describe('an invited person', () => {
  test('enrols a second factor after the code, confirms it and works; the door is closed afterwards', async () => {
    const phone = buildPhone();
    const invited = await call('POST', '/staff', admin, { phone, role: 'staff' });
    expect(invited).toMatchObject({ status: 200, body: { roles: ['staff'], isEnrolled: false } });
    const accountId = String(invited.body['id']);
    const token = await provedNumber(accountId, phone);
    expect(toldBy(await secondFactor({ token, code: '123456' }))).toBe('auth.factor_missing');

    const { status, body } = await call('POST', '/auth/factors', undefined, { token });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      uri: expect.stringMatching(/^otpauth:\/\/totp\/127\.0\.0\.1:staff\?secret=/),
    });
    const show = authenticatorWith(bytesOf(String(body['secret'])));
    const wrong = { token, delivery: 'body', code: wrongOf(show(), 500_000) };
    expect((await call('POST', '/auth/factors/confirm', undefined, wrong)).body).toMatchObject({
      code: 'auth.factor_wrong',
      attemptsLeft: 4,
    });
    const confirmed = await call('POST', '/auth/factors/confirm', undefined, { ...wrong, code: show() });
    expect(confirmed).toMatchObject({
      status: 201,
      body: { session: { refreshToken: expect.any(String) }, cart: null },
    });
    const accessToken = accessTokenIn(confirmed);
    expect(toldBy(await call('GET', '/sms/templates', accessToken))).toBe(200);

    const [recoveryCode] = body['recoveryCodes'] as string[];
    const again = await provedNumber(accountId, phone);
    expect(toldBy(await call('POST', '/auth/factors', undefined, { token: again }))).toBe(
      'auth.factor_exists',
    );
    expect(toldBy(await secondFactor({ token: again }))).toBe('request.invalid');
    expect(toldBy(await secondFactor({ token: again, recoveryCode }))).toBe(201);
    expect(toldBy(await secondFactor({ token: again, code: show(1) }))).toBe('auth.code_over');
  });

  test('gets nothing for a token that is not of the shop, or of somebody who is no staff', async () => {
    const { id, phone } = await buildAccount(shop.database);
    const tokenOfCustomer = await provedNumber(id, phone);
    for (const token of ['x', tokens.sign('refresh', [newId(), newId()]), tokenOfCustomer]) {
      expect(toldBy(await secondFactor({ token, code: '123456' })), token).toBe('auth.code_over');
      expect(toldBy(await call('POST', '/auth/factors', undefined, { token })), token).toBe('auth.code_over');
    }
  });
});

describe('a cart that somebody of the staff brings along', () => {
  const customerOf = ({ id }: FilledCart) =>
    row<{ customerId: string | null }>(
      shop.database.manager,
      'SELECT customer_id AS "customerId" FROM carts WHERE id = $1',
      [id],
    );

  test('joins with the second factor, and stays a guest’s after a wrong one', async () => {
    const { accountId, phone, code } = await buildStaff(shop.database, admin, 'support');
    const variant = await buildStockedVariant(shop.database);
    const saved = await buildFilledCart(shop.database, [{ variantId: variant.id, quantity: 2 }], accountId);
    const cart = await buildFilledCart(shop.database, []);
    const headers = { 'X-Cart-Token': cart.token };
    const token = await provedNumber(accountId, phone);

    const wrong = await secondFactor({ token, code: wrongOf(code(), 500_000) }, headers);
    expect(toldBy(wrong)).toBe('auth.factor_wrong');
    expect(await customerOf(cart)).toEqual({ customerId: null });

    const { status, body } = await secondFactor({ token, code: code() }, headers);
    expect([status, body['cart']]).toEqual([201, { isJoined: true, leftBehind: [] }]);
    expect(await customerOf(cart)).toEqual({ customerId: accountId });
    const moved = 'SELECT cart_id AS "cartId", quantity FROM cart_lines WHERE cart_id = ANY($1::uuid[])';
    expect(await rows(shop.database.manager, moved, [[cart.id, saved.id]])).toEqual([
      { cartId: cart.id, quantity: 2 },
    ]);
  });

  test('joins with the first code of a new factor, and a checkout keeps the saved cart apart', async () => {
    const { accountId, phone } = await buildInvited(shop.database, admin, 'staff');
    const variant = await buildStockedVariant(shop.database);
    const saved = await buildFilledCart(shop.database, [{ variantId: variant.id, quantity: 2 }], accountId);
    const cart = await buildFilledCart(shop.database, []);
    const token = await provedNumber(accountId, phone);
    const { body: enrolled } = await call('POST', '/auth/factors', undefined, { token });
    const code = authenticatorWith(bytesOf(String(enrolled['secret'])))();

    const shown = { token, code, delivery: 'body', cart: 'keep' };
    const headers = { 'X-Cart-Token': cart.token };
    const { status, body } = await call('POST', '/auth/factors/confirm', undefined, shown, headers);

    expect([status, body['cart']]).toEqual([201, { isJoined: true, leftBehind: [] }]);
    expect(await customerOf(cart)).toEqual({ customerId: accountId });
    const kept = 'SELECT quantity FROM cart_lines WHERE cart_id = $1';
    expect(await rows(shop.database.manager, kept, [saved.id])).toEqual([{ quantity: 2 }]);
  });
});

describe('a staff session', () => {
  test('does what needs a fresh proof within 15 minutes, and again after one more', async () => {
    const invite = (by: Sender) => call('POST', '/staff', by, { phone: buildPhone(), role: 'support' });
    const stale = await buildAdmin(shop.database);
    await ageProof(admin, 14);
    await ageProof(stale, 16);
    expect([toldBy(await invite(admin)), toldBy(await invite(stale))]).toEqual([200, 'auth.proof_needed']);

    const proof = { code: stale.code() };
    expect(toldBy(await call('POST', '/me/proofs/factor', stale, proof))).toBe(200);
    expect(toldBy(await invite(stale))).toBe(200);
    expect((await call('POST', '/me/proofs/factor', stale, proof)).body).toMatchObject({
      code: 'auth.factor_wrong',
      attemptsLeft: 4,
    });
  });

  test('is over at once where its role is taken, and a customer’s session has no role', async () => {
    const staff = await buildStaff(shop.database, admin, 'staff');
    const customer = await buildSession(shop.database, { accountId: staff.accountId });
    const list = (by: Sender) => call('GET', '/sms/templates', by);
    expect([toldBy(await list(staff)), toldBy(await list(customer))]).toEqual([200, 'access.forbidden']);

    expect(toldBy(await call('DELETE', `/staff/${staff.accountId}/roles/staff`, admin))).toBe(204);

    expect([toldBy(await list(staff)), toldBy(await list(customer))]).toEqual([
      'auth.session_over',
      'auth.session_over',
    ]);
  });

  test('of support raises nobody, not even itself', async () => {
    const support = await buildStaff(shop.database, admin, 'support');
    const raise = call('PUT', `/staff/${support.accountId}/roles/admin`, support);
    const invite = call('POST', '/staff', support, { phone: buildPhone(), role: 'admin' });
    expect([toldBy(await raise), toldBy(await invite)]).toEqual(['access.forbidden', 'access.forbidden']);
  });
});

test.each([
  ['DELETE', (id: string) => `/staff/${id}`],
  ['DELETE', (id: string) => `/staff/${id}/roles/support`],
  ['PUT', (id: string) => `/customers/${id}/block`],
] as const)('%s: whoever loses the right to work on tickets leaves none behind', async (method, pathOf) => {
  const { accountId } = await buildStaff(shop.database, admin, 'support');
  const { id: ticketId } = await buildTicket(shop);
  await shop.run((transaction) =>
    assignTicket(transaction, admin, { ticketId, assigneeId: accountId, expected: null }),
  );
  expect(toldBy(await call(method, pathOf(accountId), admin))).toBe(204);
  expect((await readDeskTicket(shop.database.manager, ticketId)).assigneeId).toBeNull();
});

test('nobody acts on their own account, in no spelling of its id', async () => {
  await buildAdmin(shop.database);
  const { accountId } = admin;
  for (const id of [accountId, accountId.toUpperCase()]) {
    for (const [method, path] of [
      ['PUT', `/staff/${id}/roles/support`],
      ['PUT', `/customers/${id}/block`],
      ['DELETE', `/staff/${id}/factor`],
    ] as const) {
      expect(toldBy(await call(method, path, admin)), path).toBe('staff.not_yourself');
    }
  }
});

test('an admin does not approve their own change of number', async () => {
  const { accountId } = admin;
  const change = await buildNumberChange(shop.database, { accountId, isOldLost: true });
  await confirm(shop.database, change);
  const approval = `/customers/${accountId}/number-changes/${change.changeId}/approve`;

  expect(toldBy(await call('POST', approval, admin))).toBe('staff.not_yourself');
  expect(await standingOf(shop.database, change)).toMatchObject({ status: 'proved' });
});

test('an admin finds a change of a lost number and rejects it, once', async () => {
  const change = await buildNumberChange(shop.database, { isOldLost: true });
  await confirm(shop.database, change);
  const path = `/customers/${change.accountId}/number-changes`;
  const listed = await call('GET', path, admin);
  expect(listed.body).toMatchObject({ items: [{ id: change.changeId, status: 'proved', isOldLost: true }] });
  expect(JSON.stringify(listed.body)).not.toContain(change.newPhone);
  for (let times = 0; times < 2; times++)
    expect(toldBy(await call('POST', `${path}/${change.changeId}/reject`, admin))).toBe(204);
  expect(await standingOf(shop.database, change)).toMatchObject({ status: 'cancelled' });
  const recorded = await readStaffActions(shop.database.manager, { before: null, limit: 100 });
  expect(
    recorded.filter((it) => it.action === 'number_change.reject' && it.objectId === change.accountId),
  ).toHaveLength(1);
  expect(toldBy(await call('POST', `${path}/${change.changeId}/approve`, admin))).toBe('number_change.over');
  const other = await buildNumberChange(shop.database);
  const kept = `/customers/${other.accountId}/number-changes/${other.changeId}/reject`;
  expect(toldBy(await call('POST', kept, admin))).toBe('number_change.not_proved');
});

describe('an own second factor', () => {
  test('that works is replaced after a fresh proof: only the new one counts, other sessions end, and it is recorded', async () => {
    const staff = await buildStaff(shop.database, admin, 'support');
    const { accountId, phone } = staff;
    const elsewhere = await buildSession(shop.database, { accountId, kind: 'staff' });
    await ageProof(staff, 16);
    const enrol = () => call('POST', '/me/factors', staff, {});
    expect(toldBy(await enrol())).toBe('auth.proof_needed');
    const [recoveryCode] = staff.recoveryCodes;
    expect(toldBy(await call('POST', '/me/proofs/factor', staff, { recoveryCode }))).toBe(200);

    await enrol();
    const { status, body } = await enrol();
    expect([status, (body['recoveryCodes'] as string[]).length]).toEqual([201, 10]);
    const show = authenticatorWith(bytesOf(String(body['secret'])));
    const confirm = (code: string) => call('POST', '/me/factors/confirm', staff, { code });
    expect((await confirm(wrongOf(show(), 500_000))).body).toMatchObject({
      code: 'auth.factor_wrong',
      attemptsLeft: 4,
    });
    // Until then the former one counts.
    const before = await provedNumber(accountId, phone);
    expect(toldBy(await secondFactor({ token: before, code: show() }))).toBe('auth.factor_wrong');
    expect(toldBy(await confirm(show()))).toBe(204);
    expect(toldBy(await confirm(show()))).toBe('auth.factor_wrong');

    const list = (by: Sender) => call('GET', '/me/sessions', by);
    expect([toldBy(await list(staff)), toldBy(await list(elsewhere))]).toEqual([200, 'auth.session_over']);
    expect(toldBy(await enrol())).toBe(201);
    const token = await provedNumber(accountId, phone);
    const [, former] = staff.recoveryCodes;
    for (const typed of [{ code: staff.code(1) }, { recoveryCode: former }]) {
      expect(toldBy(await secondFactor({ token, ...typed }))).toBe('auth.factor_wrong');
    }
    expect(toldBy(await secondFactor({ token, code: show(1) }))).toBe(201);
    const recorded = await readStaffActions(shop.database.manager, { before: null, limit: 100 });
    expect(recorded.filter((it) => it.accountId === accountId)).toMatchObject([
      { action: 'factor.change', sessionId: staff.sessionId, objectId: accountId },
    ]);
  });

  test('is replaced by nobody in a session of a customer, and not after five wrong codes', async () => {
    const staff = await buildStaff(shop.database, admin, 'staff');
    const onAPhone = await buildSession(shop.database, { accountId: staff.accountId });
    expect(toldBy(await call('POST', '/me/factors', onAPhone, {}))).toBe('access.forbidden');

    const { body } = await call('POST', '/me/factors', staff, {});
    const show = authenticatorWith(bytesOf(String(body['secret'])));
    const confirm = (code: string) => call('POST', '/me/factors/confirm', staff, { code });
    const wrong = wrongOf(show(), 500_000);
    const outcomes = [];
    for (let time = 1; time <= 6; time += 1) outcomes.push(toldBy(await confirm(wrong)));
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => 'auth.factor_wrong'), 'auth.code_over']);
    expect(toldBy(await confirm(show()))).toBe('auth.code_over');
  });
});

describe('support', () => {
  test('finds a customer by the exact number in any spelling, and sees no whole number', async () => {
    const support = await buildStaff(shop.database, admin, 'support');
    const { id, phone } = await buildAccount(shop.database);
    const find = (spelling: string) => call('POST', '/customers/search', support, { phone: spelling });

    const found = await find(`0${phone.slice(3)}`);
    expect(found.body).toEqual({
      items: [
        {
          id,
          phone: `${phone.slice(0, 6)}•••${phone.slice(-4)}`,
          status: 'active',
          createdAt: expect.any(String),
        },
      ],
    });
    expect((await find(buildPhone())).body).toEqual({ items: [] });
    expect(toldBy(await find(phone.slice(0, -1)))).toBe('auth.phone_invalid');
  });
});

test('admins read what staff have done, in parts', async () => {
  for (let index = 0; index < 3; index++)
    await call('POST', '/customers/search', admin, { phone: buildPhone() });
  const page = (query: string) => call('GET', `/staff/actions?limit=2${query}`, admin);

  const first = await page('');
  const second = await page(`&before=${String(first.body['next'])}`);

  const items = [...(first.body['items'] as object[]), ...(second.body['items'] as object[])];
  expect(items.slice(0, 3)).toEqual(
    Array.from({ length: 3 }, () =>
      expect.objectContaining({ action: 'customer.find', accountId: admin.accountId, objectId: null }),
    ),
  );
  const ids = items.map((item) => (item as { id: number }).id);
  expect(ids).toEqual(ids.toSorted((one, other) => other - one));
  expect(new Set(ids).size).toBe(ids.length);
  const { body } = await call('GET', '/staff', admin);
  expect(body['items']).toContainEqual(
    expect.objectContaining({ id: admin.accountId, roles: ['admin'], isEnrolled: true, isBlocked: false }),
  );
});

test('no code, secret, token or number gets into the log, the journal or the record', async () => {
  const { accountId, phone } = await buildInvited(shop.database, admin, 'support');
  const token = await provedNumber(accountId, phone);
  const enrolled = await call('POST', '/auth/factors', undefined, { token });
  const secret = String(enrolled.body['secret']);
  const recoveryCodes = enrolled.body['recoveryCodes'] as string[];
  const code = authenticatorWith(bytesOf(secret))();
  await call('POST', '/auth/factors/confirm', undefined, { token, code, delivery: 'body', extra: secret });
  const confirmed = await call('POST', '/auth/factors/confirm', undefined, { token, code, delivery: 'body' });
  await call('POST', '/customers/search', admin, { phone });
  await call('DELETE', `/staff/${accountId}/factor`, admin);

  const stored = await row<{ text: string }>(
    shop.database.manager,
    `SELECT concat((SELECT json_agg(a) FROM staff_actions a), (SELECT json_agg(e) FROM events e),
       (SELECT json_agg(f) FROM factors f)) AS text`,
  );
  const told = JSON.stringify(api.lines()) + stored!.text;
  const secrets = [token, secret, ...recoveryCodes, accessTokenIn(confirmed), phone.slice(-10)];
  expect(secrets.filter((it) => told.includes(it))).toEqual([]);
});

/** The bytes of a secret as people type it. */
function bytesOf(base32: string): Buffer {
  const bits = [...base32]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
