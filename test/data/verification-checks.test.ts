import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { checkVerification, type CheckVerification } from '../../entities/auth/check-verification';
import { createCodePeppers } from '../../entities/auth/code-peppers';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildAccount } from '../support/factories/accounts';
import { buildPhone } from '../support/factories/phone';
import {
  ageCodes,
  buildSentCode,
  PEPPERS,
  tally,
  triesOf,
  verdictOf,
  wrongOf,
  type Asked,
} from '../support/factories/verifications';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const sent = (overrides: Asked = {}) => buildSentCode(shop.database, overrides);
const check = (typed: CheckVerification) => shop.run((transaction) => checkVerification(transaction, typed));

describe('a code', () => {
  test('is checked in two statements, of which one decides', async () => {
    const typed = await sent();
    const { result, statements } = await countStatements(shop.database, () =>
      checkVerification(shop.database.manager, typed),
    );

    expect(result).toEqual({ verdict: 'right' });
    expect(statements).toHaveLength(2);
  });

  test('is tried five times, whatever comes at once, and then the right one is refused too', async () => {
    const typed = await sent();

    // Fifty at once: a thousand would wait too long for a connection on a slow machine.
    const verdicts: string[] = [];
    for (let first = 1; first <= 1_000; first += 50) {
      const guesses = Array.from({ length: 50 }, (_, index) => wrongOf(typed.code, first + index));
      verdicts.push(...(await Promise.all(guesses.map((code) => verdictOf(check({ ...typed, code }))))));
    }

    expect(tally(verdicts)).toEqual({ wrong: 5, 'auth.code_over': 995 });
    expect((await refusalOf(check(typed))).code).toBe('auth.code_over');
    expect(await triesOf(shop.database, typed.verificationId)).toEqual({ attempts: 5, isUsed: false });
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
    expect(await triesOf(shop.database, typed.verificationId)).toEqual({ attempts: 5, isUsed: true });
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
    expect(await triesOf(shop.database, typed.verificationId)).toEqual({ attempts: 0, isUsed: false });
    expect(await check(typed)).toEqual({ verdict: 'right' });
  });

  test('for a purpose of an account is right for that account', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const typed = await sent({ purpose: 'confirm_action', accountId });

    expect((await refusalOf(check({ ...typed, accountId: null }))).code).toBe('auth.code_over');
    expect((await refusalOf(check({ ...typed, purpose: 'sign_in' }))).code).toBe('auth.code_over');
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
