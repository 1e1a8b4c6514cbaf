import { validateRequest } from 'twilio';
import { describe, expect, it } from 'vitest';

import { signatureOf } from '../../../sandbox/providers/twilio/signature';

const TOKEN = 'tok_12345';
const URL = 'https://shop.example.ir/webhooks/twilio/status?m=42';
const FIELDS = {
  To: '+989121234567',
  SmsStatus: 'delivered',
  SmsSid: `SM${'0'.repeat(32)}`,
  MessageStatus: 'delivered',
  MessageSid: `SM${'0'.repeat(32)}`,
  From: '+15005550006',
  ApiVersion: '2010-04-01',
  AccountSid: `AC${'0'.repeat(32)}`,
};

const sign = (url: string, fields: string | Record<string, string>) =>
  signatureOf(TOKEN, url, new URLSearchParams(fields));

describe('the signature of a status callback', () => {
  it('is the one of the test vector, also with an empty field', () => {
    expect(sign(URL, FIELDS)).toBe('y/wziiBE5P3ToAHVemYXI/hO/4k=');
    expect(sign(URL, { ...FIELDS, ErrorCode: '' })).toBe('cc7AAgZv8m5xcLkpBXlhmyAQ444=');
  });

  it('counts each value of a repeated field once, in order, as the official check does', () => {
    const signature = sign(URL, 'Tag=b&Tag=a&Tag=b&A=1');
    expect(validateRequest(TOKEN, signature, URL, { A: '1', Tag: ['b', 'a', 'b'] })).toBe(true);
    expect(validateRequest(TOKEN, signature, URL, { A: '1', Tag: 'b' })).toBe(false);
  });

  it('is over the address byte for byte, without its fragment', () => {
    const url = "https://shop.example.ir:8443/a'b?x=%27&y='";
    expect(validateRequest(TOKEN, sign(`${url}#rc=2`, FIELDS), url, FIELDS)).toBe(true);
    expect(sign(url, FIELDS)).not.toBe(sign(url.replace('%27', "'"), FIELDS));
  });
});
