import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { ReceivedReport } from '../../activities/sms/sms-report-reader';
import { CODES } from '../../activities/sms/twilio/codes';
import { createTwilioProvider } from '../../activities/sms/twilio/provider';
import { createTwilioReportReader } from '../../activities/sms/twilio/report-reader';
import { createHttpClient } from '../../platform/http-client';
import { twilioProvider } from '../../sandbox/providers/twilio/provider';
import { PATIENCE, PATIENCE_MS } from '../support/patience';
import { startSmsSandbox } from '../support/sms-sandbox';
import { describeSmsProvider, type SmsProviderUnderTest } from './sms-provider.suite';

const ACCOUNT = `AC${'5f0c1f3a'.repeat(4)}`;
const TOKEN = '5f0c1f3a00004000800000000000beef';
const FROM = '+15005550006';
const TO = '+989121234567';

async function startTwilio() {
  const sandbox = await startSmsSandbox(
    twilioProvider({ accountSid: ACCOUNT, authToken: TOKEN, from: FROM }),
  );
  const account = (change: object, sid = ACCOUNT) => sandbox.control('PUT', `accounts/${sid}`, change);
  const providerWith = (
    timeoutMs: number,
    { accountSid = ACCOUNT, authToken = TOKEN, baseUrl = sandbox.url, from = FROM } = {},
  ) =>
    createTwilioProvider(
      { accountSid, authToken, baseUrl, from },
      createHttpClient({ timeoutMs, maxBytes: 256 * 1024 }),
    );
  return { sandbox, account, providerWith, provider: providerWith(PATIENCE_MS) };
}

async function setUp(): Promise<SmsProviderUnderTest> {
  const { sandbox, account, providerWith, provider } = await startTwilio();
  return {
    sandbox,
    provider,
    impatient: providerWith(300),
    unreachable: providerWith(PATIENCE_MS, { baseUrl: 'http://127.0.0.1:1' }),
    secrets: [ACCOUNT, TOKEN, FROM.slice(1)],
    endpoints: { text: 'create', report: 'fetch', find: 'list', credit: 'balance' },
    idFields: ['sid'],
    hasOnlyTexts: true,
    unknownId: `SM${'0'.repeat(32)}`,
    reportedAfterMs: 3_000,
    undelivered: { state: 'failed' },
    failed: { state: 'failed' },
    refusals: [
      { class: 'stop', code: '21211', to: '+98912' },
      { class: 'bug', code: '21617', text: 'x'.repeat(1_601) },
      { class: 'config', code: '20003', arrange: () => account({ authToken: 'another' }) },
      { class: 'config', code: '21408', arrange: () => account({ countries: ['+1'] }) },
      { class: 'config', code: '21608', arrange: () => account({ kind: 'trial' }) },
      { class: 'overload', code: '20429', arrange: () => account({ callsPerMinute: 0 }) },
    ],
    restore: () =>
      account({ authToken: TOKEN, countries: null, kind: 'full', callsPerMinute: null, standing: 'active' }),
  };
}

describeSmsProvider('twilio', setUp);

describe('what only Twilio does', () => {
  let twilio: Awaited<ReturnType<typeof startTwilio>>;
  beforeAll(async () => {
    twilio = await startTwilio();
  });
  afterAll(() => twilio.sandbox.stop());

  const sendText = (provider = twilio.provider, to = TO) =>
    provider.sendText({ to, reference: '7', text: 'x' });

  it('refuses with every documented code by its class', async () => {
    for (const [code, { class: expected }] of Object.entries(CODES)) {
      for (const status of [null, 200]) {
        await twilio.sandbox.fault({ kind: 'code', code: Number(code), status, endpoint: 'create' });
        expect(await sendText(), code).toMatchObject({ kind: 'refused', class: expected, code });
      }
    }
  });

  it('says how long to leave it alone', async () => {
    await twilio.sandbox.fault({ kind: 'code', code: 20429, retryAfterSeconds: 12, endpoint: 'create' });
    expect(await sendText()).toMatchObject({ kind: 'refused', class: 'overload', retryAfterMs: 12_000 });
  });

  it('refuses the magic numbers of test credentials by what they stand for', async () => {
    const test = `AC${'7'.repeat(32)}`;
    await twilio.account({ authToken: TOKEN, kind: 'test' }, test);
    const provider = (from = FROM) => twilio.providerWith(PATIENCE_MS, { accountSid: test, from });
    const refused = (code: string) => ({ kind: 'refused', class: CODES[Number(code)]!.class, code });
    expect(await sendText(provider())).toMatchObject({ kind: 'accepted' });
    for (const [to, code] of Object.entries({ 1: '21211', 2: '21612', 3: '21408', 4: '21610', 9: '21614' })) {
      expect(await sendText(provider(), `+1500555000${to}`), code).toMatchObject(refused(code));
    }
    for (const [from, code] of Object.entries({ 1: '21212', 7: '21606', 8: '21611' })) {
      expect(await sendText(provider(`+1500555000${from}`)), code).toMatchObject(refused(code));
    }
    expect(await provider().credit()).toMatchObject({ kind: 'refused', class: 'config' });
  });

  it('fails every message of a suspended account', async () => {
    await twilio.account({ standing: 'suspended' });
    const outcome = await sendText();
    await twilio.account({ standing: 'active' });
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    await twilio.sandbox.advance(3_000);
    const sent = { providerMessageId: outcome.providerMessageId, sentAt: new Date() };
    expect(await twilio.provider.report(sent)).toMatchObject({ state: 'failed', code: '30002' });
  });

  it('reports by callbacks that the reader tells from forged ones', async () => {
    const received: ReceivedReport[] = [];
    let url = '';
    const shop: Server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      received.push({
        url: new URL(request.url ?? '', url).href,
        fields: [...new URLSearchParams(Buffer.concat(chunks).toString())],
        signature: String(request.headers['x-twilio-signature']),
      });
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/reports?token=a.b_c-d`;
    try {
      const outcome = await twilio.provider.sendText({
        to: '+989120000009',
        reference: '8',
        text: 'x',
        reportUrl: url,
      });
      if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
      await twilio.sandbox.advance(3_000);
      const reader = createTwilioReportReader(TOKEN);
      const readings = () => received.map((report) => reader.readReport(report));
      await vi.waitFor(() => {
        const kinds = readings().map((reading) => reading.kind);
        expect(kinds).toContain('forged');
        expect(readings()).toContainEqual({
          kind: 'reported',
          providerMessageId: outcome.providerMessageId,
          report: { kind: 'report', state: 'delivered', code: 'delivered' },
        });
      }, PATIENCE);
      expect(readings().filter((reading) => reading.kind === 'ignored')).toEqual([]);
      const [stranger] = received.map((report) => createTwilioReportReader('another').readReport(report));
      expect(stranger).toEqual({ kind: 'forged' });
    } finally {
      shop.closeAllConnections();
      shop.close();
    }
  });
});
