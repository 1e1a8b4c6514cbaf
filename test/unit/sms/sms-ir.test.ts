import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { respond, startProvider, type Provider } from '../../support/fake-provider';
import { buildLost, buildProvider, buildText, KEY, TEXT } from './builders';

let server: Provider;
beforeAll(async () => {
  server = await startProvider();
});
beforeEach(() => server.forget());
afterAll(() => server.stop());

const success = (data: unknown) => respond(JSON.stringify({ status: 1, message: 'موفق', data }));
const seconds = (time: string) => Date.parse(time) / 1000;

describe('SMS.ir', () => {
  it('is sent a template with its parameters', async () => {
    server.answerWith(success({ messageId: 10000001, cost: 1.5 }));
    const outcome = await buildProvider('sms-ir', `${server.url}/`).sendTemplate!({
      ...buildText(),
      template: '100001',
      parameters: { CODE: '12345', HOST: 'shop.example' },
    });
    expect(outcome).toEqual({
      kind: 'accepted',
      providerMessageId: '10000001',
      cost: { amount: '1.5', unit: 'credit' },
    });
    expect(server.calls).toMatchObject([
      {
        method: 'POST',
        path: '/v1/send/verify',
        headers: { 'x-api-key': KEY },
        body: {
          mobile: '09121234567',
          templateId: 100001,
          parameters: [
            { name: 'CODE', value: '12345' },
            { name: 'HOST', value: 'shop.example' },
          ],
        },
      },
    ]);
  });

  it('is not sent a template that is no number', async () => {
    const outcome = await buildProvider('sms-ir', server.url).sendTemplate!({
      ...buildText(),
      template: 'signin-fa',
      parameters: {},
    });
    expect(outcome).toMatchObject({ kind: 'refused', class: 'config' });
    expect(server.calls).toEqual([]);
  });

  it('is sent a text as a bulk of one', async () => {
    server.answerWith(success({ packId: 'x', messageIds: [10000002], cost: 2 }));
    expect(await buildProvider('sms-ir', server.url).sendText(buildText())).toMatchObject({
      kind: 'accepted',
      providerMessageId: '10000002',
    });
    expect(server.calls[0]).toMatchObject({
      path: '/v1/send/bulk',
      body: { lineNumber: 30001234567890, messageText: TEXT, mobiles: ['09121234567'] },
    });
  });

  it.each([
    [[0], { kind: 'refused', class: 'stop' }],
    [[null], { kind: 'refused', class: 'stop' }],
    [[], { kind: 'unknown' }],
    [[1, 2], { kind: 'unknown' }],
    [['1'], { kind: 'unknown' }],
    [[-1], { kind: 'unknown' }],
    [[1.5], { kind: 'unknown' }],
    ['1', { kind: 'unknown' }],
    [undefined, { kind: 'unknown' }],
  ])('with the ids %j is read as %j', async (messageIds, outcome) => {
    server.answerWith(success({ messageIds, cost: 1 }));
    expect(await buildProvider('sms-ir', server.url).sendText(buildText())).toMatchObject(outcome);
  });

  it('keeps two long ids apart, and a cost exact', async () => {
    server.answerWith(respond('{"status":1,"data":{"messageIds":[90071992547409931],"cost":0.1}}'));
    expect(await buildProvider('sms-ir', server.url).sendText(buildText())).toEqual({
      kind: 'accepted',
      providerMessageId: '90071992547409931',
      cost: { amount: '0.1', unit: 'credit' },
    });
  });

  it.each([
    [1, { state: 'delivered', code: '1' }],
    [2, { state: 'undelivered', code: '2' }],
    [3, { state: 'pending', code: '3' }],
    [4, { state: 'undelivered', code: '4' }],
    [5, { state: 'pending', code: '5' }],
    [6, { state: 'failed', code: '6' }],
    [7, { state: 'failed', code: '7', class: 'stop' }],
    [8, { state: 'pending', code: '8' }],
    [null, { state: 'pending', code: 'none' }],
  ])('reads the delivery state %j', async (deliveryState, report) => {
    server.answerWith(success({ messageId: 77, deliveryState, cost: 1 }));
    const outcome = await buildProvider('sms-ir', server.url).report({
      providerMessageId: '77',
      sentAt: new Date(),
    });
    expect(outcome).toEqual({ kind: 'report', cost: { amount: '1', unit: 'credit' }, ...report });
    expect(server.calls[0]?.path).toBe('/v1/send/77');
  });

  it.each([{ messageId: 77, deliveryState: 9 }, { messageId: 77 }, { messageId: 78, deliveryState: 1 }, []])(
    'reads no report from %j',
    async (data) => {
      server.answerWith(success(data));
      const provider = buildProvider('sms-ir', server.url);
      expect(await provider.report({ providerMessageId: '77', sentAt: new Date() })).toMatchObject({
        kind: 'unknown',
      });
    },
  );

  it('does not know every message', async () => {
    server.answerWith(respond(JSON.stringify({ status: 111, message: '', data: null }), 400));
    const provider = buildProvider('sms-ir', server.url);
    expect(await provider.report({ providerMessageId: '77', sentAt: new Date() })).toMatchObject({
      kind: 'no_report',
      code: '111',
    });
  });
});

describe('a lost send at SMS.ir', () => {
  const row = (changes: object = {}) => ({
    messageId: 55,
    mobile: 9121234567,
    messageText: TEXT,
    sendDateTime: seconds('2026-11-20T12:00:03Z'),
    cost: 1,
    ...changes,
  });
  const provider = (now: string) => buildProvider('sms-ir', server.url, { now: () => Date.parse(now) });
  const paths = () => server.calls.map(({ path }) => path);

  it('is found among the messages of today', async () => {
    server.answerWith(success([row({ messageText: 'another' }), row({ messageText: `${TEXT}\nلغو11` })]));
    expect(await provider('2026-11-20T12:01:00Z').find(buildLost())).toEqual({
      kind: 'found',
      providerMessageId: '55',
      cost: { amount: '1', unit: 'credit' },
    });
    expect(paths()).toEqual(['/v1/send/live?pageSize=100&pageNumber=1']);
  });

  it('is looked for in the archive after midnight in Tehran, and around it in both', async () => {
    server.answerWith(success([]));
    const notFound = { kind: 'not_found', isCertain: false };
    expect(await provider('2026-11-20T20:29:59Z').find(buildLost())).toEqual(notFound);
    expect(paths()).toEqual([expect.stringContaining('/send/live')]);
    server.forget();
    expect(await provider('2026-11-20T20:30:00Z').find(buildLost())).toEqual(notFound);
    const window = `fromDate=${seconds('2026-11-20T11:59:00Z')}&toDate=${seconds('2026-11-20T12:05:00Z')}`;
    expect(paths()).toEqual([`/v1/send/archive?${window}&pageSize=100&pageNumber=1`]);
    server.forget();
    await provider('2026-11-20T20:31:00Z').find(buildLost({ sentAt: new Date('2026-11-20T20:29:50Z') }));
    expect(paths()).toEqual([
      expect.stringContaining('/send/live'),
      expect.stringContaining(`toDate=${seconds('2026-11-20T20:29:59Z')}`),
    ]);
  });

  it.each([
    ['another number', { mobile: 9121234568 }],
    ['another text', { messageText: `${TEXT}.` }],
    ['a time long before', { sendDateTime: seconds('2026-11-20T11:58:00Z') }],
    ['a time long after', { sendDateTime: seconds('2026-11-20T12:06:00Z') }],
    ['an id that another attempt has', { messageId: 54 }],
    ['no readable id', { messageId: '55' }],
    ['a time in milliseconds', { sendDateTime: Date.parse('2026-11-20T12:00:03Z') }],
  ])('is not a message with %s', async (_, changes) => {
    server.answerWith(success([row(changes), null, 'x']));
    expect(await provider('2026-11-20T12:01:00Z').find(buildLost({ otherMessageIds: ['54'] }))).toEqual({
      kind: 'not_found',
      isCertain: false,
    });
  });

  it('is looked for on every page, up to a limit', async () => {
    const others = Array.from({ length: 100 }, () => row({ mobile: 9120000000 }));
    server.answerWith((response) =>
      (server.calls.at(-1)!.path.endsWith('pageNumber=3') ? success([row()]) : success(others))(response),
    );
    expect(await provider('2026-11-20T12:01:00Z').find(buildLost())).toMatchObject({ kind: 'found' });
    server.forget();
    server.answerWith(success(others));
    expect(await provider('2026-11-20T12:01:00Z').find(buildLost())).toMatchObject({ kind: 'unknown' });
    expect(server.calls).toHaveLength(50);
  });

  it('is not looked for any longer than a step may take', async () => {
    let now = Date.parse('2026-11-20T12:01:00Z');
    const others = Array.from({ length: 100 }, () => row({ mobile: 9120000000 }));
    server.answerWith((response) => {
      now += 5_000;
      success(others)(response);
    });
    const slow = buildProvider('sms-ir', server.url, { now: () => now });
    expect(await slow.find(buildLost())).toMatchObject({ kind: 'unknown' });
    expect(server.calls).toHaveLength(2);
  });
});
