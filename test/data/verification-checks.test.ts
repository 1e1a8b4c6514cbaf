import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { checkVerification, type CheckVerification } from '../../entities/auth/check-verification';
import { createCodePeppers } from '../../entities/auth/code-peppers';
import { signIn } from '../../entities/auth/sign-in';
import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import type { AppError } from '../../entities/errors';
import { phoneNumber } from '../../entities/values/phone-number';
import { newId } from '../../entities/values/uuid';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { buildPhone } from '../support/factories/phone';
import { ageCodes, buildVerification, codeFor, PEPPERS, wrongOf } from '../support/factories/verifications';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

/** A code that was sent, as it is typed. */
async function sent(overrides: Parameters<typeof buildVerification>[1] = {}): Promise<CheckVerification> {
  const { expiresAt: _, isNew: __, ...asked } = await buildVerification(shop.database, overrides);
  return { ...asked, code: await codeFor(shop.database, asked.verificationId) };
}
const check = (typed: CheckVerification) => shop.run((transaction) => checkVerification(transaction, typed));
const enter = (typed: CheckVerification) =>
  shop.run((transaction) => signIn(transaction, { ...typed, deviceLabel: 'a phone', clientKey: 'c' }));
/** What becomes of tries: the verdict or the code of the refusal. */
const verdictOf = (outcome: Promise<{ verdict: string }>) =>
  outcome.then(
    ({ verdict }) => verdict,
    (error: unknown) => (error as AppError).code,
  );
const tally = (verdicts: readonly string[]) =>
  Object.fromEntries(
    [...new Set(verdicts)].map((it) => [it, verdicts.filter((other) => other === it).length]),
  );
const triesOf = (verificationId: string) =>
  row<{ attempts: number; isUsed: boolean }>(
    shop.database.manager,
    'SELECT attempts, used_at IS NOT NULL AS "isUsed" FROM verifications WHERE id = $1',
    [verificationId],
  );

describe('a code', () => {
  test('is tried five times, whatever comes at once, and then the right one is refused too', async () => {
    const typed = await sent();

    const verdicts = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) =>
        verdictOf(check({ ...typed, code: wrongOf(typed.code, index + 1) })),
      ),
    );

    expect(tally(verdicts)).toEqual({ wrong: 5, 'auth.code_over': 995 });
    expect((await refusalOf(enter(typed))).code).toBe('auth.code_over');
    expect(await triesOf(typed.verificationId)).toEqual({ attempts: 5, isUsed: false });
  });

  test('counts down, and is right with the last try', async () => {
    const typed = await sent();
    for (const attemptsLeft of [4, 3, 2, 1]) {
      expect(await check({ ...typed, code: wrongOf(typed.code) })).toEqual({
        verdict: 'wrong',
        attemptsLeft,
      });
    }
    expect(await check(typed)).toEqual({ verdict: 'right' });
    expect(await triesOf(typed.verificationId)).toEqual({ attempts: 5, isUsed: true });
  });

  test('that is right a hundred times at once signs in once', async () => {
    const typed = await sent();

    const verdicts = await Promise.all(Array.from({ length: 100 }, () => verdictOf(enter(typed))));

    expect(tally(verdicts)).toEqual({ signed_in: 1, 'auth.code_over': 99 });
    const sessions = await rows(shop.database.manager, 'SELECT 1 FROM sessions WHERE verification_id = $1', [
      typed.verificationId,
    ]);
    expect(sessions).toHaveLength(1);
  });

  test('is for its purpose, number and account only, and wrong ones of those cost no try', async () => {
    const typed = await sent();
    const { id: accountId } = await buildAccount(shop.database);
    const others = [
      { purpose: 'change_number' as const },
      { phone: buildPhone() },
      { accountId },
      { verificationId: newId() },
      { peppers: createCodePeppers(['a pepper that took the place of the other']) },
    ];
    for (const other of others) {
      expect((await refusalOf(check({ ...typed, ...other }))).code, Object.keys(other)[0]).toBe(
        'auth.code_over',
      );
    }
    expect(await triesOf(typed.verificationId)).toEqual({ attempts: 0, isUsed: false });
    expect(await check(typed)).toEqual({ verdict: 'right' });
  });

  test('for a purpose of an account is right for that account', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const typed = await sent({ purpose: 'confirm_action', accountId });

    expect((await refusalOf(check({ ...typed, accountId: null }))).code).toBe('auth.code_over');
    expect((await refusalOf(enter(typed))).code).toBe('auth.code_over');
    expect(await check(typed)).toEqual({ verdict: 'right' });
  });

  test('is over a second after its end', async () => {
    const typed = await sent();
    await ageCodes(shop.database, typed.phone, 301);
    expect((await refusalOf(check(typed))).code).toBe('auth.code_over');
  });

  test('is right although a newer one was sent, and the newer one as well', async () => {
    const older = await sent();
    await ageCodes(shop.database, older.phone, 61);
    const newer = await sent({ phone: older.phone });

    expect(await check(older)).toEqual({ verdict: 'right' });
    expect(await check(newer)).toEqual({ verdict: 'right' });
  });

  test('made before its pepper was replaced is right', async () => {
    const typed = await sent();
    const peppers = createCodePeppers(['the next pepper, which comes first', PEPPERS.current.secret]);
    expect(await check({ ...typed, peppers })).toEqual({ verdict: 'right' });
  });
});

describe('the wrong codes of a number', () => {
  test('are counted over all its codes, and a known device counts for itself', async () => {
    const phone = buildPhone();
    const limits = { ...VERIFICATION_LIMITS, waitSeconds: [] };
    const codes: CheckVerification[] = [];
    for (let time = 0; time < 5; time++) codes.push({ ...(await sent({ phone, limits })), limits });

    const verdicts = await Promise.all(
      codes.flatMap((typed) =>
        Array.from({ length: 10 }, (_, index) =>
          verdictOf(check({ ...typed, code: wrongOf(typed.code, index + 1) })),
        ),
      ),
    );

    expect(tally(verdicts)['wrong']).toBe(20);
    for (const typed of codes) {
      const { code, details } = await refusalOf(check(typed));
      expect(code).toBe('auth.guesses_too_many');
      expect(details.retryAfterSeconds).toBeGreaterThan(3_500);
    }
    const mine = await sent({ phone, deviceKey: 'mine' });
    expect((await enter(mine)).verdict).toBe('signed_in');
  });
});

test('one number in every spelling is one account', async () => {
  const spellings = ['09121110000', '+98 912 111 0000', '۰۹۱۲۱۱۱۰۰۰۰', '+98(0)9121110000'];
  const found = new Set<string>();
  for (const spelling of spellings) {
    const phone = phoneNumber(spelling)!;
    const signedIn = await enter(await sent({ phone }));
    if (signedIn.verdict === 'signed_in') found.add(signedIn.accountId);
    await ageCodes(shop.database, phone, 301);
  }
  expect(found.size).toBe(1);
});

test('a blocked account does not sign in, and the code is used up', async () => {
  const { id, phone } = await buildAccount(shop.database);
  await rows(shop.database.manager, "UPDATE accounts SET status = 'blocked' WHERE id = $1", [id]);
  const typed = await sent({ phone });

  expect(await enter(typed)).toEqual({ verdict: 'blocked' });
  expect(await triesOf(typed.verificationId)).toEqual({ attempts: 1, isUsed: true });
});

test('a session needs a code that there is', async () => {
  const session = buildSession(shop.database, { verificationId: newId() });
  expect(await guardOf(session)).toBe('fk_sessions_verification');
});
