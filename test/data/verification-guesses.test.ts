import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { checkVerification, type CheckVerification } from '../../entities/auth/check-verification';
import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import { buildPhone } from '../support/factories/phone';
import { buildSentCode, tally, verdictOf, wrongOf, type Asked } from '../support/factories/verifications';
import { interleave } from '../support/interleave';
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

test('the wrong codes of a number are counted over all its codes, and a known device counts for itself', async () => {
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
  expect((await check(mine)).verdict).toBe('right');
});

test('tries of two codes of a number are judged one after another, so that the last one allowed is the last', async () => {
  const limits = { ...VERIFICATION_LIMITS, waitSeconds: [], wrongPerHour: 1 };
  const one = await sent({ limits });
  const other = await sent({ phone: one.phone, limits });

  const { first, second, waited } = await interleave(
    shop,
    (transaction) => checkVerification(transaction, { ...one, code: wrongOf(one.code), limits }),
    (transaction) => checkVerification(transaction, { ...other, limits }),
  );

  expect([first.verdict, waited]).toEqual(['wrong', true]);
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'auth.guesses_too_many' } });
});
