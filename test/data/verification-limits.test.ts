import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { requestVerification } from '../../entities/auth/request-verification';
import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import { phoneNumber } from '../../entities/values/phone-number';
import { buildPhone } from '../support/factories/phone';
import { ageCodes, askWith, buildVerification, type Asked } from '../support/factories/verifications';
import { interleave } from '../support/interleave';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

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
/** Asks again and again for a number, long enough after each other. */
async function askPatiently(times: number, asked: { phone: string; deviceKey?: string }) {
  for (let time = 0; time < times; time++) {
    await ask(asked);
    await ageCodes(shop.database, asked.phone, 301);
  }
}

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

  test('that two ask for at once has one code: the second waits for the first', async () => {
    const phone = buildPhone();

    const { second, waited } = await interleave(
      shop,
      (transaction) => requestVerification(transaction, askWith({ phone })),
      (transaction) => requestVerification(transaction, askWith({ phone })),
    );

    expect(waited).toBe(true);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'auth.code_too_soon' } });
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

test('the known devices of a number together have as many codes as five', async () => {
  const phone = buildPhone();
  const askOn = async (devices: number) => {
    for (let device = 1; device <= devices; device++)
      await askPatiently(2, { phone, deviceKey: `${device}` });
  };
  const limits = { ...VERIFICATION_LIMITS, perNumber: { hour: 100, day: 2 } };

  await askOn(5);
  const minted = await refusalOf(ask({ phone, deviceKey: 'another', limits }));
  expect(minted.code).toBe('auth.codes_too_many');
  expect((await ask({ phone, limits })).isNew).toBe(true);
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
