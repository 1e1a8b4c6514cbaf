import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CODES } from '../../activities/sms/kavenegar/codes';
import { createKavenegarProvider } from '../../activities/sms/kavenegar/provider';
import { createHttpClient } from '../../platform/http-client';
import { kavenegarProvider } from '../../sandbox/providers/kavenegar/provider';
import { PATIENCE_MS } from '../support/patience';
import { startSmsSandbox } from '../support/sms-sandbox';
import { describeSmsProvider, type SmsProviderUnderTest } from './sms-provider.suite';

const KEY = '5f0c1f3a00004000800000000000beef';
const LINE = '20001000';
const TO = '+989121234567';

async function startKavenegar() {
  const sandbox = await startSmsSandbox(kavenegarProvider({ apiKey: KEY, sender: LINE }));
  const account = (change: object) => sandbox.control('PUT', `accounts/${KEY}`, change);
  const providerWith = (timeoutMs: number, { apiKey = KEY, baseUrl = sandbox.url, sender = LINE } = {}) =>
    createKavenegarProvider(
      { apiKey, baseUrl, sender },
      createHttpClient({ timeoutMs, maxBytes: 256 * 1024 }),
    );
  return { sandbox, account, providerWith, provider: providerWith(PATIENCE_MS) };
}

async function setUp(switches: object): Promise<SmsProviderUnderTest> {
  const { sandbox, account, providerWith, provider } = await startKavenegar();
  const usual = {
    isDisabled: false,
    addresses: ['127.0.0.1'],
    isBoundToAddresses: false,
    credit: 1_000_000,
    callsPerMinute: null,
    testOwner: null,
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
    template: { name: 'order-paid-fa', parameters: { token: '1234' }, text: 'سفارش 1234 پرداخت شد' },
    secrets: [KEY, LINE, '1234 '],
    endpoints: {
      template: 'verify/lookup',
      text: 'sms/send',
      report: 'sms/status',
      find: 'sms/statuslocalmessageid',
      credit: 'account/info',
    },
    idFields: ['messageid'],
    unknownId: '1',
    reportedAfterMs: 301_000,
    undelivered: { state: 'undelivered' },
    failed: { state: 'failed' },
    refusals: [
      { class: 'stop', code: '411', to: '+98912' },
      { class: 'bug', code: '413', text: 'ا'.repeat(901) },
      { class: 'config', code: '418', arrange: () => account({ credit: 0 }) },
      { class: 'config', code: '401', arrange: () => account({ isDisabled: true }) },
      {
        class: 'config',
        code: '416',
        arrange: () => account({ isBoundToAddresses: true, addresses: ['192.0.2.1'] }),
      },
      { class: 'config', code: '501', arrange: () => account({ testOwner: '09120000000' }) },
      { class: 'overload', code: '451', arrange: () => account({ callsPerMinute: 0 }) },
    ],
    restore,
  };
}

describeSmsProvider('kavenegar', () => setUp({}));
describeSmsProvider('kavenegar, with HTTP 200 for every error', () =>
  setUp({ httpMode: 'always200', lookupEntries: 'object' }),
);

describe('what only Kavenegar does', () => {
  let kavenegar: Awaited<ReturnType<typeof startKavenegar>>;
  beforeAll(async () => {
    kavenegar = await startKavenegar();
  });
  afterAll(() => kavenegar.sandbox.stop());

  const sendText = (provider = kavenegar.provider) =>
    provider.sendText({ to: TO, reference: '7', text: 'x' });

  it('refuses with every documented code by its class, under its own HTTP status and under 200', async () => {
    for (const [code, { class: expected }] of Object.entries(CODES)) {
      for (const status of [null, 200]) {
        await kavenegar.sandbox.fault({ kind: 'code', code: Number(code), status, endpoint: 'sms/send' });
        const outcome = await sendText();
        if (code === '200') expect(outcome).toMatchObject({ kind: 'unknown' });
        else expect(outcome, code).toMatchObject({ kind: 'refused', class: expected, code });
      }
    }
  });

  it('refuses a template by what is wrong with it', async () => {
    await kavenegar.sandbox.control('PUT', 'templates/waiting', { text: '%token', isApproved: false });
    const sendTemplate = (template: string, parameters: Record<string, string>) =>
      kavenegar.provider.sendTemplate!({ to: TO, reference: '1', template, parameters });
    const config = { kind: 'refused', class: 'config' };
    const bug = { kind: 'refused', class: 'bug' };
    expect(await sendTemplate('missing', { token: '1' })).toMatchObject({ ...config, code: '424' });
    expect(await sendTemplate('waiting', { token: '1' })).toMatchObject({ ...config, code: '424' });
    expect(await sendTemplate('signin-fa', { token: '1', token2: '2' })).toMatchObject({
      ...config,
      code: '432',
    });
    expect(await sendTemplate('signin-fa', { token: 'a b' })).toMatchObject({ ...bug, code: '431' });
    expect(await sendTemplate('signin-fa', {})).toMatchObject(bug);
  });

  it('refuses an unknown key and an unknown line', async () => {
    const { providerWith } = kavenegar;
    const config = { kind: 'refused', class: 'config' };
    const stranger = providerWith(PATIENCE_MS, { apiKey: 'a-stranger' });
    expect(await sendText(stranger)).toMatchObject({ ...config, code: '403' });
    expect(await stranger.credit()).toMatchObject({ ...config, code: '403' });
    expect(await sendText(providerWith(PATIENCE_MS, { sender: '1' }))).toMatchObject({
      ...config,
      code: '412',
    });
  });

  it('finds a lost template message without reading texts when it can be no other', async () => {
    const to = '+989120000006';
    const sms = { to, template: 'order-paid-en', parameters: { token: '5' } };
    const lost = {
      operation: 'template',
      to,
      text: 'Order 5 is paid',
      sentAt: new Date(),
      reference: '5',
    } as const;
    expect(await kavenegar.provider.sendTemplate!({ ...sms, reference: '5' })).toMatchObject({
      kind: 'unknown',
    });
    expect(await kavenegar.provider.find(lost)).toMatchObject({ kind: 'unknown' });
    const outcome = await kavenegar.provider.find({ ...lost, otherMessageIds: [] });
    if (outcome.kind !== 'found') throw new Error(JSON.stringify(outcome));
    expect(await kavenegar.provider.find({ ...lost, otherMessageIds: [outcome.providerMessageId] })).toEqual({
      kind: 'not_found',
      isCertain: false,
    });
  });

  it('forgets a message after 48 hours', async () => {
    const outcome = await kavenegar.provider.sendText({ to: TO, reference: '9', text: 'x' });
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    const sent = { providerMessageId: outcome.providerMessageId, sentAt: new Date() };
    await kavenegar.sandbox.advance(47 * 3_600_000);
    expect(await kavenegar.provider.report(sent)).toMatchObject({ kind: 'report', state: 'delivered' });
    await kavenegar.sandbox.advance(2 * 3_600_000);
    expect(await kavenegar.provider.report(sent)).toMatchObject({ kind: 'no_report', code: '100' });
    await kavenegar.sandbox.recover();
  });
});
