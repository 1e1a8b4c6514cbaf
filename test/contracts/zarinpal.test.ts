import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createInbound } from '../../activities/payments/inbound';
import { CODES } from '../../activities/payments/zarinpal/codes';
import { createZarinpalGateway } from '../../activities/payments/zarinpal/gateway';
import { money } from '../../entities/values/money';
import { newId } from '../../entities/values/uuid';
import { createHttpClient } from '../../platform/http-client';
import { startZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { zarinpalControl, type SandboxFault } from '../support/zarinpal';
import { describePaymentGateway, type GatewayUnderTest, type Spoiling } from './payment-gateway.suite';

const MERCHANT = '5f0c1f3a-0000-4000-8000-00000000beef';
const CALLBACK = 'https://shop.test/api/v1/payments/zarinpal/callback?from=pay-page';
const ENDPOINTS = { open: 'request', verify: 'verify', inquire: 'inquiry', reverse: 'reverse' } as const;
const FAULTS: Record<Spoiling['kind'], SandboxFault> = {
  silence: { kind: 'timeout' },
  cut: { kind: 'reset' },
  html: { kind: 'html' },
  empty: { kind: 'empty' },
  not_json: { kind: 'truncated' },
  unexpected: { kind: 'code', code: -52 },
  rate_limit: { kind: 'code', code: -12 },
};

/** Every way in which Zarinpal answers, by its sources. The adapter must decide the same for all of them. */
const PROFILES: Record<string, Record<string, unknown>> = {
  'as it answers now': {},
  'with HTTP 200 for every error': { errorProfile: 'legacy200' },
  'with every option changed': {
    plainHostMode: 'merchant-table',
    validationStatus: 400,
    authorityShape: 'coded',
    rateLimitStatus: 429,
    emptyData: 'object',
    stringCodes: true,
    unverifiedCode: 'string',
    verifyAnswer: 'sample',
    inquiryAfterReturn: 'REVERSED',
    minAmountRial: 10_000,
  },
};

/** The outcome of `verify` for each class of code. */
const VERDICTS: Record<string, string> = {
  final: 'rejected',
  not_yet: 'not_paid',
  wait: 'wait',
  operator: 'operator',
  unknown: 'unknown',
  reverse: 'unknown',
};

async function startZarinpal(switches: Record<string, unknown> = {}) {
  const sandbox = await startZarinpalSandbox({ port: 0 });
  const control = zarinpalControl(sandbox.url);
  await control.merchant(MERCHANT, {});
  await control.switches.change(switches);
  const gatewayWith = (timeoutMs: number, merchantId = MERCHANT) =>
    createZarinpalGateway(
      { merchantId, baseUrl: sandbox.url, payPageUrl: `${sandbox.url}/pg/StartPay/` },
      createHttpClient({ timeoutMs, maxBytes: 256 * 1024 }),
    );
  return { sandbox, control, gatewayWith, gateway: gatewayWith(10_000) };
}

async function setUp(switches: Record<string, unknown>): Promise<GatewayUnderTest> {
  const { sandbox, control, gateway, gatewayWith } = await startZarinpal(switches);
  return {
    gateway,
    impatient: gatewayWith(300),
    inbound: createInbound().get('zarinpal')!,
    unsettled: gateway,
    secrets: [MERCHANT],
    callbackUrl: CALLBACK,
    unknownAuthority: `A${'0'.repeat(30)}zzzzz`,
    reverseWindowMs: 30 * 60_000,
    pay: async (authority) => (await control.pay(authority)).callbackUrl ?? '',
    refuse: async (authority) => (await control.refuse(authority)).callbackUrl ?? '',
    async spoilNext(call, spoiling) {
      const when = 'when' in spoiling ? { when: spoiling.when } : {};
      await control.fault({ ...FAULTS[spoiling.kind], ...when, endpoint: ENDPOINTS[call] });
    },
    timesAsked: async (call) =>
      (await control.journal({ kind: 'request', endpoint: ENDPOINTS[call] })).length,
    async advance(milliseconds) {
      await control.clock.advance(milliseconds);
    },
    async recover() {
      await control.clearFaults();
      await control.clock.reset();
      await control.clearJournal();
    },
    stop: () => sandbox.stop(),
  };
}

for (const [name, switches] of Object.entries(PROFILES)) {
  describePaymentGateway(`zarinpal, ${name}`, () => setUp(switches));
}

describe('what only Zarinpal does', () => {
  let zarinpal: Awaited<ReturnType<typeof startZarinpal>>;
  beforeAll(async () => {
    zarinpal = await startZarinpal();
  });
  beforeEach(async () => {
    await zarinpal.control.reset();
    await zarinpal.control.merchant(MERCHANT, {});
  });
  afterAll(() => zarinpal.sandbox.stop());

  async function opened(gateway = zarinpal.gateway) {
    const payment = { attemptId: newId(), orderId: newId(), amount: money(150_000) };
    const outcome = await gateway.open({ ...payment, description: 'سفارش ۷', callbackUrl: CALLBACK });
    if (outcome.kind !== 'opened') throw new Error(JSON.stringify(outcome));
    return { ...payment, ...outcome };
  }

  async function captured() {
    const payment = await opened();
    await zarinpal.control.pay(payment.authority);
    expect(await zarinpal.gateway.verify(payment)).toMatchObject({ kind: 'captured' });
    return payment;
  }

  it('is asked in money, with our order, and told not to capture by itself', async () => {
    const payment = await opened();
    expect(await zarinpal.control.session(payment.authority)).toMatchObject({
      amount: 150_000,
      currency: 'IRR',
      orderId: payment.orderId,
      callbackUrl: CALLBACK,
      autoVerify: false,
    });
    expect(payment.fee).toBe(4500);
  });

  it('does not capture by itself, even if the account is set to do so', async () => {
    await zarinpal.control.merchant(MERCHANT, { autoVerify: true });
    const payment = await opened();
    await zarinpal.control.pay(payment.authority);
    expect(await zarinpal.control.session(payment.authority)).toMatchObject({ state: 'PAID' });
    expect(await zarinpal.gateway.verify(payment)).toMatchObject({ kind: 'captured', first: true });
  });

  it('gives a pay page that a browser can open', async () => {
    const { redirectUrl } = await opened();
    const page = await fetch(redirectUrl ?? '');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<html');
  });

  it.each([
    ['inactive', '-11'],
    ['limited', '-13'],
    ['suspended', '-15'],
    ['banned', '-19'],
  ])('needs an operator when the account is %s', async (standing, code) => {
    await zarinpal.control.merchant(MERCHANT, { standing });
    await expect(opened()).rejects.toThrow(`"class":"operator","code":"${code}"`);
  });

  it('needs an operator when our address is not the registered one', async () => {
    await zarinpal.control.merchant(MERCHANT, { domain: 'another-shop.test' });
    await expect(opened()).rejects.toThrow('"class":"operator","code":"-14"');
  });

  it('needs an operator for every call when it does not know the merchant id', async () => {
    await zarinpal.control.switches.change({ plainHostMode: 'merchant-table' });
    const stranger = zarinpal.gatewayWith(10_000, newId());
    const payment = await opened();
    const operator = { kind: 'operator', code: '-10' };
    await expect(opened(stranger)).rejects.toThrow('"class":"operator","code":"-10"');
    expect(await stranger.verify(payment)).toMatchObject(operator);
    expect(await stranger.inquire(payment)).toMatchObject(operator);
    expect(await stranger.reverse(payment)).toMatchObject(operator);
    expect(await stranger.list()).toMatchObject(operator);
  });

  it('rejects for good what another merchant opened', async () => {
    const payment = await opened(zarinpal.gatewayWith(10_000, newId()));
    expect(await zarinpal.gateway.verify(payment)).toMatchObject({ kind: 'rejected', code: '-53' });
    expect(await zarinpal.gateway.inquire(payment)).toMatchObject({ kind: 'rejected', code: '-53' });
    expect(await zarinpal.gateway.reverse(payment)).toMatchObject({ kind: 'rejected', code: '-53' });
  });

  it('needs an operator to register our address before it reverses', async () => {
    await zarinpal.control.merchant(MERCHANT, { ips: [] });
    const payment = await captured();
    expect(await zarinpal.gateway.reverse(payment)).toMatchObject({ kind: 'operator', code: '-62' });
    await zarinpal.control.merchant(MERCHANT, { ips: ['127.0.0.1'] });
    expect(await zarinpal.gateway.reverse(payment)).toEqual({ kind: 'reversed' });
  });

  it('leaves only a refund when the bank refuses the reversal', async () => {
    const payment = await captured();
    await zarinpal.control.fault({ kind: 'code', code: -60, endpoint: 'reverse' });
    expect(await zarinpal.gateway.reverse(payment)).toMatchObject({ kind: 'bank_refused', code: '-60' });
  });

  it.each(['FAILED', 'REVERSED'])(
    'refunds by itself what was not captured in time, and calls that %s',
    async (inquiryAfterReturn) => {
      await zarinpal.control.switches.change({ inquiryAfterReturn });
      const payment = await opened();
      await zarinpal.control.pay(payment.authority);
      await zarinpal.control.clock.advance(31 * 60_000);
      expect(await zarinpal.gateway.inquire(payment)).toEqual({
        kind: 'status',
        status: inquiryAfterReturn.toLowerCase(),
      });
      expect(await zarinpal.gateway.verify(payment)).toMatchObject({ kind: 'not_paid', code: '-51' });
      expect(await zarinpal.gateway.list()).toMatchObject({ kind: 'listed', payments: [] });
    },
  );

  it('alerts before its list of payments hides the oldest', async () => {
    const pay = async () => zarinpal.control.payAndCloseTab((await opened()).authority);
    for (let count = 0; count < 79; count += 1) await pay();
    expect(await zarinpal.gateway.list()).toMatchObject({ kind: 'listed', nearLimit: false });
    for (let count = 79; count < 105; count += 1) await pay();
    const outcome = await zarinpal.gateway.list();
    expect(outcome).toMatchObject({ kind: 'listed', nearLimit: true, unreadable: 0 });
    expect(outcome.kind === 'listed' && outcome.payments.length).toBe(100);
    expect(outcome.kind === 'listed' && outcome.payments[0]?.callbackUrl).toBe(CALLBACK);
  });

  describe.each(['coded', 'validation-list', 'validation-message', 'field-keyed', 'errors-list'] as const)(
    'decides the same for a refusal in the shape %s',
    (shape) => {
      const codes = Object.keys(CODES)
        .map(Number)
        .filter((code) => code < 0 || code === 429);

      it.each([200, 401, 422, 429])('under HTTP %i, for every code', async (status) => {
        const payment = await opened();
        for (const code of codes) {
          const decided = new Set<string>();
          for (const form of [{}, { data: 'object', stringCodes: true } as const]) {
            await zarinpal.control.fault({ kind: 'code', endpoint: 'verify', code, shape, status, ...form });
            decided.add((await zarinpal.gateway.verify(payment)).kind);
          }
          expect([...decided], String(code)).toEqual([VERDICTS[CODES[code]!.class]]);
        }
      });
    },
  );
});
