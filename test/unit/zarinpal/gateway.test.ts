import { inspect } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createZarinpalGateway } from '../../../activities/payments/zarinpal/gateway';
import { money } from '../../../entities/values/money';
import { createHttpClient } from '../../../platform/http-client';
import { respond, startProvider, type Provider } from '../../support/fake-provider';
import { PATIENCE_MS } from '../../support/patience';
import { AUTHORITY, buildErrorShapes, buildSuccess } from './bodies';

const MERCHANT = '1e37bb5e-0000-4000-8000-c0ffee000001';
const REFERENCE = { attemptId: 'attempt-1', authority: AUTHORITY };
const PAYMENT = {
  attemptId: 'attempt-1',
  orderId: 'order-1',
  amount: money(2_500_000),
  description: 'سفارش ۱۲',
  callbackUrl: 'https://shop.test/api/v1/payments/zarinpal/callback',
};

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.stop());
beforeEach(() => provider.forget());

function buildGateway(url = provider.url, timeoutMs = PATIENCE_MS) {
  const http = createHttpClient({ timeoutMs, maxBytes: 64 * 1024 });
  return createZarinpalGateway(
    { merchantId: MERCHANT, baseUrl: `${url}/`, payPageUrl: `${url}/pg/StartPay` },
    http,
  );
}

/** Every call of the gateway, by name. */
function calls(gateway = buildGateway()) {
  return {
    open: () => gateway.open(PAYMENT),
    verify: () => gateway.verify({ ...REFERENCE, amount: PAYMENT.amount }),
    inquire: () => gateway.inquire(REFERENCE),
    reverse: () => gateway.reverse(REFERENCE),
    list: () => gateway.list(),
  };
}
const METHODS = ['open', 'verify', 'inquire', 'reverse', 'list'] as const;

describe('what the gateway sends', () => {
  it('is a request in money that Zarinpal must not capture by itself', async () => {
    provider.answerWith(respond(buildSuccess({ authority: AUTHORITY })));
    expect(await calls().open()).toEqual({
      kind: 'opened',
      authority: AUTHORITY,
      redirectUrl: `${provider.url}/pg/StartPay/${AUTHORITY}`,
    });
    expect(provider.calls).toMatchObject([{ method: 'POST', path: '/pg/v4/payment/request.json' }]);
    expect(provider.calls[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
    });
    expect(provider.calls[0]?.body).toEqual({
      merchant_id: MERCHANT,
      amount: 2_500_000,
      currency: 'IRR',
      description: 'سفارش ۱۲',
      callback_url: PAYMENT.callbackUrl,
      metadata: { auto_verify: false, order_id: 'order-1' },
    });
  });

  it('is the stored amount when it verifies, and no amount otherwise', async () => {
    provider.answerWith(respond(buildSuccess({ ref_id: 1 })));
    const { verify, inquire, reverse, list } = calls();
    for (const call of [verify, inquire, reverse, list]) await call();
    expect(provider.calls.map(({ path, body }) => [path.split('/').at(-1), body])).toEqual([
      ['verify.json', { merchant_id: MERCHANT, authority: AUTHORITY, amount: 2_500_000 }],
      ['inquiry.json', { merchant_id: MERCHANT, authority: AUTHORITY }],
      ['reverse.json', { merchant_id: MERCHANT, authority: AUTHORITY }],
      ['unVerified.json', { merchant_id: MERCHANT }],
    ]);
  });

  it.each([
    ['short', 'سفارش', 'سفارش'],
    ['as long as allowed', 'س'.repeat(500), 'س'.repeat(500)],
    ['too long', 'س'.repeat(501), `${'س'.repeat(499)}…`],
    ['cut where a character is two units', `${'س'.repeat(498)}🌿🌿`, `${'س'.repeat(498)}…`],
  ])('is a description of at most 500 characters when it is %s', async (_name, description, sent) => {
    await buildGateway().open({ ...PAYMENT, description });
    expect(provider.calls[0]?.body).toMatchObject({ description: sent });
  });

  it('is sent once: the gateway repeats nothing by itself', async () => {
    provider.answerWith((response) => void response.destroy());
    await calls().open();
    expect(provider.calls).toHaveLength(1);
  });
});

describe.each(METHODS)('the outcome of %s', (method) => {
  const call = () => calls()[method]();

  it('is decided by the body, whatever HTTP status below 500 comes with it', async () => {
    const decided = new Set<string>();
    for (const status of [200, 201, 400, 401, 403, 404, 422, 429]) {
      for (const [, body] of buildErrorShapes(-10)) {
        provider.answerWith(respond(body, status));
        const outcome = await call();
        decided.add(outcome.kind === 'refused' ? outcome.class : outcome.kind);
      }
    }
    expect([...decided]).toEqual(['operator']);
  });

  it.each([
    ['HTML 502', respond('<html>502</html>', 502, { 'content-type': 'text/html' })],
    [
      'a success with HTTP 500',
      respond(buildSuccess({ authority: AUTHORITY, ref_id: 1, status: 'PAID', authorities: [] }), 500),
    ],
    ['a coded error with HTTP 503', respond(buildErrorShapes(-51)[0]![1], 503)],
    ['HTML with HTTP 200', respond('<html>maintenance</html>', 200, { 'content-type': 'text/html' })],
    [
      'HTML with HTTP 403 of a firewall',
      respond('<html>blocked</html>', 403, { 'content-type': 'text/html' }),
    ],
    ['a redirect', respond('', 302, { location: 'https://elsewhere.test/' })],
    ['HTTP 200 with empty data', respond('{"data":{},"errors":[]}')],
    ['HTTP 200 with empty lists', respond('{"data":[],"errors":[]}')],
    ['HTTP 200 without a body', respond('')],
    ['a body cut short', respond('{"data":{"code":100,"ref_id":1')],
    ['a body without an end', respond(`{"data":"${'x'.repeat(100_000)}"}`)],
  ])('is unknown for %s', async (_name, answer) => {
    provider.answerWith(answer);
    expect(await call()).toMatchObject({ kind: 'unknown', message: expect.stringMatching(/./) });
  });

  it('is unknown when no answer comes in time', async () => {
    provider.answerWith(() => {});
    const impatient = calls(buildGateway(provider.url, 500))[method];
    expect(await impatient()).toEqual({ kind: 'unknown', message: expect.stringContaining('timeout') });
  });

  it('is unknown when the connection breaks, before or within the answer', async () => {
    provider.answerWith((response) => void response.destroy());
    expect(await call()).toMatchObject({ kind: 'unknown' });
    provider.answerWith((response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"data":{"code":100');
      setImmediate(() => response.destroy());
    });
    expect(await call()).toMatchObject({ kind: 'unknown' });
  });

  it('is unknown when no server listens', async () => {
    const gone = await startProvider();
    await gone.stop();
    expect(await calls(buildGateway(gone.url))[method]()).toMatchObject({ kind: 'unknown' });
  });

  it('never carries the credential or a card number, even when the provider echoes them', async () => {
    const echo = `merchant ${MERCHANT} ${MERCHANT.toUpperCase()} card 6037991234567890`;
    for (const [shape, body] of buildErrorShapes(-10, echo)) {
      provider.answerWith(respond(body, 401));
      const shown = inspect(await call(), { depth: null });
      expect(shown, shape).toContain('-10');
      expect(shown.toLowerCase(), shape).not.toContain(MERCHANT);
      expect(shown, shape).not.toContain('6037991234567890');
    }
  });

  it('passes on how long to wait', async () => {
    provider.answerWith(respond(buildErrorShapes(-12)[0]![1], 429, { 'retry-after': '7' }));
    expect(await call()).toMatchObject({ code: '-12', retryAfterMs: 7000 });
    provider.answerWith(
      respond(buildErrorShapes(-12)[0]![1], 429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }),
    );
    expect(await call()).not.toHaveProperty('retryAfterMs');
  });
});
