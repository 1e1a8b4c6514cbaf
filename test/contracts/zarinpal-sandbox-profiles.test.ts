import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { askHost } from '../support/ask-host';
import { zarinpalControl, type ZarinpalControl } from '../support/zarinpal';
import { buildRequest, MERCHANT, zarinpalCaller, type ZarinpalCaller } from '../support/zarinpal-caller';

const NOBODYS = `S${'0'.repeat(35)}`;

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

describe('the profile of HTTP statuses', () => {
  it.each([
    ['current', { coded: 401, validation: 422, unknown: 422, limit: 401 }],
    ['legacy200', { coded: 200, validation: 200, unknown: 200, limit: 200 }],
  ] as const)('%s', async (errorProfile, statuses) => {
    await control.switches.change({ errorProfile });
    const authority = await zarinpal.open();
    const coded = await zarinpal.verify(authority);
    const validation = await zarinpal.call('request', buildRequest({ description: '' }));
    const unknown = await zarinpal.inquire(NOBODYS);
    await control.switches.change({ rateLimitPerMinute: 0 });
    const limit = await zarinpal.inquire(authority);

    expect([coded.status, coded.body.errors.code]).toEqual([statuses.coded, -51]);
    expect([validation.status, validation.body.errors.code]).toEqual([statuses.validation, -9]);
    expect(unknown.status).toBe(statuses.unknown);
    expect([limit.status, limit.body.errors.code]).toEqual([statuses.limit, -12]);
  });

  it('legacy200 lists rejected fields and codes an unknown authority', async () => {
    await control.switches.change({ errorProfile: 'legacy200' });
    expect((await zarinpal.call('request', buildRequest({ description: '', amount: null }))).body).toEqual({
      data: [],
      errors: {
        code: -9,
        message: 'The input params invalid, validation error.',
        validations: [
          { amount: 'The amount field is required.' },
          { description: 'The description field is required.' },
        ],
      },
    });
    expect((await zarinpal.inquire(NOBODYS)).body).toEqual({
      data: [],
      errors: { message: 'Invalid authority.', code: -54, validations: [] },
    });
  });

  it.each([
    [{ validationStatus: 400 }, 'request', {}, 400],
    [{ authorityShape: 'coded' }, 'inquiry', { merchant_id: MERCHANT, authority: NOBODYS }, 401],
    [{ rateLimitStatus: 429, rateLimitPerMinute: 0 }, 'unVerified', { merchant_id: MERCHANT }, 429],
    [
      { errorProfile: 'legacy200', authorityShape: 'field-keyed' },
      'inquiry',
      { merchant_id: MERCHANT, authority: NOBODYS },
      422,
    ],
  ] as const)('option %j answers %s %j with %i', async (option, endpoint, body, status) => {
    await control.switches.change(option);
    expect((await zarinpal.call(endpoint, body)).status).toBe(status);
  });

  it('can write {} for no data, and every code as a string', async () => {
    await control.switches.change({ emptyData: 'object', stringCodes: true });
    const authority = await zarinpal.open();
    expect((await zarinpal.verify(authority)).body).toMatchObject({ data: {}, errors: { code: '-51' } });
    expect((await zarinpal.inquire(authority)).body.data.code).toBe('100');
  });

  it('limits the calls of a minute, then admits again', async () => {
    await control.clock.freeze();
    const authority = await zarinpal.open();
    await control.switches.change({ rateLimitPerMinute: 3 });
    const codes: number[] = [];
    for (let call = 0; call < 5; call += 1) {
      const { body } = await zarinpal.inquire(authority);
      codes.push(body.data.code ?? body.errors.code);
    }
    expect(codes).toEqual([100, 100, 100, -12, -12]);
    await control.clock.advance(60_000);
    expect((await zarinpal.inquire(authority)).body.data.code).toBe(100);
  });

  it.each([{ errorProfile: 'odd' }, { payableMs: -1 }, { noSuchSwitch: 1 }])('refuses %j', async (change) => {
    await expect(control.switches.change(change)).rejects.toThrow('400');
  });
});

describe('the merchant table', () => {
  it.each([
    [{ standing: 'inactive' }, -11],
    [{ standing: 'limited' }, -13],
    [{ standing: 'suspended' }, -15],
    [{ standing: 'banned' }, -19],
    [{ level: 'basic' }, -16],
    [{ level: 'blue' }, -17],
    [{ ips: ['192.0.2.1'], ipsForEveryCall: true }, -10],
    [{ domain: 'other.example.ir' }, -14],
    [{ domain: 'example.ir' }, -14],
  ])('%j answers %i', async (change, code) => {
    await control.merchant(MERCHANT, change);
    expect((await zarinpal.call('request', buildRequest())).body.errors.code).toBe(code);
  });

  it.each([
    { domain: 'shop.example.ir' },
    { domain: 'example.ir', domainRule: 'parent-domain' },
    { ips: ['127.0.0.1'], ipsForEveryCall: true },
  ])('%j accepts the callback', async (change) => {
    await control.merchant(MERCHANT, change);
    expect((await zarinpal.call('request', buildRequest())).body.data.code).toBe(100);
  });

  it('gives the default currency, the fee type and the choice of verification', async () => {
    await control.merchant(MERCHANT, { currency: 'IRT', feeType: 'Payer', autoVerify: true });
    const { body } = await zarinpal.call('request', buildRequest({ amount: 100, currency: undefined }));
    expect(body.data).toMatchObject({ code: 100, fee_type: 'Payer' });
    await control.pay(body.data.authority);
    expect((await control.session(body.data.authority)).state).toBe('VERIFIED');

    const manual = await zarinpal.paid(control, { metadata: { auto_verify: false } });
    expect((await control.session(manual)).state).toBe('PAID');
  });

  it.each([
    ['forbidden', -30],
    ['no-account', -31],
    ['no-shaparak-iban', -38],
  ])('with wages %s answers %i to shares', async (wages, code) => {
    await control.merchant(MERCHANT, { wages });
    const share = { iban: 'IR130570028780010957775103', amount: 10_000, description: 'x' };
    expect((await zarinpal.call('request', buildRequest({ wages: [share] }))).body.errors.code).toBe(code);
  });
});

describe('host names', () => {
  it.each([
    ['payment.zarinpal.com', -10],
    ['api.zarinpal.com', -10],
    ['sandbox.zarinpal.com', 100],
  ])('%s answers a merchant that is in no table with %i', async (host, code) => {
    const { body } = await askHost(sandbox.url, host, '/pg/v4/payment/request.json', buildRequest());
    expect(body.data.code ?? body.errors.code).toBe(code);
  });

  it('offer only what they offer in truth', async () => {
    const merchant_id = '00000000-0000-4000-8000-000000000001';
    const fee = { merchant_id, amount: 100_000 };
    expect(
      (await askHost(sandbox.url, 'payment.zarinpal.com', '/pg/v4/payment/feeCalculation.json', fee)).status,
    ).toBe(200);
    expect(
      (await askHost(sandbox.url, 'sandbox.zarinpal.com', '/pg/v4/payment/feeCalculation.json', fee)).status,
    ).toBe(404);
    expect((await askHost(sandbox.url, 'next.zarinpal.com', '/api/v4/graphql/', {})).status).toBe(200);
    expect((await askHost(sandbox.url, 'payment.zarinpal.com', '/api/v4/graphql/', {})).status).toBe(404);
    expect((await askHost(sandbox.url, 'next.zarinpal.com', '/pg/v4/payment/request.json', {})).status).toBe(
      404,
    );
    expect(
      (await askHost(sandbox.url, 'payment.zarinpal.com', '/_sandbox/switches', undefined, 'GET')).status,
    ).toBe(404);

    const authority = (
      await askHost(
        sandbox.url,
        'payment.zarinpal.com',
        '/pg/v4/payment/request.json',
        buildRequest({ merchant_id }),
      )
    ).body.data.authority;
    expect(authority).toMatch(/^A/);
    expect(
      (
        await askHost(
          sandbox.url,
          'www.zarinpal.com',
          `/pg/StartPay/${authority}/ZarinGate`,
          undefined,
          'GET',
        )
      ).status,
    ).toBe(200);
    expect(
      (await askHost(sandbox.url, 'api.zarinpal.com', `/pg/StartPay/${authority}`, undefined, 'GET')).status,
    ).toBe(404);
  });

  it('count also in a call that a client sends through a proxy', async () => {
    const path = 'http://payment.zarinpal.com/pg/v4/payment/request.json';
    const { body } = await askHost(sandbox.url, '127.0.0.1', path, buildRequest());
    expect(body.errors.code).toBe(-10);
  });

  it('that cannot be read are refused', async () => {
    expect((await askHost(sandbox.url, 'a b', '/health', undefined, 'GET')).status).toBe(400);
  });

  it('of its own may imitate production too', async () => {
    await control.switches.change({ plainHostMode: 'merchant-table' });
    expect((await zarinpal.call('request', buildRequest())).body.errors.code).toBe(-10);
    await control.merchant(MERCHANT, {});
    expect((await zarinpal.call('request', buildRequest())).body.data.authority).toMatch(/^A/);
  });
});

describe('calls that fit nowhere', () => {
  it.each([
    ['GET', '/pg/v4/payment/request.json', 405],
    ['POST', '/pg/v4/payment/refund.json', 404],
    ['POST', '/pg/v4/payment/constructor', 404],
    ['POST', '/pg/rest/WebGate/PaymentRequest.json', 404],
    ['GET', '/pg/StartPay/', 404],
    ['GET', '/pg/StartPay/%E0%A4%A', 404],
    ['GET', '/_sandbox/nothing', 404],
    ['GET', '/_sandbox/sessions/nobody', 404],
    ['GET', '/health', 200],
    ['GET', '//', 400],
  ])('%s %s answers %i', async (method, path, status) => {
    expect((await fetch(`${sandbox.url}${path}`, { method })).status).toBe(status);
  });

  it('are refused when a page on the web could have sent them', async () => {
    const response = await fetch(`${sandbox.url}/_sandbox/reset`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(415);
  });

  it('are refused above a mebibyte', async () => {
    const { status } = await zarinpal.call('request', { description: 'x'.repeat(1_100_000) });
    expect(status).toBe(413);
  });
});
