import { createKavenegarProvider } from '../../../activities/sms/kavenegar/provider';
import { createSmsIrProvider } from '../../../activities/sms/sms-ir/provider';
import type { LostSms, SmsProvider, TextSms } from '../../../activities/sms/sms-provider';
import { createTwilioProvider } from '../../../activities/sms/twilio/provider';
import { createHttpClient } from '../../../platform/http-client';
import { PATIENCE_MS } from '../../support/patience';

export const KEY = 'a-key-that-nobody-may-see';
export const ACCOUNT_SID = 'AC00112233445566778899aabbccddeeff';
export const SID = `SM${'0123456789abcdef'.repeat(2)}`;
export const TO = '+989121234567';
export const TEXT = 'سفارش ۱۲۳۴ پرداخت شد';

interface Options {
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** Each adapter against a server at this address, by name. */
export function buildProvider(
  name: 'sms-ir' | 'kavenegar' | 'twilio',
  baseUrl: string,
  { timeoutMs = PATIENCE_MS, now = Date.now }: Options = {},
): SmsProvider {
  const http = createHttpClient({ timeoutMs, maxBytes: 64 * 1024 });
  switch (name) {
    case 'sms-ir':
      return createSmsIrProvider({ apiKey: KEY, baseUrl, line: '30001234567890', now }, http);
    case 'kavenegar':
      return createKavenegarProvider({ apiKey: KEY, baseUrl, sender: '20001000', now }, http);
    case 'twilio':
      return createTwilioProvider(
        { accountSid: ACCOUNT_SID, authToken: KEY, baseUrl, from: '+15005550006' },
        http,
      );
  }
}

export function buildText(changes: Partial<TextSms> = {}): TextSms {
  return { to: TO, reference: '8700001', text: TEXT, ...changes };
}

export function buildLost(changes: Partial<LostSms> = {}): LostSms {
  return { operation: 'text', ...buildText(), sentAt: new Date('2026-11-20T12:00:00Z'), ...changes };
}
