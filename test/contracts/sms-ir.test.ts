import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CODES } from '../../activities/sms/sms-ir/codes';
import { createSmsIrProvider } from '../../activities/sms/sms-ir/provider';
import { createHttpClient } from '../../platform/http-client';
import { smsIrProvider } from '../../sandbox/providers/sms-ir/provider';
import { PATIENCE_MS } from '../support/patience';
import { startSmsSandbox } from '../support/sms-sandbox';
import { describeSmsProvider, type SmsProviderUnderTest } from './sms-provider.suite';

const KEY = '5f0c1f3a00004000800000000000beef';
const LINE = '30001234567';
const TO = '+989121234567';

async function startSmsIr() {
  const sandbox = await startSmsSandbox(smsIrProvider({ apiKey: KEY, line: LINE }));
  const account = (change: object) => sandbox.control('PUT', `accounts/${KEY}`, change);
  const providerWith = (
    timeoutMs: number,
    { apiKey = KEY, baseUrl = sandbox.url, line = LINE, now = Date.now } = {},
  ) =>
    createSmsIrProvider(
      { apiKey, baseUrl, line, now },
      createHttpClient({ timeoutMs, maxBytes: 256 * 1024 }),
    );
  return { sandbox, account, providerWith, provider: providerWith(PATIENCE_MS) };
}

async function setUp(switches: object): Promise<SmsProviderUnderTest> {
  const { sandbox, account, providerWith, provider } = await startSmsIr();
  const usual = {
    isKeyDisabled: false,
    addresses: null,
    standing: 'active',
    creditTenths: 100_000,
    callsPerMinute: null,
  };
  const restore = async () => {
    await account(usual);
    await sandbox.control('PATCH', 'switches', switches);
  };
  await restore();
  return {
    sandbox,
    provider,
    impatient: providerWith(300),
    unreachable: providerWith(PATIENCE_MS, { baseUrl: 'http://127.0.0.1:1' }),
    template: { name: '100003', parameters: { NUMBER: '1234' }, text: 'سفارش 1234 پرداخت شد' },
    secrets: [KEY, LINE, '1234 '],
    endpoints: {
      template: 'send/verify',
      text: 'send/bulk',
      report: 'send/report',
      find: 'send/live',
      credit: 'credit',
    },
    idFields: ['messageId', 'messageIds'],
    unknownId: '1',
    reportedAfterMs: 2_000,
    undelivered: { state: 'undelivered' },
    failed: { state: 'failed' },
    refusals: [
      {
        class: 'stop',
        code: '104',
        to: '+98912',
        arrange: () => sandbox.control('PATCH', 'switches', { wrongMobile: 'refuse' }),
      },
      { class: 'bug', code: '103', text: '' },
      { class: 'config', code: '102', arrange: () => account({ creditTenths: 0 }) },
      { class: 'config', code: '11', arrange: () => account({ isKeyDisabled: true }) },
      { class: 'config', code: '12', arrange: () => account({ addresses: ['192.0.2.1'] }) },
      { class: 'config', code: '14', arrange: () => account({ standing: 'suspended' }) },
      { class: 'overload', code: '20', arrange: () => account({ callsPerMinute: 0 }) },
    ],
    restore,
  };
}

describeSmsProvider('sms-ir', () => setUp({}));
describeSmsProvider('sms-ir, with HTTP 200 for every error and the oldest first', () =>
  setUp({ httpMode: 'always200', listOrder: 'oldest-first' }),
);

describe('what only SMS.ir does', () => {
  let smsIr: Awaited<ReturnType<typeof startSmsIr>>;
  beforeAll(async () => {
    smsIr = await startSmsIr();
  });
  afterAll(() => smsIr.sandbox.stop());

  const sendText = (to = TO, provider = smsIr.provider, text = 'x') =>
    provider.sendText({ to, reference: '7', text });

  it('refuses with every documented code by its class, under its own HTTP status and under 200', async () => {
    for (const [code, { class: expected }] of Object.entries(CODES)) {
      for (const status of [null, 200]) {
        await smsIr.sandbox.fault({ kind: 'code', code: Number(code), status, endpoint: 'send/bulk' });
        const outcome = await sendText();
        if (expected === 'ok' || expected === 'report') expect(outcome).toMatchObject({ kind: 'unknown' });
        else expect(outcome, code).toMatchObject({ kind: 'refused', class: expected, code });
      }
    }
    await smsIr.sandbox.fault({ kind: 'code', code: 20, retryAfterSeconds: 7, endpoint: 'send/bulk' });
    expect(await sendText()).toMatchObject({ code: '20', retryAfterMs: 7_000 });
  });

  it('refuses a text by what stands in the place of its id', async () => {
    const stop = { kind: 'refused', class: 'stop' };
    expect(await sendText('+989120000003')).toMatchObject({ ...stop, code: 'id 0' });
    expect(await sendText('+98912')).toMatchObject({ ...stop, code: 'id null' });
    expect(await sendText(TO, smsIr.provider, 'ا'.repeat(671))).toMatchObject({ ...stop, code: 'id null' });
  });

  it('refuses a template by what is wrong with it', async () => {
    await smsIr.sandbox.control('PUT', 'templates/200', { text: '#CODE#', isApproved: false });
    const send = (template: string, parameters: Record<string, string>) =>
      smsIr.provider.sendTemplate!({ to: TO, reference: '1', template, parameters });
    const config = { kind: 'refused', class: 'config' };
    const bug = { kind: 'refused', class: 'bug' };
    expect(await send('201', { CODE: '1' })).toMatchObject({ ...config, code: '113' });
    expect(await send('200', { CODE: '1' })).toMatchObject({ ...config, code: '113' });
    expect(await send('sign-in', { CODE: '1' })).toMatchObject(config);
    expect(await send('100001', { CODE: '1'.repeat(26) })).toMatchObject({ ...bug, code: '114' });
    expect(await send('100001', {})).toMatchObject({ ...bug, code: '116' });
  });

  it('refuses an unknown key and an unknown line', async () => {
    const config = { kind: 'refused', class: 'config' };
    const stranger = smsIr.providerWith(PATIENCE_MS, { apiKey: 'a-stranger' });
    expect(await sendText(TO, stranger)).toMatchObject({ ...config, code: '10' });
    expect(await stranger.credit()).toMatchObject({ ...config, code: '10' });
    const elsewhere = smsIr.providerWith(PATIENCE_MS, { line: '30009' });
    expect(await sendText(TO, elsewhere)).toMatchObject({ ...config, code: '101' });
  });

  it('finds a lost send among many, and after midnight in the archive', async () => {
    const { sandbox, providerWith } = smsIr;
    const offset = Date.parse('2027-03-09T23:59:30+03:30');
    await sandbox.control('POST', 'clock', { freeze: offset });
    const to = '+989120000006';
    expect(await sendText(to, smsIr.provider, 'lost')).toMatchObject({ kind: 'unknown' });
    const mobiles = Array.from({ length: 100 }, () => '09121234567');
    const body = JSON.stringify({ lineNumber: LINE, messageText: 'x', mobiles });
    const headers = { 'X-API-KEY': KEY };
    await fetch(`${sandbox.url}/v1/send/bulk`, { method: 'POST', headers, body });
    const lost = { operation: 'text', to, text: 'lost', sentAt: new Date(offset), reference: '1' } as const;
    const found = await providerWith(PATIENCE_MS, { now: () => offset }).find(lost);
    expect(found).toMatchObject({ kind: 'found' });
    await sandbox.advance(60_000);
    const later = providerWith(PATIENCE_MS, { now: () => offset + 60_000 });
    expect(await later.find(lost)).toEqual(found);
    expect(await later.find({ ...lost, text: 'other' })).toEqual({ kind: 'not_found', isCertain: false });
    await sandbox.recover();
  });
});
