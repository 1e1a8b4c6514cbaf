import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { FIRST_MERCHANT_ID } from '../../sandbox/providers/zarinpal/merchants';
import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { officialClient } from '../support/official-zarinpal-client';
import { zarinpalControl, type ZarinpalControl } from '../support/zarinpal';

const MERCHANT = '11111111-2222-4333-8444-555555555555';

let sandbox: ZarinpalSandbox;
let control: ZarinpalControl;

beforeAll(async () => {
  sandbox = await startZarinpalSandbox({ port: 0 });
  control = zarinpalControl(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(() => control.reset());

describe('the official client, unmodified, in sandbox mode', () => {
  it('buys, verifies twice, inquires and reverses', async () => {
    const zarinpal = officialClient(sandbox.url, { merchantId: MERCHANT, sandbox: true });
    const created = await zarinpal.payments.create(buildPayment());
    const { authority } = created.data;
    expect(authority).toMatch(/^S[0-9a-zA-Z]{35}$/);
    expect(zarinpal.payments.getRedirectUrl(authority)).toBe(
      `https://sandbox.zarinpal.com/pg/StartPay/${authority}`,
    );
    expect((await zarinpal.inquiries.inquire({ authority })).data.status).toBe('IN_BANK');

    await control.pay(authority);
    expect((await zarinpal.unverified.list()).data.authorities).toHaveLength(1);
    const verified = await zarinpal.verifications.verify({ amount: 10_000, authority });
    const again = await zarinpal.verifications.verify({ amount: 10_000, authority });
    expect([verified.data.code, again.data.code]).toEqual([100, 101]);
    expect(again.data.ref_id).toBe(verified.data.ref_id);
    expect((await zarinpal.reversals.reverse({ authority })).data).toEqual({
      code: 100,
      message: 'Reversed',
    });
  });

  it('rejects with the body of a refusal, and resolves with it in the old profile', async () => {
    const zarinpal = officialClient(sandbox.url, { merchantId: MERCHANT, sandbox: true });
    const { authority } = (await zarinpal.payments.create(buildPayment())).data;
    await expect(zarinpal.verifications.verify({ amount: 10_000, authority })).rejects.toMatchObject({
      response: { status: 401, data: { data: [], errors: { code: -51 } } },
    });

    await control.switches.change({ errorProfile: 'legacy200' });
    expect(await zarinpal.verifications.verify({ amount: 10_000, authority })).toMatchObject({
      errors: { code: -51 },
    });
  });
});

describe('the official client, unmodified, in production mode', () => {
  it('gets authorities of production for the merchant in the table', async () => {
    const zarinpal = officialClient(sandbox.url, { merchantId: FIRST_MERCHANT_ID });
    expect((await zarinpal.payments.create(buildPayment())).data.authority).toMatch(/^A[0-9a-zA-Z]{35}$/);
  });

  it('is refused with a merchant that nobody registered', async () => {
    const zarinpal = officialClient(sandbox.url, { merchantId: MERCHANT });
    await expect(zarinpal.payments.create(buildPayment())).rejects.toMatchObject({
      response: { status: 401, data: { errors: { code: -10 } } },
    });
  });

  it('lists transactions and gives money back through the account API', async () => {
    const zarinpal = officialClient(sandbox.url, { merchantId: FIRST_MERCHANT_ID, accessToken: 'token' });
    const { authority } = (await zarinpal.payments.create(buildPayment({ amount: 100_000 }))).data;
    await control.pay(authority);
    await zarinpal.verifications.verify({ amount: 100_000, authority });

    const list = await zarinpal.transactions.list({ terminalId: '1', filter: 'VERIFIED' });
    expect(list.data.transactions).toEqual([
      {
        id: (await control.session(authority)).id,
        status: 'VERIFIED',
        amount: 100_000,
        description: 'order 1',
        created_at: expect.any(String),
      },
    ]);
    const refund = await zarinpal.refunds.create({
      sessionId: list.data.transactions[0].id,
      amount: 20_000,
      method: 'CARD',
      reason: 'CUSTOMER_REQUEST',
    });
    expect(refund.data.resource).toEqual({
      terminal_id: '1',
      id: expect.any(String),
      amount: 20_000,
      timeline: { refund_amount: 20_000, refund_time: null, refund_status: 'PENDING' },
    });
    await control.clock.advance(61_000);
    const { id } = refund.data.resource;
    expect((await zarinpal.refunds.retrieve(id)).data.refund).toMatchObject({
      id,
      amount: 20_000,
      status: 'SUCCESS',
    });
    expect((await zarinpal.refunds.list({ terminalId: '1' })).data.refunds).toHaveLength(1);
  });

  it('is told that it has no token', async () => {
    const zarinpal = officialClient(sandbox.url, { merchantId: FIRST_MERCHANT_ID });
    expect(await zarinpal.transactions.list({ terminalId: '1' })).toEqual({
      errors: [{ message: 'Unauthenticated.' }],
    });
  });
});

function buildPayment(part: { amount?: number } = {}) {
  return {
    amount: 10_000,
    callback_url: 'https://shop.example.ir/pay/callback',
    description: 'order 1',
    mobile: '09120000000',
    email: 'a@example.ir',
    cardPan: ['9999999999999999'],
    referrer_id: 'abc',
    ...part,
  };
}
