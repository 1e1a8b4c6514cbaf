import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTwilioProvider } from '../../../activities/sms/twilio/provider';
import { createTwilioReportReader } from '../../../activities/sms/twilio/report-reader';
import { createHttpClient } from '../../../platform/http-client';
import { respond, startProvider, type Provider } from '../../support/fake-provider';
import { PATIENCE_MS } from '../../support/patience';
import { ACCOUNT_SID, buildLost, buildProvider, buildText, KEY, SID, TEXT, TO } from './builders';

let server: Provider;
beforeAll(async () => {
  server = await startProvider();
});
beforeEach(() => server.forget());
afterAll(() => server.stop());

const created = (fields: object = {}) =>
  respond(JSON.stringify({ sid: SID, status: 'queued', ...fields }), 201);
const resource = (fields: object) => respond(JSON.stringify({ sid: SID, ...fields }));
const report = () =>
  buildProvider('twilio', server.url).report({ providerMessageId: SID, sentAt: new Date() });

describe('Twilio', () => {
  it('is sent a text, with the address that it reports to', async () => {
    server.answerWith(created({ price: null, price_unit: null }));
    const reportUrl = 'https://shop.example/api/v1/sms/reports/token';
    expect(await buildProvider('twilio', server.url).sendText(buildText({ reportUrl }))).toEqual({
      kind: 'accepted',
      providerMessageId: SID,
    });
    expect(server.calls).toMatchObject([
      {
        method: 'POST',
        path: `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`,
        headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${KEY}`).toString('base64')}` },
        body: { From: '+15005550006', To: TO, Body: TEXT, StatusCallback: reportUrl },
      },
    ]);
  });

  it('sends from a Messaging Service where that is configured', async () => {
    server.answerWith(created());
    const from = `MG${'0'.repeat(32)}`;
    const provider = createTwilioProvider(
      { accountSid: ACCOUNT_SID, authToken: KEY, baseUrl: server.url, from },
      createHttpClient({ timeoutMs: PATIENCE_MS, maxBytes: 1_000 }),
    );
    await provider.sendText(buildText());
    expect(server.calls[0]?.body).toEqual({ MessagingServiceSid: from, To: TO, Body: TEXT });
  });

  it.each([{ sid: null }, { sid: 'SM1' }, { sid: `AC${SID.slice(2)}` }, { sid: [SID] }])(
    'leaves open what a success with %j sent',
    async (fields) => {
      server.answerWith(created(fields));
      expect(await buildProvider('twilio', server.url).sendText(buildText())).toMatchObject({
        kind: 'unknown',
      });
    },
  );

  it('also refuses in the form of RFC 9457', async () => {
    server.answerWith(respond(JSON.stringify({ type: 'x', title: 'y', status: 400, code: 21211 }), 400));
    expect(await buildProvider('twilio', server.url).sendText(buildText())).toMatchObject({
      kind: 'refused',
      class: 'stop',
      code: '21211',
    });
  });

  it.each([
    ['accepted', null, { state: 'pending', code: 'accepted' }],
    ['queued', null, { state: 'pending', code: 'queued' }],
    ['sent', null, { state: 'pending', code: 'sent' }],
    ['delivered', null, { state: 'delivered', code: 'delivered' }],
    ['read', null, { state: 'delivered', code: 'read' }],
    ['undelivered', 30003, { state: 'failed', code: '30003' }],
    ['undelivered', 30005, { state: 'failed', code: '30005', class: 'stop' }],
    ['failed', 30007, { state: 'failed', code: '30007' }],
    ['failed', null, { state: 'failed', code: 'failed' }],
    ['canceled', null, { state: 'failed', code: 'canceled' }],
  ])('reads the status %s with error %j', async (status, error_code, expected) => {
    server.answerWith(resource({ status, error_code, price: null, price_unit: 'USD' }));
    expect(await report()).toEqual({ kind: 'report', ...expected });
  });

  it.each(['received', 'receiving', 'constructor', '', null, 5])(
    'reads no report from the status %j',
    async (status) => {
      server.answerWith(resource({ status }));
      expect(await report()).toMatchObject({ kind: 'unknown' });
    },
  );

  it.each([
    ['-0.00750', 'USD', { cost: { amount: '0.00750', unit: 'USD' } }],
    ['-12.1', 'eur', { cost: { amount: '12.1', unit: 'EUR' } }],
    ['0', 'USD', { cost: { amount: '0', unit: 'USD' } }],
    [-0.0075, 'USD', {}],
    ['1e-7', 'USD', {}],
    ['-0.00750', null, {}],
    [null, 'USD', {}],
  ])('reads the price %j %j', async (price, price_unit, cost) => {
    server.answerWith(resource({ status: 'delivered', price, price_unit }));
    expect(await report()).toEqual({ kind: 'report', state: 'delivered', code: 'delivered', ...cost });
  });

  it('does not know every message, and answers for no other one', async () => {
    server.answerWith(respond(JSON.stringify({ code: 20404, message: '', status: 404 }), 404));
    expect(await report()).toEqual({
      kind: 'no_report',
      code: '20404',
      message: 'the message does not exist',
    });
    server.answerWith(respond(JSON.stringify({ sid: `SM${'0'.repeat(32)}`, status: 'delivered' })));
    expect(await report()).toMatchObject({ kind: 'unknown' });
  });

  it('tells its balance, also below zero', async () => {
    server.answerWith(resource({ balance: '-3.05', currency: 'USD' }));
    expect(await buildProvider('twilio', server.url).credit()).toEqual({
      kind: 'credit',
      left: { amount: '-3.05', unit: 'USD' },
    });
  });
});

describe('a lost send at Twilio', () => {
  const message = (changes: object = {}) => ({
    sid: SID,
    to: TO,
    body: TEXT,
    direction: 'outbound-api',
    date_created: 'Fri, 20 Nov 2026 12:00:02 +0000',
    date_sent: null,
    price: '-0.0075',
    price_unit: 'USD',
    ...changes,
  });
  const find = (changes = {}) => buildProvider('twilio', server.url).find(buildLost(changes));

  it('is found by number, text and time, even in the queue', async () => {
    server.answerWith(respond(JSON.stringify({ messages: [message({ body: 'another' }), message()] })));
    expect(await find()).toEqual({
      kind: 'found',
      providerMessageId: SID,
      cost: { amount: '0.0075', unit: 'USD' },
    });
    expect(server.calls[0]?.path).toBe(
      `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json?To=%2B989121234567&PageSize=50`,
    );
  });

  it.each([
    { to: '+989121234568' },
    { body: `${TEXT}!` },
    { direction: 'inbound' },
    { date_created: 'Fri, 20 Nov 2026 11:58:00 +0000' },
    { date_created: 'soon' },
    { date_created: null },
    { sid: 'SM1' },
  ])('is not a message with %j', async (changes) => {
    server.answerWith(respond(JSON.stringify({ messages: [message(changes), null] })));
    expect(await find()).toEqual({ kind: 'not_found', isCertain: false });
  });

  it('is not a message of another attempt', async () => {
    server.answerWith(respond(JSON.stringify({ messages: [message()] })));
    expect(await find({ otherMessageIds: [SID] })).toEqual({ kind: 'not_found', isCertain: false });
  });
});

describe('a status callback', () => {
  const reader = createTwilioReportReader('tok_12345');
  const url = 'https://shop.example.ir/webhooks/twilio/status?m=42';
  const fields: [string, string][] = [
    ['AccountSid', `AC${'0'.repeat(32)}`],
    ['ApiVersion', '2010-04-01'],
    ['From', '+15005550006'],
    ['MessageSid', `SM${'0'.repeat(32)}`],
    ['MessageStatus', 'delivered'],
    ['SmsSid', `SM${'0'.repeat(32)}`],
    ['SmsStatus', 'delivered'],
    ['To', '+989121234567'],
  ];

  it('is read when it is genuine', () => {
    expect(reader.readReport({ url, fields, signature: 'y/wziiBE5P3ToAHVemYXI/hO/4k=' })).toEqual({
      kind: 'reported',
      providerMessageId: `SM${'0'.repeat(32)}`,
      report: { kind: 'report', state: 'delivered', code: 'delivered' },
    });
  });

  it.each([null, '', 'y/wziiBE5P3ToAHVemYXI/hO/4k', 'cc7AAgZv8m5xcLkpBXlhmyAQ444='])(
    'is forged with the signature %j',
    (signature) => {
      expect(reader.readReport({ url, fields, signature })).toEqual({ kind: 'forged' });
    },
  );
});
