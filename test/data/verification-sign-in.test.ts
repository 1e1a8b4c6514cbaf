import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import type { CheckVerification } from '../../entities/auth/check-verification';
import { signIn } from '../../entities/auth/sign-in';
import { phoneNumber } from '../../entities/values/phone-number';
import { newId } from '../../entities/values/uuid';
import { buildAccount, buildSession } from '../support/factories/accounts';
import {
  ageCodes,
  buildSentCode,
  tally,
  triesOf,
  verdictOf,
  wrongOf,
  type Asked,
} from '../support/factories/verifications';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const sent = (overrides: Asked = {}) => buildSentCode(shop.database, overrides);
const enter = (typed: CheckVerification) =>
  shop.run((transaction) => signIn(transaction, { ...typed, deviceLabel: 'a phone', clientKey: 'c' }));

test('a code that is right a hundred times at once signs in once', async () => {
  const typed = await sent();

  const verdicts = await Promise.all(Array.from({ length: 100 }, () => verdictOf(enter(typed))));

  expect(tally(verdicts)).toEqual({ signed_in: 1, 'auth.code_over': 99 });
  const sessions = await rows(shop.database.manager, 'SELECT 1 FROM sessions WHERE verification_id = $1', [
    typed.verificationId,
  ]);
  expect(sessions).toHaveLength(1);
});

test('a wrong code signs nobody in and is counted, and one for something else is refused', async () => {
  const typed = await sent();
  expect(await enter({ ...typed, code: wrongOf(typed.code) })).toEqual({ verdict: 'wrong', attemptsLeft: 4 });
  expect(await triesOf(shop.database, typed.verificationId)).toEqual({ attempts: 1, isUsed: false });

  const { id: accountId, phone } = await buildAccount(shop.database);
  const other = await sent({ purpose: 'change_number', phone, accountId });
  expect((await refusalOf(enter(other))).code).toBe('auth.code_over');
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
  expect(await triesOf(shop.database, typed.verificationId)).toEqual({ attempts: 1, isUsed: true });
});

test('an account with a role gets no session by a code alone, and the code is used up', async () => {
  const { id: accountId, phone } = await buildAccount(shop.database);
  await rows(shop.database.manager, "INSERT INTO account_roles (account_id, role) VALUES ($1, 'support')", [
    accountId,
  ]);
  const typed = await sent({ phone });

  expect(await enter(typed)).toEqual({ verdict: 'second_factor', accountId });
  expect(await triesOf(shop.database, typed.verificationId)).toEqual({ attempts: 1, isUsed: true });
  expect((await refusalOf(enter(typed))).code).toBe('auth.code_over');
  const sessions = await rows(shop.database.manager, 'SELECT 1 FROM sessions WHERE account_id = $1', [
    accountId,
  ]);
  expect(sessions).toEqual([]);
});

test('a session needs a code that there is', async () => {
  const session = buildSession(shop.database, { verificationId: newId() });
  expect(await guardOf(session)).toBe('fk_sessions_verification');
});
