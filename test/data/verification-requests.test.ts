import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import { phoneNumber } from '../../entities/values/phone-number';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildAccount } from '../support/factories/accounts';
import { buildPhone } from '../support/factories/phone';
import { ageCodes, buildVerification, codeFor } from '../support/factories/verifications';
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

const ask = (overrides: Parameters<typeof buildVerification>[1] = {}) =>
  buildVerification(shop.database, overrides);
const countCodes = async () =>
  (await row<{ codes: number }>(shop.database.manager, 'SELECT count(*) AS codes FROM verifications'))!.codes;
/** Asks again and again for a number, long enough after each other. */
async function askPatiently(times: number, asked: { phone: string; deviceKey?: string }) {
  for (let time = 0; time < times; time++) {
    await ask(asked);
    await ageCodes(shop.database, asked.phone, 301);
  }
}

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

describe('a number', () => {
  test('waits longer after each code', async () => {
    const phone = buildPhone();
    for (const wait of [60, 120, 300, 300]) {
      await ask({ phone });
      const { code, details } = await refusalOf(ask({ phone }));
      expect(code).toBe('auth.code_too_soon');
      expect(Math.ceil(details.retryAfterSeconds! / 10) * 10).toBe(wait);
      await ageCodes(shop.database, phone, wait + 1);
    }
  });

  test('that fifty ask for at once has one code', async () => {
    const phone = buildPhone();

    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => ask({ phone })));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await countCodes()).toBe(1);
  });

  test('has as many codes as an hour and a day allow', async () => {
    const phone = buildPhone();
    await askPatiently(5, { phone });
    const hourly = await refusalOf(ask({ phone }));
    expect(hourly.code).toBe('auth.codes_too_many');
    expect(hourly.details.retryAfterSeconds).toBeGreaterThan(3_600 - 5 * 301 - 30);

    await ageCodes(shop.database, phone, 3_600);
    await askPatiently(5, { phone });
    await ageCodes(shop.database, phone, 3_600);
    const daily = await refusalOf(ask({ phone }));
    expect(daily.code).toBe('auth.codes_too_many');
    expect(daily.details.retryAfterSeconds).toBeGreaterThan(70_000);
    await ageCodes(shop.database, phone, daily.details.retryAfterSeconds!);
    expect((await ask({ phone })).isNew).toBe(true);
  });

  test('has one limit in every spelling', async () => {
    const spellings = [
      '09121234567',
      '+98 912 123 4567',
      '۰۹۱۲۱۲۳۴۵۶۷',
      '00989121234567',
      '+98(0)9121234567',
    ];
    const outcomes = await Promise.allSettled(spellings.map((it) => ask({ phone: phoneNumber(it)! })));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('that strangers ask for a hundred times still has codes for a device that is known', async () => {
    const phone = buildPhone();
    await askPatiently(5, { phone });
    await Promise.allSettled(Array.from({ length: 95 }, () => ask({ phone })));

    expect((await ask({ phone, deviceKey: 'mine' })).isNew).toBe(true);
    expect((await refusalOf(ask({ phone, deviceKey: 'mine' }))).code).toBe('auth.code_too_soon');
  });
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

test('an address has as many codes as an hour allows, whatever the numbers', async () => {
  const limits = { ...VERIFICATION_LIMITS, perAddress: { hour: 3 } };
  const asks = Array.from({ length: 10 }, () => ask({ clientKey: 'one', limits }));
  const outcomes = await Promise.allSettled(asks);

  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  const { code, details } = await refusalOf(ask({ clientKey: 'one', limits }));
  expect(code).toBe('request.too_many');
  expect(details.retryAfterSeconds).toBeGreaterThan(3_500);
});

test.each(['minute', 'hour', 'day'] as const)(
  'the shop keeps a fifth of a %s for known devices',
  async (window) => {
    const limits = { ...VERIFICATION_LIMITS, inAll: { ...VERIFICATION_LIMITS.inAll, [window]: 5 } };
    for (let time = 0; time < 4; time++) await ask({ limits });

    const { code, details } = await refusalOf(ask({ limits }));
    expect(code).toBe('auth.codes_exhausted');
    expect(details.retryAfterSeconds).toBeLessThanOrEqual({ minute: 60, hour: 3_600, day: 86_400 }[window]);
    expect((await ask({ limits, deviceKey: 'mine' })).isNew).toBe(true);
    expect((await refusalOf(ask({ limits, deviceKey: 'mine' }))).code).toBe('auth.codes_exhausted');
  },
);

test.each([
  ['ck_verifications_purpose', "purpose = 'fun'"],
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
