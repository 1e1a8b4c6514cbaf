import crypto from 'node:crypto';
import { request } from 'node:http';

import { IsArray, IsString } from 'class-validator';
import { sign } from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import { createLiveSessions } from '../../api/auth/live-sessions';
import { describeRoute } from '../../api/describe-route';
import { may } from '../../api/middleware/may';
import { maybeSignedIn } from '../../api/middleware/signed-in';
import { customerRouter, publicRouter } from '../../api/router-kinds';
import { endSessions } from '../../entities/auth/end-sessions';
import type { StaffRole } from '../../entities/auth/policy';
import { refreshSession } from '../../entities/auth/refresh-session';
import { newId } from '../../entities/values/uuid';
import { createAccessTokenReader, signAccessToken, type AccessClaims } from '../../platform/access-token';
import { makeSigningKeys, readSigningKeys } from '../../platform/signing-keys';
import { countStatements } from '../../platform/statement-count';
import { buildCaller } from '../support/factories/callers';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

class SeenView {
  @IsString()
  accountId!: string | null;

  @IsString()
  ownerId!: string | null;

  @IsArray()
  roles!: readonly string[];
}

const SEEN = describeRoute({
  ...{ operation: 'seeCaller', tag: 'test', summary: 'Who calls' },
  answers: { 200: SeenView },
});
const ISSUER = 'https://shop.example';
const keys = readSigningKeys(makeSigningKeys());

let home: ShopDatabase;
let api: ApiUnderTest;
/** Milliseconds by which the API's clock for remembered sessions is ahead. */
let ahead = 0;

const tokenOf = (claims: AccessClaims, lifeSeconds = 600) =>
  signAccessToken(keys, { issuer: ISSUER, lifeSeconds }, claims);

const build = (person: { roles?: readonly StaffRole[]; accountId?: string } = {}) =>
  buildCaller({ database: home.database, accessToken: (claims) => tokenOf(claims) }, person);

beforeAll(async () => {
  home = await openShopDatabase();
  const access = {
    accessTokens: createAccessTokenReader(keys, ISSUER),
    liveSessions: createLiveSessions(home.database, () => Date.now() + ahead),
  };
  const people = customerRouter(access, '');
  const actions = { own: 'profile.read', orders: 'order.read', staff: 'operations.read' } as const;
  for (const [path, action] of Object.entries({ ...actions, fresh: 'session.end_others' } as const)) {
    people.get(`/${path}`, [SEEN, may(action)], ({ state: { caller, ownerId } }) => ({
      status: 200,
      body: { accountId: caller.accountId, roles: caller.roles, ownerId },
    }));
  }
  const everybody = publicRouter('');
  everybody.get('/any', [SEEN, maybeSignedIn(access)], ({ state: { caller } }) => ({
    status: 200,
    body: { accountId: caller?.accountId ?? null, roles: caller?.roles ?? [], ownerId: null },
  }));
  api = await openApiUnderTest({
    routes: [...people.routes, ...everybody.routes],
    limits: { customerRequestsPerMinute: 100_000_000 },
  });
});
afterAll(async () => {
  await api.close();
  await home.close();
});

/** What a process does whose clock differs from ours by so many seconds. */
function atClock<T>(seconds: number, work: () => T): T {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1_000 });
  try {
    return work();
  } finally {
    vi.useRealTimers();
  }
}

async function see(path: string, ...authorization: string[]) {
  return new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
    const headers = authorization.flatMap((value) => ['Authorization', value]);
    const asked = request(
      `${api.url}${path}`,
      { headers: ['Host', 'shop.example', ...headers] },
      (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () =>
          resolve({ status: answer.statusCode!, body: JSON.parse(text) as Record<string, unknown> }),
        );
      },
    );
    asked.on('error', reject).end();
  });
}

async function codeOf(path: string, ...authorization: string[]): Promise<unknown> {
  const { status, body } = await see(path, ...authorization);
  return status === 200 ? 'let in' : body['code'];
}

describe('a token', () => {
  test('is demanded where people sign in, and not where guests may call as well', async () => {
    const { accountId, headers } = await build();

    expect(await codeOf('/own')).toBe('access.token_missing');
    expect((await see('/any')).body).toMatchObject({ accountId: null });
    for (const path of ['/own', '/any']) {
      expect((await see(path, headers.authorization)).body).toMatchObject({ accountId, roles: ['customer'] });
    }
  });

  test('that is there twice, too long, of another scheme, forged, expired or of nobody is refused, also where guests may call', async () => {
    const { accountId, sessionId, accessToken } = await build();
    const claims = { accountId, sessionId, generation: 1 };
    const stranger = readSigningKeys(makeSigningKeys());
    const good = `Bearer ${accessToken}`;
    const bad: [readonly string[], string][] = [
      [[good, good], 'access.token_invalid'],
      [[`Bearer ${'x'.repeat(8_192)}`], 'access.token_invalid'],
      [[`Bearer ${accessToken}.${'x'.repeat(8_000)}`], 'access.token_invalid'],
      [[`Basic ${accessToken}`], 'access.token_invalid'],
      [[''], 'access.token_invalid'],
      [[`Bearer ${tokenOf(claims, -10)}`], 'access.token_invalid'],
      [
        [`Bearer ${signAccessToken(stranger, { issuer: ISSUER, lifeSeconds: 60 }, claims)}`],
        'access.token_invalid',
      ],
      [
        [`Bearer ${sign({ sid: sessionId, gen: 1 }, 'a secret', { subject: accountId })}`],
        'access.token_invalid',
      ],
      [[`Bearer ${tokenOf({ ...claims, sessionId: newId() })}`], 'auth.session_over'],
      // Of another account's session.
      [[`Bearer ${tokenOf({ ...claims, accountId: (await build()).accountId })}`], 'auth.session_over'],
      // Newer than the row, as after a restored dump.
      [[`Bearer ${tokenOf({ ...claims, generation: 7 })}`], 'auth.session_over'],
    ];
    for (const [authorization, code] of bad) {
      expect(await codeOf('/own', ...authorization), authorization[0]!.slice(0, 60)).toBe(code);
      expect(await codeOf('/any', ...authorization), authorization[0]!.slice(0, 60)).toBe(code);
    }
    expect(await codeOf('/own', good)).toBe('let in');
  });

  test('that names an unknown key is refused a thousand times without a query and without a check of its signature', async () => {
    const { accountId, sessionId, headers } = await build();
    const stranger = readSigningKeys(makeSigningKeys());
    const terms = { issuer: ISSUER, lifeSeconds: 60 };
    const forged = signAccessToken(stranger, terms, { accountId, sessionId, generation: 1 });
    const checks = vi.spyOn(crypto, 'createVerify');
    onTestFinished(() => checks.mockRestore());

    const { result: answers, statements } = await countStatements(home.database, async () => {
      const all: unknown[] = [];
      for (let round = 0; round < 20; round += 1) {
        const fifty = Array.from({ length: 50 }, () => see('/own', `Bearer ${forged}`));
        for (const { status, body } of await Promise.all(fifty))
          all.push(`${status} ${String(body['code'])}`);
      }
      return all;
    });

    expect(answers).toHaveLength(1_000);
    expect(new Set(answers)).toEqual(new Set(['401 access.token_invalid']));
    expect([statements, checks.mock.calls]).toEqual([[], []]);
    expect(await codeOf('/own', headers.authorization)).toBe('let in');
    expect(checks).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['5 s ahead', { by: 5, age: 0 }, 'let in'],
    ['30 s ahead', { by: 30, age: 0 }, 'access.token_invalid'],
    // Its own clock says that the last second of the token has not passed.
    ['5 s behind, at its end', { by: -5, age: 59 }, 'let in'],
    ['30 s behind, at its end', { by: -30, age: 59 }, 'access.token_invalid'],
  ])(
    'of a process whose clock is %s is answered with that difference in mind',
    async (_, { by, age }, outcome) => {
      const { accountId, sessionId } = await build();
      const accessToken = atClock(by - age, () => tokenOf({ accountId, sessionId, generation: 1 }, 60));
      expect(await codeOf('/own', `Bearer ${accessToken}`)).toBe(outcome);
      expect(await codeOf('/any', `Bearer ${accessToken}`)).toBe(outcome);
    },
  );

  test('is refused two seconds after its session was revoked elsewhere, also of a blocked account', async () => {
    const [revoked, blocked] = [await build(), await build()];
    for (const { headers } of [revoked, blocked])
      expect(await codeOf('/own', headers.authorization)).toBe('let in');

    const { accountId } = revoked;
    await home.run((transaction) => endSessions(transaction, { accountId, reason: 'ended_elsewhere' }));
    await rows(home.database.manager, "UPDATE accounts SET status = 'blocked' WHERE id = $1", [
      blocked.accountId,
    ]);
    ahead += 2_000;

    for (const { headers } of [revoked, blocked]) {
      expect(await codeOf('/own', headers.authorization)).toBe('auth.session_over');
      expect(await codeOf('/any', headers.authorization)).toBe('auth.session_over');
    }
  });

  test('of a generation that another process has made is good at once, and confirms it', async () => {
    const { accountId, sessionId, headers } = await build();
    expect(await codeOf('/own', headers.authorization)).toBe('let in');
    await home.run((transaction) => refreshSession(transaction, { sessionId, generation: 1 }));

    expect(await codeOf('/own', `Bearer ${tokenOf({ accountId, sessionId, generation: 2 })}`)).toBe('let in');

    const found = await rows(home.database.manager, 'SELECT confirmed FROM sessions WHERE id = $1', [
      sessionId,
    ]);
    expect(found).toEqual([{ confirmed: 2 }]);
  });
});

describe('an action', () => {
  test('reaches the own things of customers and everybody’s for staff, as the rows say', async () => {
    const customer = await build();
    const support = await build({ roles: ['support'] });

    expect((await see('/orders', customer.headers.authorization)).body['ownerId']).toBe(customer.accountId);
    expect((await see('/orders', support.headers.authorization)).body).toMatchObject({
      ...{ ownerId: null, roles: ['customer', 'support'] },
    });
    expect((await see('/own', support.headers.authorization)).body['ownerId']).toBe(support.accountId);
    expect(await codeOf('/staff', customer.headers.authorization)).toBe('access.forbidden');
    expect(await codeOf('/staff', support.headers.authorization)).toBe('access.forbidden');
    expect(await codeOf('/staff', (await build({ roles: ['staff'] })).headers.authorization)).toBe('let in');
  });

  test('is not allowed by a role in the session of a customer, and not two seconds after the role was taken', async () => {
    const staff = await build({ roles: ['admin'] });
    const onAPhone = await build({ accountId: staff.accountId });

    expect(await codeOf('/staff', onAPhone.headers.authorization)).toBe('access.forbidden');
    expect(await codeOf('/staff', staff.headers.authorization)).toBe('let in');
    await rows(home.database.manager, 'DELETE FROM account_roles WHERE account_id = $1', [staff.accountId]);
    ahead += 2_000;
    expect(await codeOf('/staff', staff.headers.authorization)).toBe('access.forbidden');
  });

  test.each([
    [14, 'let in'],
    [16, 'auth.proof_needed'],
  ])('that needs a fresh proof is, %i minutes after one, answered with %s', async (minutes, outcome) => {
    const { sessionId, headers } = await build();
    await rows(
      home.database.manager,
      "UPDATE sessions SET proved_at = now() - $2 * interval '1 minute' WHERE id = $1",
      [sessionId, minutes],
    );
    expect(await codeOf('/fresh', headers.authorization)).toBe(outcome);
    expect(await codeOf('/own', headers.authorization)).toBe('let in');
  });
});
