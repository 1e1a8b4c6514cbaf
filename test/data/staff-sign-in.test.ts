import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { TypedFactor } from '../../entities/auth/check-factor';
import { enrolFactor } from '../../entities/auth/enrol-factor';
import { proveFactor } from '../../entities/auth/prove-factor';
import { readLiveSessions } from '../../entities/auth/read-live-sessions';
import { confirmAndSignIn, signInWithFactor } from '../../entities/auth/sign-in-with-factor';
import { createAuthenticators } from '../../platform/authenticators';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { AUTHENTICATORS, authenticatorWith, buildFactor, giveRoles } from '../support/factories/factors';
import { buildAdmin, buildInvited, type BuiltStaff } from '../support/factories/staff';
import { ageCodes, buildUsedCode, tally, verdictOf, wrongOf } from '../support/factories/verifications';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;
let admin: BuiltStaff;

beforeAll(async () => {
  shop = await openShopDatabase();
  admin = await buildAdmin(shop.database);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const DEVICE = { deviceLabel: 'a laptop', clientKey: 'c' };

/** Somebody of the staff who has typed the code. */
async function provedNumber(accountId: string) {
  return { accountId, verificationId: await buildUsedCode(shop.database) };
}

async function buildSupport() {
  const { id: accountId, phone } = await buildAccount(shop.database);
  await giveRoles(shop.database, accountId, ['support']);
  return { phone, ...(await buildFactor(shop.database, accountId)), ...(await provedNumber(accountId)) };
}

const show = (
  proved: { readonly accountId: string; readonly verificationId: string },
  typed: TypedFactor,
  authenticators = AUTHENTICATORS,
) =>
  shop.run((transaction) => signInWithFactor(transaction, { ...proved, typed, authenticators, ...DEVICE }));

describe('a staff session', () => {
  test('opens with code and second factor, and its roles count', async () => {
    const support = await buildSupport();

    const signedIn = await show(support, { code: support.code() });

    const sessionId = 'sessionId' in signedIn ? signedIn.sessionId : '';
    expect(await readLiveSessions(shop.database.manager, [sessionId])).toMatchObject([
      { accountId: support.accountId, kind: 'staff', roles: ['support'] },
    ]);
  });

  test('never opens by the code alone, and one code opens one', async () => {
    const support = await buildSupport();
    const byCodeAlone = rows(
      shop.database.manager,
      `INSERT INTO sessions (id, account_id, verification_id, kind, idle_until, ends_at, device_label, client_key)
       VALUES (gen_random_uuid(), $1, $2, 'staff', now(), now(), '', '')`,
      [support.accountId, support.verificationId],
    );
    expect(await guardOf(byCodeAlone)).toBe('ck_sessions_factor');

    await show(support, { code: support.code() });
    const again = show(support, { recoveryCode: support.recoveryCodes[0]! });
    expect((await refusalOf(again)).code).toBe('auth.code_over');
  });

  test('has no role in a session of a customer', async () => {
    const { accountId } = await buildSupport();
    const { sessionId } = await buildSession(shop.database, { accountId });
    expect(await readLiveSessions(shop.database.manager, [sessionId])).toMatchObject([{ roles: [] }]);
  });

  test('does not open for who was dismissed or blocked meanwhile', async () => {
    const dismissed = await buildSupport();
    await rows(shop.database.manager, 'DELETE FROM account_roles WHERE account_id = $1', [
      dismissed.accountId,
    ]);
    const blocked = await buildSupport();
    await rows(shop.database.manager, `UPDATE accounts SET status = 'blocked' WHERE id = $1`, [
      blocked.accountId,
    ]);

    expect((await refusalOf(show(dismissed, { code: dismissed.code() }))).code).toBe('auth.code_over');
    expect((await refusalOf(show(blocked, { code: blocked.code() }))).code).toBe('auth.account_blocked');
  });
});

describe('the code of an authenticator', () => {
  test('is good once, also for fifty at once, and one of a step before it is refused', async () => {
    const support = await buildSupport();
    const codes = await Promise.all(Array.from({ length: 50 }, async () => provedNumber(support.accountId)));
    const code = support.code();

    const verdicts = await Promise.all(codes.map((proved) => verdictOf(show(proved, { code }))));

    expect(tally(verdicts)).toEqual({ signed_in: 1, wrong: 49 });
    const before = await show(await provedNumber(support.accountId), { code: support.code(-1) });
    expect(before.verdict).toBe('wrong');
    const next = await show(await provedNumber(support.accountId), { code: support.code(1) });
    expect(next.verdict).toBe('signed_in');
  });

  test('is tried five times after one code, then the right one is refused too', async () => {
    const support = await buildSupport();
    const wrong = wrongOf(support.code(), 500_000);

    const verdicts = await Promise.all(
      Array.from({ length: 20 }, () => verdictOf(show(support, { code: wrong }))),
    );

    expect(tally(verdicts)).toEqual({ wrong: 5, 'auth.code_over': 15 });
    expect((await refusalOf(show(support, { code: support.code() }))).code).toBe('auth.code_over');
  });

  test('is guessed twenty times a day, over all codes of its number, then the right one is refused too', async () => {
    const support = await buildSupport();
    const proved = async () => ({
      accountId: support.accountId,
      verificationId: await buildUsedCode(shop.database, support.phone),
    });
    expect((await show(await proved(), { code: support.code(-1) })).verdict).toBe('signed_in');
    const wrong = wrongOf(support.code(), 500_000);

    const codes = await Promise.all(Array.from({ length: 6 }, proved));
    const verdicts = await Promise.all(
      codes.flatMap((code) => Array.from({ length: 5 }, () => verdictOf(show(code, { code: wrong })))),
    );

    expect(tally(verdicts)).toEqual({ wrong: 20, 'auth.guesses_too_many': 10 });
    const right = await refusalOf(show(await proved(), { code: support.code() }));
    expect(right).toMatchObject({
      code: 'auth.guesses_too_many',
      details: { retryAfterSeconds: expect.closeTo(86_400, -2) },
    });
    await ageCodes(shop.database, support.phone, 86_400);
    expect((await show(await proved(), { code: support.code() })).verdict).toBe('signed_in');
  });

  test('is known after the key was replaced, which seals the secret again', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    await giveRoles(shop.database, accountId, ['staff']);
    const before = createAuthenticators(['the key until now']);
    const during = createAuthenticators(['the next key', 'the key until now']);
    const after = createAuthenticators(['the next key']);
    const factor = await buildFactor(shop.database, accountId, before);

    const first = await show(await provedNumber(accountId), { code: factor.code() }, during);
    const second = await show(await provedNumber(accountId), { code: factor.code(1) }, after);

    expect([first.verdict, second.verdict]).toEqual(['signed_in', 'signed_in']);
  });
});

test('a recovery code takes the place of a code once, also for ten at once', async () => {
  const support = await buildSupport();
  const [recoveryCode = '', other = ''] = support.recoveryCodes;
  const proofs = await Promise.all(Array.from({ length: 10 }, async () => provedNumber(support.accountId)));

  const verdicts = await Promise.all(proofs.map((proved) => verdictOf(show(proved, { recoveryCode }))));

  expect(tally(verdicts)).toEqual({ signed_in: 1, wrong: 9 });
  const stranger = await buildSupport();
  expect((await show(stranger, { recoveryCode: other })).verdict).toBe('wrong');
});

describe('an invited person', () => {
  const confirm = (proved: { accountId: string; verificationId: string }, code: string) =>
    shop.run((transaction) =>
      confirmAndSignIn(transaction, { ...proved, code, authenticators: AUTHENTICATORS, ...DEVICE }),
    );
  const enrol = (accountId: string) =>
    shop.run((transaction) => enrolFactor(transaction, { accountId, authenticators: AUTHENTICATORS }));

  test('enrols, confirms and is signed in; a factor whose answer got lost is forgotten', async () => {
    const { accountId } = await buildInvited(shop.database, admin, 'staff');
    const proved = await provedNumber(accountId);
    expect((await refusalOf(show(proved, { code: '000000' }))).code).toBe('auth.factor_missing');
    const lost = await enrol(accountId);
    const { secret, recoveryCodes } = await enrol(accountId);

    expect(await confirm(proved, authenticatorWith(lost.secret)())).toMatchObject({ verdict: 'wrong' });
    expect(await confirm(proved, authenticatorWith(secret)())).toMatchObject({ verdict: 'signed_in' });

    const late = await confirm(await provedNumber(accountId), authenticatorWith(secret)(1)).catch(
      (error: { code: string }) => error.code,
    );
    expect(late).toBe('auth.factor_exists');
    const next = await show(await provedNumber(accountId), { recoveryCode: recoveryCodes[9]! });
    expect(next.verdict).toBe('signed_in');
  });

  test('confirms a factor once, also from two tabs', async () => {
    const { accountId } = await buildInvited(shop.database, admin, 'staff');
    const { secret } = await enrol(accountId);
    const code = authenticatorWith(secret)();
    const proofs = [await provedNumber(accountId), await provedNumber(accountId)];

    const verdicts = await Promise.all(proofs.map((proved) => verdictOf(confirm(proved, code))));

    expect(tally(verdicts)).toEqual({ signed_in: 1, 'auth.factor_exists': 1 });
  });
});

test('a proof is renewed in a staff session, and five wrong ones in a row end the trying', async () => {
  const { accountId, sessionId, code } = await buildAdmin(shop.database);
  const prove = (typed: TypedFactor) =>
    shop.run((transaction) =>
      proveFactor(transaction, { accountId, sessionId, typed, authenticators: AUTHENTICATORS }),
    );
  await rows(
    shop.database.manager,
    `UPDATE sessions SET proved_at = now() - interval '1 hour' WHERE id = $1`,
    [sessionId],
  );

  expect((await prove({ code: wrongOf(code(), 500_000) })).verdict).toBe('wrong');
  const used = code();
  expect((await prove({ code: used })).verdict).toBe('right');
  const proved = await row<{ isFresh: boolean }>(
    shop.database.manager,
    `SELECT proved_at > now() - interval '1 minute' AS "isFresh" FROM sessions WHERE id = $1`,
    [sessionId],
  );
  expect(proved).toEqual({ isFresh: true });

  const wrong = await Promise.all(Array.from({ length: 8 }, () => verdictOf(prove({ code: used }))));
  expect(tally(wrong)).toEqual({ wrong: 5, 'auth.code_over': 3 });
  const customer = await buildSession(shop.database, { accountId });
  const inCustomers = shop.run((transaction) =>
    proveFactor(transaction, { ...customer, typed: { code: code(1) }, authenticators: AUTHENTICATORS }),
  );
  expect((await refusalOf(inCustomers)).code).toBe('auth.code_over');
});
