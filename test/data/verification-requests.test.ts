import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildAccount } from '../support/factories/accounts';
import { buildPhone } from '../support/factories/phone';
import { ageCodes, buildVerification, codeFor, type Asked } from '../support/factories/verifications';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(async () => {
  await shop.assertInvariantsHold();
  await rows(shop.database.manager, 'DELETE FROM verifications');
});
afterAll(() => shop.close());

const ask = (overrides: Asked = {}) => buildVerification(shop.database, overrides);
const countCodes = async () =>
  (await row<{ codes: number }>(shop.database.manager, 'SELECT count(*) AS codes FROM verifications'))!.codes;
test('the same key ten times at once is one code, and no limit is in its way', async () => {
  const asked = { phone: buildPhone(), key: newId(), clientKey: 'a' };

  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(asked)));

  expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(
    new Set(answers.map(({ verificationId, expiresAt }) => `${verificationId} ${+expiresAt}`)).size,
  ).toBe(1);
  expect(await countCodes()).toBe(1);
});

test('an id that another account has asked with is refused', async () => {
  const asked = { phone: buildPhone(), key: newId(), purpose: 'confirm_action' } as const;
  await ask({ ...asked, accountId: (await buildAccount(shop.database)).id });

  const { id: accountId } = await buildAccount(shop.database);
  expect((await refusalOf(ask({ ...asked, accountId }))).code).toBe('request.idempotency_key_reused');
});

test('codes of one number do not replace each other', async () => {
  const first = await ask();
  const before = await codeFor(shop.database, first.verificationId);
  await ageCodes(shop.database, first.phone, 61);
  const second = await ask({ phone: first.phone });

  expect(await codeFor(shop.database, first.verificationId)).toBe(before);
  expect(second.verificationId).not.toBe(first.verificationId);
});

test('with and without an account is asked in the same statements and answered alike', async () => {
  const { phone } = await buildAccount(shop.database);
  const asked = { known: phone, unknown: buildPhone() };
  const known = await countStatements(shop.database, () => ask({ phone: asked.known }));
  const unknown = await countStatements(shop.database, () => ask({ phone: asked.unknown }));

  expect(known.statements).toEqual(unknown.statements);
  expect(Object.keys(known.result)).toEqual(Object.keys(unknown.result));
  const refusals = [
    await refusalOf(ask({ phone: asked.known })),
    await refusalOf(ask({ phone: asked.unknown })),
  ];
  expect(refusals.map(({ code }) => code)).toEqual(['auth.code_too_soon', 'auth.code_too_soon']);
});

test.each([
  ['ck_verifications_purpose', "purpose = 'fun', account_id = gen_random_uuid()"],
  ['ck_verifications_phone', "phone = '09121234567'"],
  ['ck_verifications_salt', "salt = '\\x00'"],
  ['ck_verifications_attempts', 'attempts = 6'],
  ['ck_verifications_attempts', 'attempts = -1'],
  ['ck_verifications_used', 'used_at = now()'],
  ['ck_verifications_used', 'attempts = 1, used_at = expires_at'],
  ['ck_verifications_lifetime', 'expires_at = created_at'],
  ['ck_verifications_lifetime', "expires_at = created_at + interval '11 minutes'"],
  ['ck_verifications_account', "purpose = 'change_number'"],
  ['fk_verifications_account', "purpose = 'change_number', account_id = gen_random_uuid()"],
])('the table refuses by %s', async (constraint, change) => {
  await ask();
  expect(await guardOf(rows(shop.database.manager, `UPDATE verifications SET ${change}`))).toBe(constraint);
});
