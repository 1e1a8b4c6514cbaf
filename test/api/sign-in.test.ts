import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { readSecondFactorToken } from '../../api/auth/second-factor-token';
import { newId } from '../../entities/values/uuid';
import { AuthConfig } from '../../platform/config/auth';
import { TokensConfig } from '../../platform/config/tokens';
import { createSignedTokens } from '../../platform/signed-token';
import { makeSigningKeys } from '../../platform/signing-keys';
import { countStatements } from '../../platform/statement-count';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import { giveRoles } from '../support/factories/factors';
import { buildPhone } from '../support/factories/phone';
import { ageCodes, tally, triesOf, wrongOf } from '../support/factories/verifications';
import { expectInvariantsToHold } from '../support/journey';
import { openShop, type Shop } from '../support/shop';
import { ask, bearer, codeOf, refreshWith, signInOn, stateOf, type AuthAnswer } from '../support/sign-in';
import { rows } from '../support/sql';
import { openApiForTest } from '../unit/api/open-api-under-test';
import { collectLines } from '../unit/platform/log-lines';

const log = collectLines();
let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ workers: false, log: log.destination, edge: { browserOrigins: 'none' } });
});
afterEach(() => expectInvariantsToHold(shop));
afterAll(() => shop.close());

const enter = (body: object, at: Pick<Shop, 'url'> = shop) =>
  ask(at, 'POST', '/auth/sessions', { body: { delivery: 'body', ...body } });

/** How often each answer was given, by its code. */
const outcomesOf = (answers: readonly { status: number; body: { code?: string } }[]) =>
  tally(answers.map(({ status, body }) => body.code ?? String(status)));

describe('a code that is typed', () => {
  test('signs in, in any spelling of number and digits, and names the device in the list', async () => {
    const { verificationId, phone, code } = await codeOf(shop);
    const persian = (text: string) => text.replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[Number(digit)]!);

    const signedIn = await enter({
      ...{ verificationId, phone: persian(phone.replace('+98', '0')), code: persian(code) },
      deviceLabel: 'گوشی من',
    });

    expect(signedIn.status).toBe(201);
    expect(signedIn.cookies).toEqual([]);
    const { sessionId, accessToken, refreshToken } = signedIn.body.session;
    expect(signedIn.body.session).toEqual({ sessionId, accessToken, refreshToken, expiresIn: 600 });
    const list = await ask(shop, 'GET', '/me/sessions', { headers: bearer(accessToken) });
    expect(list.body.items).toEqual([
      {
        ...{ id: sessionId, label: 'گوشی من', isCurrent: true },
        ...{ signedInAt: expect.any(String), lastSeenAt: expect.any(String) },
      },
    ]);
  });

  test('belongs to its id in any spelling', async () => {
    const { verificationId, ...typed } = await codeOf(shop);
    expect((await enter({ ...typed, verificationId: verificationId.toUpperCase() })).status).toBe(201);
  });

  test.each(['deviceLabel', 'cart', 'delivery'])('with null for %s is not used up', async (field) => {
    const typed = await codeOf(shop);
    const refused = await enter({ ...typed, [field]: null });
    expect([refused.status, refused.body.code]).toEqual([422, 'request.invalid']);
    expect((await enter(typed)).status).toBe(201);
  });

  test('is refused when it is wrong, with how often it may still be tried, and then also when it is right', async () => {
    const typed = await codeOf(shop);
    const wrong = { ...typed, code: wrongOf(typed.code) };

    const guesses = await Promise.all(Array.from({ length: 100 }, () => enter(wrong)));

    expect(outcomesOf(guesses)).toEqual({ 'auth.code_wrong': 5, 'auth.code_over': 95 });
    expect(
      guesses.flatMap(({ body }) => body.attemptsLeft ?? []).toSorted((one, other) => one - other),
    ).toEqual([0, 1, 2, 3, 4]);
    expect(await triesOf(shop.database, typed.verificationId)).toEqual({ attempts: 5, isUsed: false });
    expect((await enter(typed)).body.code).toBe('auth.code_over');
  });

  test('signs in once when it is sent a hundred times at once', async () => {
    const typed = await codeOf(shop);
    const answers = await Promise.all(Array.from({ length: 100 }, () => enter(typed)));
    expect(outcomesOf(answers)).toEqual({ 201: 1, 'auth.code_over': 99 });
  });

  test('is over for another number, for another purpose, after its time and under an unknown id', async () => {
    const typed = await codeOf(shop);
    const { id: accountId, phone } = await buildAccount(shop.database);
    const late = await codeOf(shop);
    await ageCodes(shop.database, late.phone, 301);
    const refused = [
      { ...typed, phone: buildPhone() },
      await codeOf(shop, { purpose: 'confirm_action', accountId, phone }),
      late,
      { ...typed, verificationId: newId() },
    ];
    for (const body of refused) {
      const answer = await enter(body);
      expect([answer.status, answer.body.code]).toEqual([410, 'auth.code_over']);
    }
  });

  test('gives a person of the staff a token for the second factor and no session', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    await rows(shop.database.manager, "INSERT INTO account_roles (account_id, role) VALUES ($1, 'admin')", [
      accountId,
    ]);
    const typed = await codeOf(shop, { phone });

    const answer = await enter({ ...typed, delivery: 'body' });

    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['secondFactor', 'deviceToken']);
    const tokens = createSignedTokens(new TokensConfig().tokenSecrets);
    const { verificationId } = typed;
    expect(readSecondFactorToken(tokens, answer.body.secondFactor.token)).toEqual({
      verificationId,
      accountId,
    });
    const later = createSignedTokens(new TokensConfig().tokenSecrets, () => Date.now() + 301_000);
    expect(readSecondFactorToken(later, answer.body.secondFactor.token)).toBeUndefined();
    expect(await stateOf(shop, answer.body.secondFactor.token)).toBe('access.token_invalid');
  });

  test('signs a blocked person in no more', async () => {
    const { id, phone } = await buildAccount(shop.database);
    await rows(shop.database.manager, "UPDATE accounts SET status = 'blocked' WHERE id = $1", [id]);
    const answer = await signInOn(shop, { phone });
    expect([answer.status, answer.body.code]).toEqual([403, 'auth.account_blocked']);
  });

  test.each([
    ['no mobile number', { phone: '02122334455' }, 'auth.phone_invalid'],
    ['a number of another country', { phone: '+447400123456' }, 'auth.phone_invalid'],
    ['a code of five digits', { code: '12345' }, 'request.invalid'],
    ['a code that is a number', { code: 123456 }, 'request.invalid'],
    ['no delivery', { delivery: undefined }, 'request.invalid'],
    ['two deliveries', { delivery: ['body', 'cookie'] }, 'request.invalid'],
    ['a label that is too long', { deviceLabel: 'x'.repeat(81) }, 'request.invalid'],
  ])('with %s is refused without being counted', async (_, change, code) => {
    const typed = await codeOf(shop);
    const answer = await enter({ ...typed, ...change });
    expect([answer.status, answer.body.code]).toEqual([422, code]);
    expect(await triesOf(shop.database, typed.verificationId)).toEqual({ attempts: 0, isUsed: false });
  });
});

describe('a number', () => {
  const NUMBERS: Readonly<Record<string, () => Promise<string>>> = {
    'of nobody': async () => buildPhone(),
    'of a customer': async () => (await buildAccount(shop.database)).phone,
    'of a blocked person': async () => {
      const { id, phone } = await buildAccount(shop.database);
      await rows(shop.database.manager, "UPDATE accounts SET status = 'blocked' WHERE id = $1", [id]);
      return phone;
    },
    'of the staff': async () => {
      const { id, phone } = await buildAccount(shop.database);
      await giveRoles(shop.database, id, ['admin']);
      return phone;
    },
  };

  /** An API whose workflows of codes answer at once, and what it asks of them. */
  async function openRecorded() {
    const calls: unknown[] = [];
    const workflow = {
      executeUpdateWithStart(update: { name: string }, options: object) {
        calls.push([update.name, options]);
        const now = Date.now();
        return Promise.resolve({ sentAt: now, sends: 1, resendAfterSeconds: 60, expiresAt: now + 300_000 });
      },
      getHandle(workflowId: string) {
        return {
          signal: (signal: { name: string }) => Promise.resolve(calls.push([signal.name, workflowId])),
        };
      },
    };
    const client = { workflow, withDeadline: (_: number, work: () => unknown) => work() };
    const temporal = { client: client as unknown as Client, ping: () => Promise.resolve() };
    const api = await openApiForTest({ neighbours: { database: shop.database, temporal } });
    /** The answers, statements and calls of some work, without its ids and instants. */
    const traceOf = async (work: () => Promise<AuthAnswer>) => {
      calls.length = 0;
      const { result, statements } = await countStatements(shop.database, work);
      const headers = [...result.headers.keys()].toSorted();
      return withoutIds({ status: result.status, body: result.body, headers, statements, calls });
    };
    return { url: api.url, traceOf };
  }

  test('gets the same answers by the same statements and calls whoever has it, until its code is right', async () => {
    const { url, traceOf } = await openRecorded();
    const traces = new Map<string, unknown>();
    for (const [name, build] of Object.entries(NUMBERS)) {
      const phone = await build();
      const headers = { 'Idempotency-Key': newId() };
      const asking = { headers, body: { phone } };
      const asked = await traceOf(() => ask({ url }, 'POST', '/auth/verifications', asking));
      const repeated = await traceOf(() => ask({ url }, 'POST', '/auth/verifications', asking));
      const tooSoon = await traceOf(() =>
        ask({ url }, 'POST', '/auth/verifications', { ...asking, headers: { 'Idempotency-Key': newId() } }),
      );
      await ageCodes(shop.database, phone, 61);
      const typed = await codeOf(shop, { phone });
      const wrong = { ...typed, code: wrongOf(typed.code) };
      const guesses = [];
      for (let time = 1; time <= 6; time += 1) guesses.push(await traceOf(() => enter(wrong, { url })));
      traces.set(name, { asked, repeated, tooSoon, guesses });
    }

    const ofNobody = traces.get('of nobody') as {
      asked: { status: number; calls: unknown[]; statements: string[] };
    };
    expect(ofNobody.asked).toMatchObject({ status: 201, calls: [['send', expect.anything()]] });
    expect(ofNobody.asked.statements.length).toBeGreaterThan(2);
    for (const [name, trace] of traces) expect(trace, name).toEqual(ofNobody);
  });
});

describe('a refresh token', () => {
  test('is exchanged once, and again for the same one while its successor is not used', async () => {
    const { body } = await signInOn(shop);

    const [one, other] = await Promise.all([
      refreshWith(shop, body.session.refreshToken),
      refreshWith(shop, body.session.refreshToken),
    ]);

    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.body.refreshToken).toBe(other.body.refreshToken);
    expect(one.body.refreshToken).not.toBe(body.session.refreshToken);
    expect(await stateOf(shop, one.body.accessToken)).toBe('alive');
    expect(await stateOf(shop, body.session.accessToken)).toBe('alive');
  });

  test('that is old ends its session, at once, with a line in the log and without a number in it', async () => {
    const { body } = await signInOn(shop);
    const first = body.session.refreshToken;
    const second = (await refreshWith(shop, first)).body;
    const third = (await refreshWith(shop, second.refreshToken!)).body;
    expect(await stateOf(shop, third.accessToken)).toBe('alive');

    const stolen = await refreshWith(shop, first);

    expect([stolen.status, stolen.body.code]).toEqual([401, 'auth.session_over']);
    expect(await stateOf(shop, third.accessToken)).toBe('auth.session_over');
    expect((await refreshWith(shop, third.refreshToken!)).body.code).toBe('auth.session_over');
    const told = log.lines().filter(({ event }) => event === 'refresh_token_reused');
    expect(told).toMatchObject([{ level: 'warn', sessionId: body.session.sessionId }]);
    expect(await shop.metrics.registry.metrics()).toContain('asoud_refreshes_total{verdict="reused"} 1');
  });

  test('that is forged, cut or for something else is refused', async () => {
    const { body } = await signInOn(shop);
    const token = body.session.refreshToken;
    for (const bad of ['x', `${token}x`, token.slice(0, -1), body.deviceToken, body.session.accessToken]) {
      const answer = await refreshWith(shop, bad);
      expect([answer.status, answer.body.code]).toEqual([401, 'access.token_invalid']);
    }
    const without = await ask(shop, 'POST', '/auth/sessions/refresh', { body: {} });
    expect([without.status, without.body.code]).toEqual([401, 'access.token_missing']);
    expect((await refreshWith(shop, token)).status).toBe(200);
  });
});

describe('when secrets change', () => {
  const NEXT = 'the-next-secret-of-refresh-tokens-that-is-long-enough';

  test('a signing key that is removed at once signs nobody out: the refresh token gives the next access token', async () => {
    const { session } = (await signInOn(shop)).body;
    const rotated = await shop.withTerms({ auth: { signingKeys: makeSigningKeys() } });

    expect(await stateOf(rotated, session.accessToken)).toBe('access.token_invalid');
    const refreshed = await refreshWith(rotated, session.refreshToken);
    expect(refreshed.status).toBe(200);
    expect(await stateOf(rotated, refreshed.body.accessToken)).toBe('alive');
  });

  test('a former secret of refresh tokens is good until it is taken away', async () => {
    const { session } = (await signInOn(shop)).body;
    const { refreshSecrets } = new AuthConfig();
    const during = await shop.withTerms({ auth: { refreshSecrets: [NEXT, ...refreshSecrets] } });
    const after = await shop.withTerms({ auth: { refreshSecrets: [NEXT] } });

    expect((await refreshWith(after, session.refreshToken)).body.code).toBe('access.token_invalid');
    const refreshed = await refreshWith(during, session.refreshToken);
    expect(refreshed.status).toBe(200);
    expect((await refreshWith(after, refreshed.body.refreshToken!)).status).toBe(200);
  });

  test('a former token secret still reads what stands between code and second factor', async () => {
    const rotated = createSignedTokens([NEXT, ...new TokensConfig().tokenSecrets]);
    const { id: accountId, phone } = await buildAccount(shop.database);
    await rows(shop.database.manager, "INSERT INTO account_roles (account_id, role) VALUES ($1, 'staff')", [
      accountId,
    ]);
    const { secondFactor } = (await signInOn(shop, { phone })).body;
    expect(readSecondFactorToken(rotated, secondFactor.token)).toMatchObject({ accountId });
  });
});

describe('leaving', () => {
  test.each([
    ['the access token', ({ accessToken }: { accessToken: string }) => bearer(accessToken)],
    [
      'the refresh token',
      ({ refreshToken }: { refreshToken: string }) => ({ 'X-Refresh-Token': refreshToken }),
    ],
  ])('with %s ends the session at once, and a second time changes nothing', async (_, headersOf) => {
    const { session } = (await signInOn(shop)).body;
    const headers = headersOf(session);

    const answers = [
      await ask(shop, 'DELETE', '/auth/sessions/current', { headers }),
      await ask(shop, 'DELETE', '/auth/sessions/current', { headers }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(await stateOf(shop, session.accessToken)).toBe('auth.session_over');
    expect((await refreshWith(shop, session.refreshToken)).body.code).toBe('auth.session_over');
  });

  test('without a good token is refused', async () => {
    const nothing = await ask(shop, 'DELETE', '/auth/sessions/current');
    const forged = await ask(shop, 'DELETE', '/auth/sessions/current', {
      headers: { 'X-Refresh-Token': 'x' },
    });
    expect([nothing.body.code, forged.body.code]).toEqual(['access.token_missing', 'access.token_invalid']);
  });

  test('counts at another API within three seconds', async () => {
    const other = await shop.withTerms({});
    const { session } = (await signInOn(shop)).body;
    expect(await stateOf(other, session.accessToken)).toBe('alive');

    await ask(shop, 'DELETE', '/auth/sessions/current', { headers: bearer(session.accessToken) });
    const leftAt = performance.now();

    expect(await stateOf(shop, session.accessToken)).toBe('auth.session_over');
    await eventually(
      () => stateOf(other, session.accessToken),
      (state) => state === 'auth.session_over',
    );
    expect(performance.now() - leftAt).toBeLessThan(3_000);
  });
});

test('no number, code or token is in the log', async () => {
  const { verificationId, phone, code } = await codeOf(shop);
  const answer = await enter({ verificationId, phone, code });
  await enter({ verificationId, phone: `${phone}0`, code });
  await refreshWith(shop, answer.body.session.refreshToken);
  const told = JSON.stringify(log.lines());
  const { accessToken, refreshToken } = answer.body.session;
  for (const secret of [phone.slice(3), accessToken, refreshToken, answer.body.deviceToken]) {
    expect(told).not.toContain(secret);
  }
  expect(told).not.toContain('[hidden]');
});

/** The same without ids and instants, which differ each time. */
function withoutIds<T>(value: T): T {
  const text = JSON.stringify(value)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>');
  return JSON.parse(text) as T;
}
