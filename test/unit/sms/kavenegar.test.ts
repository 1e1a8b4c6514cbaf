import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { respond, startProvider, type Provider } from '../../support/fake-provider';
import { buildLost, buildProvider, buildText, KEY, TEXT } from './builders';

let server: Provider;
beforeAll(async () => {
  server = await startProvider();
});
beforeEach(() => server.forget());
afterAll(() => server.stop());

const answer = (status: number, entries: unknown, http = status) =>
  respond(JSON.stringify({ return: { status, message: 'تایید شد' }, entries }), http);
const success = (entries: unknown) => answer(200, entries);
const RECORD = {
  messageid: 8700001,
  message: TEXT,
  status: 1,
  receptor: '09121234567',
  date: Date.parse('2026-11-20T12:00:02Z') / 1000,
  cost: 120,
};
const ACCEPTED = { kind: 'accepted', providerMessageId: '8700001', cost: { amount: '120', unit: 'rial' } };

describe('Kavenegar', () => {
  it.each([
    ['a list', [RECORD]],
    ['an object', RECORD],
  ])('is sent a template, and answers with %s', async (_, entries) => {
    server.answerWith(success(entries));
    const provider = buildProvider('kavenegar', server.url);
    const parameters = { token: '12345', token10: 'a b', receptor: '1', template: 'x' };
    expect(await provider.sendTemplate!({ ...buildText(), template: 'signin-fa', parameters })).toEqual(
      ACCEPTED,
    );
    expect(server.calls).toMatchObject([
      {
        method: 'POST',
        path: `/v1/${KEY}/verify/lookup.json`,
        body: { receptor: '09121234567', template: 'signin-fa', token: '12345', token10: 'a b' },
      },
    ]);
  });

  it('is sent a text with our reference, from our line', async () => {
    server.answerWith(success([RECORD]));
    expect(await buildProvider('kavenegar', server.url).sendText(buildText())).toEqual(ACCEPTED);
    expect(server.calls[0]).toMatchObject({
      path: `/v1/${KEY}/sms/send.json`,
      body: { receptor: '09121234567', message: TEXT, localid: '8700001', sender: '20001000' },
    });
  });

  it.each([null, [], [{}], [{ messageid: 0 }], [{ messageid: '1' }], [RECORD, RECORD]])(
    'leaves open what a success with %j sent',
    async (entries) => {
      server.answerWith(success(entries));
      expect(await buildProvider('kavenegar', server.url).sendText(buildText())).toMatchObject({
        kind: 'unknown',
      });
    },
  );

  it('refuses with any code from 500 to 599 when its servers fail', async () => {
    server.answerWith(answer(503, null));
    expect(await buildProvider('kavenegar', server.url).sendText(buildText())).toMatchObject({
      kind: 'refused',
      class: 'overload',
      code: '503',
    });
  });

  it.each([
    [1, { kind: 'report', state: 'pending', code: '1' }],
    [2, { kind: 'report', state: 'pending', code: '2' }],
    [4, { kind: 'report', state: 'pending', code: '4' }],
    [5, { kind: 'report', state: 'pending', code: '5' }],
    [6, { kind: 'report', state: 'failed', code: '6' }],
    [10, { kind: 'report', state: 'delivered', code: '10' }],
    [11, { kind: 'report', state: 'undelivered', code: '11' }],
    [13, { kind: 'report', state: 'failed', code: '13' }],
    [14, { kind: 'report', state: 'failed', code: '14', class: 'stop' }],
    [100, { kind: 'no_report', code: '100', message: 'the id is not known, or older than 48 hours' }],
    [50, { kind: 'unknown', message: expect.any(String) }],
    ['10', { kind: 'unknown', message: expect.any(String) }],
    [undefined, { kind: 'unknown', message: expect.any(String) }],
  ])('reads the status %j', async (status, outcome) => {
    server.answerWith(success([{ messageid: 1 }, { messageid: 8700001, status }]));
    const sent = { providerMessageId: '8700001', sentAt: new Date() };
    expect(await buildProvider('kavenegar', server.url).report(sent)).toEqual(outcome);
    expect(server.calls[0]?.body).toEqual({ messageid: '8700001' });
  });

  it('tells its credit in rials', async () => {
    server.answerWith(success({ remaincredit: 1_500_000, expiredate: 1, type: 'master' }));
    expect(await buildProvider('kavenegar', server.url).credit()).toEqual({
      kind: 'credit',
      left: { amount: '1500000', unit: 'rial' },
    });
  });
});

describe('a lost text at Kavenegar', () => {
  const provider = (now: string) => buildProvider('kavenegar', server.url, { now: () => Date.parse(now) });

  it('is found by its reference', async () => {
    server.answerWith(success([{ messageid: 8700009, localid: '8700001', status: 4 }]));
    expect(await provider('2026-11-20T12:01:00Z').find(buildLost())).toEqual({
      kind: 'found',
      providerMessageId: '8700009',
    });
    expect(server.calls).toMatchObject([
      { path: `/v1/${KEY}/sms/statuslocalmessageid.json`, body: { localid: '8700001' } },
    ]);
  });

  it.each([
    // A call that was given up after 5 s may still take effect.
    ['2026-11-20T12:00:05Z', false],
    ['2026-11-20T12:00:59Z', false],
    ['2026-11-20T12:01:00Z', true],
    ['2026-11-20T23:29:00Z', true],
    ['2026-11-20T23:31:00Z', false],
  ])('and missing at %s is certain: %j', async (now, isCertain) => {
    server.answerWith(success([{ messageid: 0, localid: '8700001', status: 100 }]));
    expect(await provider(now).find(buildLost())).toEqual({ kind: 'not_found', isCertain });
  });

  it.each([null, [], [{ messageid: 5, localid: '8700002', status: 4 }], [{ localid: '8700001', status: 4 }]])(
    'is neither found nor missing in %j',
    async (entries) => {
      server.answerWith(success(entries));
      expect(await provider('2026-11-20T12:01:00Z').find(buildLost())).toMatchObject({ kind: 'unknown' });
    },
  );
});

describe('a lost template message at Kavenegar', () => {
  const lost = (changes = {}) => buildLost({ operation: 'template', ...changes });
  const find = (changes = {}) => buildProvider('kavenegar', server.url).find(lost(changes));
  /** First the ids of the number, then what the panel lets us read. */
  function answers(
    ids: readonly number[],
    records: (response: Parameters<ReturnType<typeof respond>>[0]) => void,
  ) {
    server.answerWith((response) =>
      server.calls.at(-1)!.path.endsWith('statusbyreceptor.json')
        ? success(ids.map((messageid) => ({ messageid, status: 4 })))(response)
        : records(response),
    );
  }

  it('is found by number, time and text', async () => {
    answers([1, 8700001], success([{ ...RECORD, messageid: 1, message: 'another' }, RECORD]));
    expect(await find()).toEqual({ kind: 'found', providerMessageId: '8700001', cost: ACCEPTED.cost });
    expect(server.calls.map(({ body }) => body)).toEqual([
      {
        receptor: '09121234567',
        startdate: String(Date.parse('2026-11-20T11:59:00Z') / 1000),
        enddate: String(Date.parse('2026-11-20T12:05:00Z') / 1000),
      },
      { messageid: '1,8700001' },
    ]);
  });

  it('is never certainly missing', async () => {
    const missing = { kind: 'not_found', isCertain: false };
    answers([], success([]));
    expect(await find()).toEqual(missing);
    answers([1], success([{ ...RECORD, messageid: 1, message: 'another' }]));
    expect(await find()).toEqual(missing);
    answers([1], success([]));
    expect(await find({ otherMessageIds: ['1'] })).toEqual(missing);
  });

  it('is the only message that it can be, where texts cannot be read', async () => {
    answers([1, 2], answer(407, null));
    expect(await find({ otherMessageIds: ['1'] })).toEqual({ kind: 'found', providerMessageId: '2' });
    expect(await find({ otherMessageIds: [] })).toMatchObject({ kind: 'unknown' });
    answers([1], answer(407, null));
    expect(await find()).toMatchObject({ kind: 'unknown' });
    answers([1], answer(451, null));
    expect(await find({ otherMessageIds: [] })).toMatchObject({ kind: 'refused', class: 'overload' });
  });
});
