import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { zarinpalControl, type ZarinpalControl } from '../support/zarinpal';
import {
  buildRequest,
  zarinpalCaller,
  MERCHANT,
  OTHER_MERCHANT,
  type ZarinpalCaller,
} from '../support/zarinpal-caller';

let sandbox: ZarinpalSandbox;
let control: ZarinpalControl;
let zarinpal: ZarinpalCaller;

beforeAll(async () => {
  sandbox = await startZarinpalSandbox({ port: 0 });
  control = zarinpalControl(sandbox.url);
  zarinpal = zarinpalCaller(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(() => control.reset());

describe('request', () => {
  it('makes a fresh authority of 36 characters for every call, with the fee of the tariff', async () => {
    const first = await zarinpal.call('request', buildRequest({ amount: 150_000 }));
    const second = await zarinpal.call('request', buildRequest({ amount: 150_000 }));

    expect(first.status).toBe(200);
    expect(first.body.errors).toEqual([]);
    expect(Object.keys(first.body.data)).toEqual(['authority', 'fee', 'fee_type', 'code', 'message']);
    expect(first.body.data).toMatchObject({
      fee: 4_500,
      fee_type: 'Merchant',
      code: 100,
      message: 'Success',
    });
    expect(first.body.data.authority).toMatch(/^S0{20,}[0-9a-z]{3,15}$/);
    expect(first.body.data.authority).toHaveLength(36);
    expect(second.body.data.authority).not.toBe(first.body.data.authority);
  });

  it.each([
    ['an amount as a string of digits', { amount: '150000' }],
    ['metadata as a list', { metadata: ['09120000000', 'a@example.ir', 'order-1'] }],
    ['metadata that is null', { metadata: null }],
    ['nulls inside metadata', { metadata: { mobile: null, email: null, referrer_id: null, card_pan: null } }],
    ['unknown keys at top level', { mobile: '09120000000', cardPan: ['9999999999999999'], odd: {} }],
    ['wages that are an empty list', { wages: [] }],
  ])('tolerates %s', async (_, part) => {
    const { status, body } = await zarinpal.call('request', { ...buildRequest(), ...part });
    expect({ status, code: body.data.code }).toEqual({ status: 200, code: 100 });
  });

  it.each([
    [
      'only a merchant and metadata',
      { merchant_id: MERCHANT, metadata: {} },
      'The amount field is required.',
    ],
    ['no merchant', { amount: 10_000 }, 'The merchant id field is required.'],
    [
      'a short merchant id',
      { ...base(), merchant_id: 'abc' },
      'The merchant id must be at least 36 characters.',
    ],
    [
      'a long merchant id',
      { ...base(), merchant_id: `${MERCHANT}0` },
      'The merchant id must not be greater than 36 characters.',
    ],
    ['too small an amount', { ...base(), amount: 999 }, 'The amount must be at least 1000.'],
    [
      'too small an amount in toman',
      { ...base(), amount: 99, currency: 'IRT' },
      'The amount must be at least 100.',
    ],
    ['a broken amount', { ...base(), amount: 1000.5 }, 'The amount must be an integer.'],
    ['no callback', { ...base(), callback_url: '' }, 'The callback url field is required.'],
    ['no description', { ...base(), description: undefined }, 'The description field is required.'],
    [
      'a long description',
      { ...base(), description: 'ش'.repeat(501) },
      'The description must not be greater than 500 characters.',
    ],
  ])('answers -9 to %s', async (_, body, message) => {
    const answer = await zarinpal.call('request', body);
    expect(answer).toEqual({
      status: 422,
      body: { data: [], errors: { message, code: -9, validations: [] } },
    });
  });

  it('answers -9 to a body that is no JSON, instead of breaking', async () => {
    const answer = await zarinpal.raw('request', '{"merchant_id":');
    expect(answer).toMatchObject({ status: 422, body: { errors: { code: -9 } } });
  });

  it('accepts 500 characters of description and the limits of the amount themselves', async () => {
    const edge = { description: '😀'.repeat(500), amount: 1_000_000_000 };
    expect((await zarinpal.call('request', { ...base(), ...edge })).body.data.code).toBe(100);
    expect((await zarinpal.call('request', { ...base(), amount: 1_000 })).body.data.code).toBe(100);
    expect((await zarinpal.call('request', { ...base(), amount: 100, currency: 'IRT' })).body.data.code).toBe(
      100,
    );
  });

  it.each([
    ['-41 above the maximum', { amount: 1_000_000_001 }, -41],
    ['-41 above the maximum in toman', { amount: 100_000_001, currency: 'IRT' }, -41],
    ['-10 for what is no UUID', { merchant_id: 'z'.repeat(36) }, -10],
    ['-40 for an odd expire_in', { expire_in: 'soon' }, -40],
    ['body code 429 for an odd referrer', { referrer_id: 'not a code!' }, 429],
    ['-33 for wages with a wrong iban', { wages: [{ iban: 'IR1', amount: 10_000, description: 'x' }] }, -33],
    ['-36 for a share below 10,000 rials', { wages: [buildWage({ amount: 9_999 })] }, -36],
    ['-35 for six shares', { wages: Array.from({ length: 6 }, () => buildWage()) }, -35],
    ['-32 for shares above 99 %', { wages: [buildWage({ amount: 149_000 })] }, -32],
  ])('answers %s', async (_, part, code) => {
    const { status, body } = await zarinpal.call('request', { ...base(), ...part });
    expect({ status, code: body.errors.code }).toEqual({ status: 401, code });
  });

  it('answers -9 below 10,000 rials when that minimum is switched on', async () => {
    await control.switches.change({ minAmountRial: 10_000 });
    const { body } = await zarinpal.call('request', { ...base(), amount: 9_999 });
    expect(body.errors).toMatchObject({ code: -9, message: 'The amount must be at least 10000.' });
  });
});

describe('verify', () => {
  it('answers 100 with everything about the payment once, then 101 always with the same reference', async () => {
    const authority = await zarinpal.paid(control, { amount: 100_000, metadata: { order_id: 'o-1' } });

    const first = await zarinpal.verify(authority, 100_000);
    const second = await zarinpal.verify(authority, 100_000);

    expect(first).toMatchObject({ status: 200, body: { errors: [] } });
    expect(first.body.data).toEqual({
      wages: null,
      code: 100,
      message: 'Paid',
      card_hash: expect.stringMatching(/^[0-9A-F]{64}$/),
      card_pan: '999999******9999',
      ref_id: expect.any(Number),
      fee_type: 'Merchant',
      fee: 3_000,
      shaparak_fee: 1_200,
      order_id: 'o-1',
    });
    expect(second.body.data).toEqual({ ...first.body.data, code: 101, message: 'Verified' });
  });

  it('lets one of twenty simultaneous calls be the first', async () => {
    const authority = await zarinpal.paid(control);
    const answers = await Promise.all(Array.from({ length: 20 }, () => zarinpal.verify(authority)));
    const codes = answers.map(({ body }) => body.data.code);
    expect(codes.filter((code) => code === 100)).toHaveLength(1);
    expect(codes.filter((code) => code === 101)).toHaveLength(19);
  });

  it('answers -51 before payment and after refusal, and leaves the session as it was', async () => {
    const authority = await zarinpal.open();
    expect(await zarinpal.verify(authority)).toMatchObject({
      status: 401,
      body: { data: [], errors: { code: -51 } },
    });
    await control.pay(authority);
    expect((await zarinpal.verify(authority)).body.data.code).toBe(100);

    const refused = await zarinpal.open();
    await control.refuse(refused);
    expect((await zarinpal.verify(refused)).body.errors.code).toBe(-51);
  });

  it('refuses a wrong amount in every state, also before payment', async () => {
    const authority = await zarinpal.open();
    expect((await zarinpal.verify(authority, 1)).body.errors.code).toBe(-50);
    await control.pay(authority);
    expect((await zarinpal.verify(authority, 1)).body.errors.code).toBe(-50);
    expect((await zarinpal.verify(authority)).body.data.code).toBe(100);
    expect((await zarinpal.verify(authority, 1)).body.errors.code).toBe(-50);
  });

  it('compares the amount in the unit of the request', async () => {
    const authority = await zarinpal.paid(control, { amount: 1_500, currency: 'IRT' });
    expect((await zarinpal.verify(authority, 15_000)).body.errors.code).toBe(-50);
    expect((await zarinpal.verify(authority, 1_500)).body.data.code).toBe(100);
  });

  it('answers -53 to another merchant, before it looks at the amount', async () => {
    const authority = await zarinpal.paid(control);
    const answer = await zarinpal.call('verify', { merchant_id: OTHER_MERCHANT, authority, amount: 1 });
    expect(answer).toMatchObject({ status: 401, body: { errors: { code: -53 } } });
  });

  it.each(['nonsense', `S${'0'.repeat(35)}`, 42])(
    'answers -54, keyed by field, to the authority %s',
    async (authority) => {
      const answer = await zarinpal.call('verify', { merchant_id: MERCHANT, authority, amount: 10_000 });
      expect(answer).toEqual({
        status: 422,
        body: { message: 'Invalid authority.', errors: { authority: ['Invalid authority.', '-54'] } },
      });
    },
  );

  it('needs an amount', async () => {
    const authority = await zarinpal.paid(control);
    const answer = await zarinpal.call('verify', { merchant_id: MERCHANT, authority });
    expect(answer.body.errors).toMatchObject({ code: -9, message: 'The amount field is required.' });
  });

  it('answers 101 to the first call after auto-verify, or 100 where that is switched on', async () => {
    const automatic = { metadata: { auto_verify: true } };
    const authority = await zarinpal.paid(control, automatic);
    expect((await zarinpal.inquire(authority)).body.data.status).toBe('VERIFIED');
    expect((await zarinpal.verify(authority)).body.data.code).toBe(101);

    await control.switches.change({ firstVerifyAfterAuto: 100 });
    const other = await zarinpal.paid(control, automatic);
    expect((await zarinpal.verify(other)).body.data.code).toBe(100);
    expect((await zarinpal.verify(other)).body.data.code).toBe(101);
  });

  it('can look like the sample of the documentation', async () => {
    await control.switches.change({ verifyAnswer: 'sample' });
    const { body } = await zarinpal.verify(await zarinpal.paid(control));
    expect(Object.keys(body.data)).toEqual([
      'code',
      'message',
      'card_hash',
      'card_pan',
      'ref_id',
      'fee_type',
      'fee',
    ]);
    expect(body.data.message).toBe('Verified');
  });
});

describe('inquiry', () => {
  it('follows a session through its states and changes none of them', async () => {
    const authority = await zarinpal.open();
    const status = async () => (await zarinpal.inquire(authority)).body.data.status;
    expect(await status()).toBe('IN_BANK');
    await control.pay(authority);
    expect(await status()).toBe('PAID');
    expect(await status()).toBe('PAID');
    await zarinpal.verify(authority);
    expect(await status()).toBe('VERIFIED');
    await zarinpal.reverse(authority);
    expect(await status()).toBe('REVERSED');
  });

  it('calls a refused session failed', async () => {
    const authority = await zarinpal.open();
    await control.refuse(authority);
    expect((await zarinpal.inquire(authority)).body.data.status).toBe('FAILED');
  });
});

describe('unVerified', () => {
  it('lists what is paid and not verified, newest first', async () => {
    const [first, second, verified] = [
      await zarinpal.paid(control, { amount: 50_000 }),
      await zarinpal.paid(control, { amount: 60_000 }),
      await zarinpal.paid(control),
    ];
    await zarinpal.open();
    await zarinpal.verify(verified);

    const { body } = await zarinpal.call('unVerified', { merchant_id: MERCHANT });
    expect(body.data).toMatchObject({ code: 100, message: 'Success' });
    expect(body.data.authorities.map(({ authority }: { authority: string }) => authority)).toEqual([
      second,
      first,
    ]);
    expect(body.data.authorities[1]).toEqual({
      authority: first,
      amount: 50_000,
      callback_url: 'https://shop.example.ir/pay/callback',
      referer: 'https://shop.example.ir',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    });
  });

  it('shows one merchant nothing of another', async () => {
    await zarinpal.paid(control);
    const { body } = await zarinpal.call('unVerified', { merchant_id: OTHER_MERCHANT });
    expect(body.data.authorities).toEqual([]);
  });

  it('ends at 100 rows even when there are more', async () => {
    for (let count = 0; count < 103; count += 1) await zarinpal.paid(control);
    const { body } = await zarinpal.call('unVerified', { merchant_id: MERCHANT });
    expect(body.data.authorities).toHaveLength(100);
  });

  it('can write its code as a string, as the sample of the documentation does', async () => {
    await control.switches.change({ unverifiedCode: 'string' });
    const { body } = await zarinpal.call('unVerified', { merchant_id: MERCHANT });
    expect(body.data.code).toBe('100');
  });
});

describe('reverse', () => {
  it('reverses a verified payment once', async () => {
    const authority = await zarinpal.verified(control);
    const first = await zarinpal.reverse(authority);
    expect(first).toEqual({ status: 200, body: { data: { code: 100, message: 'Reversed' }, errors: [] } });
    expect((await zarinpal.reverse(authority)).body.errors.code).toBe(-61);
    expect((await zarinpal.verify(authority)).body.errors.code).toBe(-51);
  });

  it('answers -61 to what is not paid', async () => {
    expect((await zarinpal.reverse(await zarinpal.open())).body.errors.code).toBe(-61);
  });

  it('reverses before verify unless that is switched off', async () => {
    expect((await zarinpal.reverse(await zarinpal.paid(control))).body.data.code).toBe(100);
    await control.switches.change({ reverseBeforeVerify: false });
    expect((await zarinpal.reverse(await zarinpal.paid(control))).body.errors.code).toBe(-61);
  });

  it('answers -62 to a server whose address is not registered', async () => {
    await control.merchant(MERCHANT, { ips: [] });
    const authority = await zarinpal.verified(control);
    expect((await zarinpal.reverse(authority)).body.errors.code).toBe(-62);
    await control.merchant(MERCHANT, { ips: ['127.0.0.1'] });
    expect((await zarinpal.reverse(authority)).body.data.code).toBe(100);
  });
});

describe('feeCalculation and refresh', () => {
  it('are absent where any merchant id is accepted', async () => {
    expect((await zarinpal.call('feeCalculation', { merchant_id: MERCHANT, amount: 100_000 })).status).toBe(
      404,
    );
    expect((await zarinpal.call('refresh', { merchant_id: MERCHANT })).status).toBe(404);
  });

  it('quotes the fee as the documentation does', async () => {
    await control.switches.change({ feeCalculation: 'on' });
    const body = { merchant_id: MERCHANT, amount: 100_000 };
    expect((await zarinpal.call('feeCalculation', body)).body.data).toEqual({
      amount: 100_000,
      fee: 4_200,
      fee_type: 'Merchant',
      suggested_amount: 104_329,
      code: 100,
      message: 'Success',
    });
    await control.switches.change({ suggestedAmount: 'string' });
    expect((await zarinpal.call('feeCalculation', body)).body.data.suggested_amount).toBe('104329');
  });

  it('refreshes a session where that is switched on', async () => {
    await control.switches.change({ refreshEndpoint: true });
    const authority = await zarinpal.open();
    await control.clock.advance(29 * 60_000);
    const { body } = await zarinpal.call('refresh', { merchant_id: MERCHANT, authority, expire: 1_800 });
    expect(body.data.code).toBe(100);
    await control.clock.advance(29 * 60_000);
    expect((await zarinpal.inquire(authority)).body.data.status).toBe('IN_BANK');
  });
});

function base(): Record<string, unknown> {
  return {
    merchant_id: MERCHANT,
    amount: 150_000,
    description: 'سفارش',
    callback_url: 'https://shop.example.ir/pay/callback',
  };
}

function buildWage(part: Record<string, unknown> = {}): Record<string, unknown> {
  return { iban: 'IR130570028780010957775103', amount: 20_000, description: 'سهم', ...part };
}
