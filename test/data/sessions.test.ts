import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { ACCOUNT } from '../../entities/auth/auth.events';
import { endSessions } from '../../entities/auth/end-sessions';
import { findOrCreateAccount } from '../../entities/auth/find-or-create-account';
import { DEVICES_AT_MOST, openSession } from '../../entities/auth/open-session';
import { readLiveSessions } from '../../entities/auth/read-live-sessions';
import { confirmGeneration, refreshSession, type RefreshSession } from '../../entities/auth/refresh-session';
import { readEvents } from '../../entities/events/read-events';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { buildPhone } from '../support/factories/phone';
import { buildUsedCode } from '../support/factories/verifications';
import { interleave } from '../support/interleave';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const refresh = (token: RefreshSession) => shop.run((transaction) => refreshSession(transaction, token));
const confirm = (token: RefreshSession) => shop.run((transaction) => confirmGeneration(transaction, token));
const isAlive = async (sessionId: string) =>
  (await readLiveSessions(shop.database.manager, [sessionId])).length === 1;
const endOf = async (sessionId: string) =>
  (
    await row<{ reason: string | null }>(
      shop.database.manager,
      'SELECT end_reason AS reason FROM sessions WHERE id = $1',
      [sessionId],
    )
  )?.reason;
/** Lets time pass for a session. */
const age = (sessionId: string, seconds: number) =>
  rows(
    shop.database.manager,
    `UPDATE sessions SET rotated_at = rotated_at - $2 * interval '1 second',
       idle_until = idle_until - $2 * interval '1 second', ends_at = ends_at - $2 * interval '1 second'
     WHERE id = $1`,
    [sessionId, seconds],
  );

describe('a refresh token', () => {
  test('is exchanged for its child, in one statement', async () => {
    const { sessionId, accountId } = await buildSession(shop.database);

    const { result, statements } = await countStatements(shop.database, () =>
      refreshSession(shop.database.manager, { sessionId, generation: 1 }),
    );

    expect(result).toEqual({ verdict: 'rotated', accountId, generation: 2, kind: 'customer' });
    expect(statements).toHaveLength(1);
  });

  test('whose answer got lost is exchanged again for the same child, also days later', async () => {
    const { sessionId, accountId } = await buildSession(shop.database);
    await refresh({ sessionId, generation: 1 });
    await age(sessionId, 3 * 86_400);

    expect(await refresh({ sessionId, generation: 1 })).toEqual({
      verdict: 'repeated',
      accountId,
      generation: 2,
      kind: 'customer',
    });
  });

  test('that several tabs show at once has one child', async () => {
    const { sessionId } = await buildSession(shop.database);

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => refresh({ sessionId, generation: 1 })),
    );

    expect(answers.map((answer) => ('generation' in answer ? answer.generation : null))).toEqual(
      Array.from({ length: 100 }, () => 2),
    );
    expect(answers.filter(({ verdict }) => verdict === 'rotated')).toHaveLength(1);
  });

  test('is good for tabs half a minute longer than its child is seen, and then ends the session', async () => {
    const { sessionId } = await buildSession(shop.database);
    await refresh({ sessionId, generation: 1 });
    await confirm({ sessionId, generation: 2 });

    expect(await refresh({ sessionId, generation: 1 })).toMatchObject({ verdict: 'repeated', generation: 2 });
    await age(sessionId, 31);
    expect(await refresh({ sessionId, generation: 1 })).toEqual({ verdict: 'reused' });
    expect(await endOf(sessionId)).toBe('reuse');
    expect(await refresh({ sessionId, generation: 2 })).toEqual({ verdict: 'over' });
  });

  test('older than the last two ends the session at once, with one event', async () => {
    const { sessionId, accountId } = await buildSession(shop.database);
    await refresh({ sessionId, generation: 1 });
    await refresh({ sessionId, generation: 2 });

    const answers = await Promise.all([1, 1, 1].map((generation) => refresh({ sessionId, generation })));

    expect(answers.map(({ verdict }) => verdict).toSorted()).toEqual(['over', 'over', 'reused']);
    const events = await readEvents(shop.database.manager, ACCOUNT, accountId, 0, 10);
    expect(events.map(({ type, payload }) => [type, payload])).toEqual([
      ['account.created', {}],
      ['account.session_opened', { sessionId }],
      ['account.session_ended', { sessionId, reason: 'reuse' }],
    ]);
  });

  test('newer than the row, as after a restored dump, of an unknown session or of one that idled too long is over', async () => {
    const { sessionId } = await buildSession(shop.database);

    expect(await refresh({ sessionId, generation: 2 })).toEqual({ verdict: 'over' });
    expect(await refresh({ sessionId: newId(), generation: 1 })).toEqual({ verdict: 'over' });
    expect(await isAlive(sessionId)).toBe(true);
    await age(sessionId, 31 * 86_400);
    expect(await refresh({ sessionId, generation: 1 })).toEqual({ verdict: 'over' });
    expect(await isAlive(sessionId)).toBe(false);
  });

  test('moves the end by idling, and never beyond the last day', async () => {
    const { sessionId } = await buildSession(shop.database);
    await age(sessionId, 170 * 86_400);
    await rows(shop.database.manager, 'UPDATE sessions SET idle_until = ends_at WHERE id = $1', [sessionId]);

    expect(await refresh({ sessionId, generation: 1 })).toMatchObject({ verdict: 'rotated' });

    const left = await row<{ days: number; isLast: boolean }>(
      shop.database.manager,
      `SELECT round(extract(epoch FROM idle_until - now()) / 86400)::int AS days, idle_until = ends_at AS "isLast"
       FROM sessions WHERE id = $1`,
      [sessionId],
    );
    expect(left).toEqual({ days: 10, isLast: true });
  });

  test('that comes while its session is ended elsewhere waits, and is over', async () => {
    const { sessionId, accountId } = await buildSession(shop.database);

    const { second, waited } = await interleave(
      shop,
      (transaction) => endSessions(transaction, { accountId, reason: 'ended_elsewhere', sessionId }),
      (transaction) => refreshSession(transaction, { sessionId, generation: 1 }),
    );

    expect(waited).toBe(true);
    expect(second).toEqual({ status: 'fulfilled', value: { verdict: 'over' } });
  });
});

describe('a session', () => {
  test('beyond as many devices as may be signs out the one that signed in first', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const all: string[] = [];
    for (let device = 0; device <= DEVICES_AT_MOST; device++) {
      all.push((await buildSession(shop.database, { accountId })).sessionId);
    }

    const alive = await readLiveSessions(shop.database.manager, all);

    expect(alive.map(({ sessionId }) => sessionId).toSorted()).toEqual(all.slice(1).toSorted());
    expect(await endOf(all[0]!)).toBe('replaced');
  });

  test('that has idled too long takes no place of a device that is in use', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const { sessionId } = await buildSession(shop.database, { accountId });
    for (let device = 0; device < DEVICES_AT_MOST; device++) {
      await age((await buildSession(shop.database, { accountId })).sessionId, 31 * 86_400);
    }

    await buildSession(shop.database, { accountId });

    expect(await endOf(sessionId)).toBeNull();
    expect(await isAlive(sessionId)).toBe(true);
  });

  test('opens once per code, also when twenty ask at once', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const verificationId = await buildUsedCode(shop.database);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => buildSession(shop.database, { accountId, verificationId })),
    );

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')!;
    expect(await guardOf(Promise.reject(refused.reason))).toBe('uq_sessions_verification');
  });

  test('is alive in one statement, with the kind that decides what it may do', async () => {
    const { sessionId, accountId } = await buildSession(shop.database, { kind: 'staff' });
    const ended = await buildSession(shop.database);
    await shop.run((transaction) =>
      endSessions(transaction, { accountId: ended.accountId, reason: 'signed_out' }),
    );

    const { result, statements } = await countStatements(shop.database, () =>
      readLiveSessions(shop.database.manager, [sessionId, ended.sessionId, newId()]),
    );

    expect(statements).toHaveLength(1);
    expect(result).toEqual([
      {
        ...{ sessionId, accountId, kind: 'staff', generation: 1, confirmed: 0 },
        ...{ provedAt: expect.any(Date), roles: ['support'], readAt: expect.any(Date) },
      },
    ]);
  });

  test.each([
    ['this one', ({ mine }: Sessions) => ({ sessionId: mine }), ['other']],
    ['all others', ({ mine }: Sessions) => ({ except: mine }), ['mine']],
    ['everywhere', () => ({}), []],
  ])('is ended: %s', async (_, which, left) => {
    const { sessionId: mine, accountId } = await buildSession(shop.database);
    const { sessionId: other } = await buildSession(shop.database, { accountId });
    const stranger = await buildSession(shop.database);

    await shop.run((transaction) =>
      endSessions(transaction, { accountId, reason: 'ended_elsewhere', ...which({ mine, other }) }),
    );

    const alive = { mine: await isAlive(mine), other: await isAlive(other) };
    expect(Object.entries(alive).flatMap(([name, is]) => (is ? [name] : []))).toEqual(left);
    expect(await isAlive(stranger.sessionId)).toBe(true);
  });

  test('of somebody else cannot be ended', async () => {
    const { accountId } = await buildSession(shop.database);
    const stranger = await buildSession(shop.database);

    const count = await shop.run((transaction) =>
      endSessions(transaction, { accountId, reason: 'ended_elsewhere', sessionId: stranger.sessionId }),
    );

    expect(count).toBe(0);
    expect(await isAlive(stranger.sessionId)).toBe(true);
  });

  test('does not escape a sign-out everywhere that runs meanwhile', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const verificationId = await buildUsedCode(shop.database);

    const { second, waited } = await interleave(
      shop,
      (transaction) =>
        openSession(transaction, {
          accountId,
          verificationId,
          kind: 'customer',
          deviceLabel: '',
          clientKey: '',
        }),
      (transaction) => endSessions(transaction, { accountId, reason: 'ended_elsewhere' }),
    );

    expect(waited).toBe(true);
    expect(second).toEqual({ status: 'fulfilled', value: 1 });
  });

  test('opens for no blocked account', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    await rows(shop.database.manager, "UPDATE accounts SET status = 'blocked' WHERE id = $1", [accountId]);

    expect((await refusalOf(buildSession(shop.database, { accountId }))).code).toBe('auth.account_blocked');
  });
});

interface Sessions {
  readonly mine: string;
  readonly other: string;
}

test('a number has one account, also when twenty people prove it at once', async () => {
  const phone = buildPhone();

  const found = await Promise.all(
    Array.from({ length: 20 }, () => shop.run((transaction) => findOrCreateAccount(transaction, phone))),
  );

  expect(new Set(found.map(({ accountId }) => accountId)).size).toBe(1);
});

test.each([
  ['ck_accounts_phone', "INSERT INTO accounts (id, phone) VALUES (gen_random_uuid(), '09121234567')"],
  ['ck_accounts_erased', 'INSERT INTO accounts (id) VALUES (gen_random_uuid())'],
  ['ck_accounts_status', "UPDATE accounts SET status = 'gone'"],
  ['ck_sessions_kind', "UPDATE sessions SET kind = 'root'"],
  ['ck_sessions_generation', 'UPDATE sessions SET generation = 0, confirmed = 0'],
  ['ck_sessions_confirmed', 'UPDATE sessions SET confirmed = generation + 1'],
  ['ck_sessions_idle', "UPDATE sessions SET idle_until = ends_at + interval '1 second'"],
  ['ck_sessions_end', 'UPDATE sessions SET ended_at = now() WHERE ended_at IS NULL'],
  ['ck_sessions_end_reason', "UPDATE sessions SET ended_at = now(), end_reason = 'bored'"],
])('the table refuses by %s', async (constraint, statement) => {
  await buildSession(shop.database);
  expect(await guardOf(rows(shop.database.manager, statement))).toBe(constraint);
});
