import { describe, expect, it } from 'vitest';

import { createSmsProviders, type SmsProviders } from '../../../activities/sms/sms-providers';
import { KavenegarConfig } from '../../../platform/config/kavenegar';
import { SmsConfig } from '../../../platform/config/sms';
import { SmsIrConfig } from '../../../platform/config/sms-ir';
import { TwilioConfig } from '../../../platform/config/twilio';
import { startProvider } from '../../support/fake-provider';
import { buildText } from './builders';

const buildProviders = (
  smsProviders: SmsConfig['smsProviders'],
  {
    smsIr = {},
    kavenegar = {},
    twilio = {},
    sms = {},
  }: {
    smsIr?: Partial<SmsIrConfig>;
    kavenegar?: Partial<KavenegarConfig>;
    twilio?: Partial<TwilioConfig>;
    sms?: Partial<SmsConfig>;
  } = {},
) =>
  createSmsProviders({
    sms: Object.assign(new SmsConfig(), { smsProviders, ...sms }),
    smsIr: Object.assign(new SmsIrConfig(), smsIr),
    kavenegar: Object.assign(new KavenegarConfig(), kavenegar),
    twilio: Object.assign(new TwilioConfig(), twilio),
  });

describe('the SMS providers of the shop', () => {
  it('are those that are configured, in that order', () => {
    expect(buildProviders(new SmsConfig().smsProviders).names).toEqual(['sms-ir', 'kavenegar']);
    const providers = buildProviders(['twilio', 'sms-ir', 'kavenegar']);
    expect(providers.names).toEqual(['twilio', 'sms-ir', 'kavenegar']);
    for (const name of providers.names) expect(providers.named(name).name).toBe(name);
  });

  it.each(['', 'twilio', 'SMS-IR', 'constructor'])('do not include %j', (name) => {
    const providers = buildProviders(['sms-ir']);
    expect(() => providers.named(name)).toThrow('SMS_PROVIDERS does not have');
    expect(() => providers.creditAlert(name)).toThrow('SMS_PROVIDERS does not have');
    expect(providers.reportReaders.get(name)).toBeUndefined();
  });

  it('have their own credit alerts, and a reader where they sign their callbacks', () => {
    const providers = buildProviders(['kavenegar', 'twilio'], { sms: { twilioCreditAlert: 2.5 } });
    expect(providers.creditAlert('twilio')).toBe(2.5);
    expect(providers.creditAlert('kavenegar')).toBe(1_000_000);
    expect([...providers.reportReaders.keys()]).toEqual(['twilio']);
  });

  it('ask for reports ever later, and send codes by a way that they have', () => {
    const providers = buildProviders(['sms-ir', 'kavenegar', 'twilio']);
    for (const provider of providers.names.map((name) => providers.named(name))) {
      const { reportsAfterMs, codesBy, sendTemplate } = provider;
      expect(reportsAfterMs).toEqual([...new Set(reportsAfterMs)].toSorted((a, b) => a - b));
      expect(codesBy === 'template').toBe(sendTemplate !== undefined);
    }
  });

  it('send campaigns from the line for campaigns, where there is one, and nothing else from it', async () => {
    const server = await startProvider();
    const names = ['sms-ir', 'kavenegar', 'twilio'] as const;
    const ways = { smsIrBaseUrl: server.url, kavenegarBaseUrl: server.url, twilioBaseUrl: server.url };
    const common = { smsIrLine: '30001', kavenegarSender: '20001', twilioFrom: '+15005550001' };
    const own = {
      ...{ smsIrCampaignLine: '30002', kavenegarCampaignSender: '20002' },
      twilioCampaignFrom: `MG${'0'.repeat(32)}`,
    };
    const linesOf = async (settings: object, send: (of: SmsProviders, name: string) => Promise<unknown>) => {
      const providers = buildProviders(names, { smsIr: settings, kavenegar: settings, twilio: settings });
      server.forget();
      for (const name of names) await send(providers, name);
      return server.calls.map(({ body }) => {
        const { lineNumber, sender, From, MessagingServiceSid } = body as Record<string, unknown>;
        return lineNumber ?? sender ?? From ?? MessagingServiceSid;
      });
    };
    const campaign = (of: SmsProviders, name: string) => of.bulk(name).sendAll([buildText()]);
    const notice = (of: SmsProviders, name: string) => of.named(name).sendText(buildText());
    try {
      const settings = { ...ways, ...common };
      expect(await linesOf(settings, campaign)).toEqual([30001, '["20001"]', '+15005550001']);
      expect(await linesOf({ ...settings, ...own }, campaign)).toEqual([
        ...[30002, '["20002"]', own.twilioCampaignFrom],
      ]);
      expect(await linesOf({ ...settings, ...own }, notice)).toEqual([30001, '20001', '+15005550001']);
      // Without any line of the shop's, Kavenegar takes that of the account.
      const lineless = { ...settings, kavenegarSender: undefined };
      expect(await linesOf(lineless, campaign)).toEqual([30001, undefined, '+15005550001']);
    } finally {
      await server.stop();
    }
  });

  it('each wait for as long as their own settings say', async () => {
    const silent = await startProvider();
    silent.answerWith(() => {});
    try {
      const smsIr = { smsIrBaseUrl: silent.url, smsIrTimeoutMs: 100 };
      const outcome = await buildProviders(['sms-ir'], { smsIr }).named('sms-ir').sendText(buildText());
      expect(outcome).toEqual({ kind: 'unknown', message: 'no answer (timeout)' });
    } finally {
      await silent.stop();
    }
  });
});
