import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { PATIENCE } from '../support/patience';
import { zarinpalControl, type SandboxFault, type ZarinpalControl } from '../support/zarinpal';
import {
  buildRequest,
  MERCHANT,
  OTHER_MERCHANT,
  zarinpalCaller,
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

/** What a client with a short patience gets out of verify: an answer, or the name of its failure. */
async function impatientVerify(authority: string): Promise<string> {
  const leaving = new AbortController();
  const answer = fetch(`${sandbox.url}/pg/v4/payment/verify.json`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ merchant_id: MERCHANT, authority, amount: 150_000 }),
    signal: leaving.signal,
  }).then((response) => response.text(), failureOf);
  // The call has arrived: patience ends from here on, however busy the machine is.
  const calls = () => control.journal({ endpoint: 'verify', authority });
  await vi.waitFor(async () => expect(await calls()).toHaveLength(1), PATIENCE);
  setTimeout(() => leaving.abort(new DOMException('no answer', 'TimeoutError')), 150);
  return answer;
}

function failureOf(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  return error.name === 'TimeoutError' ? 'timeout' : ((error.cause as { code?: string }).code ?? error.name);
}

describe('a time-out', () => {
  it('before the effect leaves the session unverified', async () => {
    const authority = await zarinpal.paid(control);
    await control.fault({ kind: 'timeout', when: 'before', endpoint: 'verify' });
    expect(await impatientVerify(authority)).toBe('timeout');
    expect((await control.session(authority)).state).toBe('PAID');
    expect((await zarinpal.verify(authority)).body.data.code).toBe(100);
  });

  it('after the effect has verified: the next call says 101', async () => {
    const authority = await zarinpal.paid(control);
    await control.fault({ kind: 'timeout', when: 'after', endpoint: 'verify' });
    expect(await impatientVerify(authority)).toBe('timeout');
    expect((await control.session(authority)).state).toBe('VERIFIED');
    expect((await zarinpal.verify(authority)).body.data.code).toBe(101);
  });

  it('after a request leaves an authority that the caller does not know', async () => {
    await control.fault({ kind: 'timeout', when: 'after', endpoint: 'request' });
    const patience = new AbortController();
    const lost = fetch(`${sandbox.url}/pg/v4/payment/request.json`, {
      method: 'POST',
      body: JSON.stringify(buildRequest()),
      signal: patience.signal,
    });
    await expect.poll(() => control.sessions()).toMatchObject([{ state: 'ACTIVE', amount: 150_000 }]);
    patience.abort();
    await expect(lost).rejects.toThrow('abort');
  });
});

describe('a cut connection', () => {
  it.each([
    ['before', 'PAID'],
    ['after', 'VERIFIED'],
  ] as const)('%s the effect leaves the session %s', async (when, state) => {
    const authority = await zarinpal.paid(control);
    await control.fault({ kind: 'reset', when, endpoint: 'verify' });
    expect(['ECONNRESET', 'UND_ERR_SOCKET']).toContain(await impatientVerify(authority));
    expect((await control.session(authority)).state).toBe(state);
  });
});

describe('an odd answer', () => {
  const ODD: readonly (readonly [string, SandboxFault, unknown])[] = [
    ['a firewall page', { kind: 'html' }, { status: 502, body: expect.stringMatching(/^<!DOCTYPE html>/) }],
    [
      'a maintenance page',
      { kind: 'html', status: 503 },
      { status: 503, body: expect.stringContaining('503') },
    ],
    ['-12', { kind: 'code', code: -12 }, { status: 401, body: { data: [], errors: { code: -12 } } }],
    [
      '-52',
      { kind: 'code', code: -52 },
      { body: { errors: { code: -52, message: expect.stringMatching(/^Oops/) } } },
    ],
    [
      'an unknown code',
      { kind: 'code', code: -77 },
      { body: { errors: { code: -77, message: 'Unknown error.' } } },
    ],
    ['data: {}', { kind: 'code', code: -51, data: 'object' }, { body: { data: {}, errors: { code: -51 } } }],
    ['a string code', { kind: 'code', code: -55, stringCodes: true }, { body: { errors: { code: '-55' } } }],
    [
      'field-keyed errors',
      { kind: 'code', code: -53, shape: 'field-keyed' },
      { status: 422, body: { errors: { authority: ['Session is not this merchant_id session', '-53'] } } },
    ],
    [
      'errors as a list',
      { kind: 'code', code: -51, shape: 'errors-list' },
      { status: 401, body: { errors: [{ code: -51 }] } },
    ],
    [
      'the older validation shape',
      { kind: 'code', code: -9, shape: 'validation-list' },
      { status: 422, body: { errors: { code: -9, message: 'The input params invalid, validation error.' } } },
    ],
    ['an empty success', { kind: 'empty' }, { status: 200, body: { data: [], errors: [] } }],
    [
      'an empty success with {}',
      { kind: 'empty', data: 'object' },
      { status: 200, body: { data: {}, errors: [] } },
    ],
    [
      'any body',
      { kind: 'body', body: { data: { code: 100 } } },
      { status: 200, body: { data: { code: 100 } } },
    ],
    ['any text', { kind: 'body', body: 'hello', status: 418 }, { status: 418, body: 'hello' }],
  ];

  it.each(ODD)('%s comes before the effect and once', async (_, fault, expected) => {
    const authority = await zarinpal.paid(control);
    await control.fault({ ...fault, endpoint: 'verify' });
    expect(await zarinpal.verify(authority)).toMatchObject(expected as object);
    expect((await zarinpal.verify(authority)).body.data.code).toBe(100);
  });

  it('can come after the effect', async () => {
    const authority = await zarinpal.paid(control);
    await control.fault({ kind: 'empty', when: 'after', endpoint: 'verify' });
    expect((await zarinpal.verify(authority)).body).toEqual({ data: [], errors: [] });
    expect((await zarinpal.verify(authority)).body.data.code).toBe(101);
  });

  it('reshapes a true success and a true refusal', async () => {
    const authority = await zarinpal.open();
    await control.fault({ kind: 'reshape', shape: 'field-keyed', endpoint: 'verify' });
    expect(await zarinpal.verify(authority)).toMatchObject({
      status: 422,
      body: { errors: { authority: ['Session is not valid, session is not active paid try.', '-51'] } },
    });
    await control.pay(authority);
    await control.fault({ kind: 'reshape', stringCodes: true, data: 'object', endpoint: 'verify' });
    expect(await zarinpal.verify(authority)).toMatchObject({ body: { data: { code: '100' }, errors: {} } });
  });

  it('breaks JSON off in the middle', async () => {
    const authority = await zarinpal.paid(control);
    await control.fault({ kind: 'truncated', endpoint: 'verify' });
    await expect(zarinpal.verify(authority)).rejects.toThrow(SyntaxError);
    expect((await control.session(authority)).state).toBe('VERIFIED');
  });

  it('is slow', async () => {
    const authority = await zarinpal.paid(control);
    await control.fault({ kind: 'slow', ms: 120, endpoint: 'verify' });
    const began = performance.now();
    expect((await zarinpal.verify(authority)).body.data.code).toBe(100);
    expect(performance.now() - began).toBeGreaterThan(110);
  });
});

describe('which calls a fault hits', () => {
  it('is one authority, one merchant, one endpoint, or everybody', async () => {
    const [mine, other] = [await zarinpal.paid(control), await zarinpal.paid(control)];
    await control.fault({ kind: 'code', code: -52, authority: mine, times: null });
    expect((await zarinpal.verify(other)).body.data.code).toBe(100);
    expect((await zarinpal.inquire(mine)).body.errors.code).toBe(-52);
    expect((await zarinpal.verify(mine)).body.errors.code).toBe(-52);
    await control.clearFaults();

    await control.fault({ kind: 'code', code: -11, merchantId: OTHER_MERCHANT, endpoint: 'unVerified' });
    expect((await zarinpal.call('unVerified', { merchant_id: MERCHANT })).body.data.code).toBe(100);
    expect((await zarinpal.call('unVerified', { merchant_id: OTHER_MERCHANT })).body.errors.code).toBe(-11);
  });

  it('is the next three calls and not the fourth', async () => {
    const authority = await zarinpal.open();
    await control.fault({ kind: 'code', code: -12, times: 3 });
    const codes: number[] = [];
    for (let call = 0; call < 4; call += 1) {
      const { body } = await zarinpal.inquire(authority);
      codes.push(body.errors.code ?? body.data.code);
    }
    expect(codes).toEqual([-12, -12, -12, 100]);
  });

  it('is cleared one by one', async () => {
    const { id } = await control.fault({ kind: 'code', code: -11, times: null });
    await control.fault({ kind: 'code', code: -13, times: null });
    await control.clearFaults(id);
    expect((await zarinpal.inquire(await authorityOfNobody())).body.errors.code).toBe(-13);
  });

  it('is named in the journal, with the merchant masked', async () => {
    const authority = await zarinpal.paid(control);
    await control.fault({ kind: 'code', code: -52, endpoint: 'verify' });
    await zarinpal.verify(authority);
    const [entry] = await control.journal({ endpoint: 'verify', authority });
    expect(entry).toMatchObject({
      kind: 'request',
      body: { merchant_id: '********-****-****-****-********5555', amount: 150_000 },
      fault: { kind: 'code', when: 'before' },
    });
    expect(JSON.stringify(await control.journal())).not.toContain(MERCHANT);
  });

  it.each([
    { kind: 'explode' },
    { kind: 'code', code: 'x' },
    { kind: 'slow', ms: -1 },
    { kind: 'html', endpoint: 'nowhere' },
    { kind: 'html', tmes: 2 },
  ])('is refused when it is written wrongly: %j', async (fault) => {
    await expect(control.fault(fault as unknown as SandboxFault)).rejects.toThrow('400');
  });
});

async function authorityOfNobody(): Promise<string> {
  return `S${'0'.repeat(35)}`;
}
