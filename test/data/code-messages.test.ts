import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createCodePeppers } from '../../entities/auth/code-peppers';
import { VERIFICATION_LIMITS, type VerificationLimits } from '../../entities/auth/verification-limits';
import { deriveCode } from '../../entities/codes/derive-code';
import { codeMessageIdOf, sendCode } from '../../entities/codes/send-code';
import { beginSmsAttempt } from '../../entities/sms/begin-attempt';
import { claimSend } from '../../entities/sms/claim-send';
import { newId } from '../../entities/values/uuid';
import { buildSend, TWO_ROUTES } from '../support/factories/sms';
import {
  ageCodes,
  buildSentCode,
  buildVerification,
  codeFor,
  PEPPERS,
  type Asked,
} from '../support/factories/verifications';
import { interleave } from '../support/interleave';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(async () => {
  await shop.assertInvariantsHold();
  await rows(shop.database.manager, 'DELETE FROM sms_attempts');
  await rows(shop.database.manager, 'DELETE FROM sms_messages');
  await rows(shop.database.manager, 'DELETE FROM verifications');
});
afterAll(() => shop.close());

const ask = (asked: Asked = {}) => buildVerification(shop.database, asked);
const send = (verificationId: string, isResend = false, limits?: VerificationLimits) =>
  shop.run((transaction) => sendCode(transaction, { verificationId, isResend }, limits));
/** A code that was sent once, some time ago. */
async function sentBefore(seconds: number, asked: Asked = {}) {
  const { verificationId, phone } = await ask(asked);
  await send(verificationId);
  await ageCodes(shop.database, phone, seconds);
  return { verificationId, phone };
}
const use = (verificationId: string) =>
  rows(shop.database.manager, 'UPDATE verifications SET attempts = 1, used_at = now() WHERE id = $1', [
    verificationId,
  ]);
const avoided = (verificationId: string, ordinal: number) =>
  row<{ avoid: string[] }>(shop.database.manager, 'SELECT avoid FROM sms_messages WHERE id = $1', [
    codeMessageIdOf(verificationId, ordinal),
  ]);

describe('a message with a code', () => {
  test('is stored without it, for as long as the code lives, and once for the first', async () => {
    const { verificationId, expiresAt } = await ask();
    const { state } = await send(verificationId);
    expect((await send(verificationId)).state).toEqual(state);
    expect(state).toMatchObject({ end: null, sends: 1, expiresAt: +expiresAt });
    const stored = await row<{ variables: unknown; expiresAt: Date }>(
      shop.database.manager,
      'SELECT variables, expires_at AS "expiresAt" FROM sms_messages',
    );
    expect(stored!.variables).toEqual({});
    expect(Math.abs(+stored!.expiresAt - +expiresAt)).toBeLessThanOrEqual(1);
  });

  test('counts for its number and waits for the one before, also that of another code', async () => {
    const { verificationId, phone } = await sentBefore(61);
    await send(verificationId, true);

    expect((await refusalOf(ask({ phone }))).details.retryAfterSeconds).toBeGreaterThan(115);
    await ageCodes(shop.database, phone, 121);
    await ask({ phone });
    expect((await refusalOf(send(verificationId, true))).code).toBe('auth.code_too_soon');
  });

  test('is one of those that the number, the address and the shop have', async () => {
    const limits = { ...VERIFICATION_LIMITS, waitSeconds: [] };
    const { inAll } = limits;
    const { verificationId } = await sentBefore(61);
    await send(verificationId, true, limits);
    for (const [code, fewer] of [
      ['auth.codes_too_many', { perNumber: { hour: 2, day: 10 } }],
      ['auth.codes_too_many', { perNumber: { hour: 5, day: 2 } }],
      ['request.too_many', { perAddress: { hour: 2 } }],
      ['auth.codes_exhausted', { inAll: { ...inAll, minute: 2 } }],
      ['auth.codes_exhausted', { inAll: { ...inAll, day: 2 } }],
    ] as const) {
      const refusal = await refusalOf(send(verificationId, true, { ...limits, ...fewer }));
      expect(refusal).toMatchObject({ code, details: { retryAfterSeconds: expect.any(Number) } });
    }
    expect((await send(verificationId, true, limits)).state.sends).toBe(3);
  });

  test('that two ask for at once is one: the second waits for the first', async () => {
    const { verificationId } = await sentBefore(61);
    const resend = { verificationId, isResend: true };
    const { second, waited } = await interleave(
      shop,
      (transaction) => sendCode(transaction, resend),
      (transaction) => sendCode(transaction, resend),
    );
    expect(waited).toBe(true);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'auth.code_too_soon' } });
  });

  test.each([
    ['used', 'attempts = 1, used_at = now()'],
    ['tried too often', 'attempts = 5'],
    ['expired', "created_at = now() - interval '6 minutes', expires_at = now() - interval '1 minute'"],
  ])('is refused for a code that is %s', async (_, change) => {
    const { verificationId } = await ask();
    await rows(shop.database.manager, `UPDATE verifications SET ${change}`);
    expect((await refusalOf(send(verificationId))).code).toBe('auth.code_over');
    expect((await refusalOf(send(newId()))).code).toBe('auth.code_over');
  });

  test('avoids the providers through which earlier ones gave no sign of life', async () => {
    const { verificationId, phone } = await sentBefore(61);
    await buildSend(shop.database, codeMessageIdOf(verificationId, 1));
    await send(verificationId, true);
    expect(await avoided(verificationId, 2)).toEqual({ avoid: [] });

    await ageCodes(shop.database, phone, 121);
    await rows(shop.database.manager, "UPDATE sms_attempts SET answered_at = now() - interval '31 seconds'");
    await send(verificationId, true);
    expect(await avoided(verificationId, 3)).toEqual({ avoid: ['first'] });
  });

  test('is not sent once the code was used', async () => {
    const { verificationId } = await sentBefore(0);
    const messageId = codeMessageIdOf(verificationId, 1);
    const begin = (ordinal: number) =>
      shop.run((transaction) => beginSmsAttempt(transaction, { messageId, ordinal, tried: [] }, TWO_ROUTES));
    const { attemptId } = await begin(1);
    await use(verificationId);
    expect(await shop.run((transaction) => claimSend(transaction, attemptId!))).toBeUndefined();

    const other = await sentBefore(0);
    await use(other.verificationId);
    const begun = await shop.run((transaction) =>
      beginSmsAttempt(
        transaction,
        { messageId: codeMessageIdOf(other.verificationId, 1), ordinal: 1, tried: [] },
        TWO_ROUTES,
      ),
    );
    expect(begun).toMatchObject({ attemptId: null, message: { status: 'cancelled', attempts: [] } });
  });
});

test('the shop knows when half of its messages are used up, and when only those for known devices are left', async () => {
  const limits = { ...VERIFICATION_LIMITS, inAll: { ...VERIFICATION_LIMITS.inAll, hour: 5 } };
  const budgets: string[] = [];
  for (let time = 1; time <= 4; time++) {
    const { verificationId } = await ask({ limits });
    budgets.push((await send(verificationId, false, limits)).budget);
  }
  expect(budgets).toEqual(['ample', 'ample', 'half', 'spent']);
});

test('a code is derived from its row and its pepper, as long as the pepper is there', async () => {
  const { verificationId, code } = await buildSentCode(shop.database);
  const derive = (...secrets: string[]) =>
    deriveCode(shop.database.manager, verificationId, createCodePeppers(secrets));
  expect(await derive('the next pepper, which makes codes from now on', PEPPERS.current.secret)).toEqual({
    code,
  });
  expect(await derive('the next pepper, after the last of the old codes')).toBeUndefined();
  expect(await codeFor(shop.database, verificationId)).toBe(code);
});

test.each([
  ['ck_verifications_sends', 'verifications', 'sends = 4, last_sent_at = now()'],
  ['ck_verifications_sends', 'verifications', 'sends = -1, last_sent_at = now()'],
  ['ck_verifications_sent', 'verifications', 'sends = 1, last_sent_at = NULL'],
  ['ck_verifications_language', 'verifications', "language = 'de'"],
  ['ck_sms_messages_derived', 'sms_messages', `variables = '{"code":"123456"}'`],
  ['fk_sms_messages_verification', 'sms_messages', 'verification_id = gen_random_uuid()'],
])('the table refuses by %s', async (constraint, table, change) => {
  await sentBefore(0);
  expect(await guardOf(rows(shop.database.manager, `UPDATE ${table} SET ${change}`))).toBe(constraint);
});
