import { createHash } from 'node:crypto';

import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { describe, expect, it } from 'vitest';

import { isSignedByTwilio, type SignedFields } from '../../../activities/sms/twilio/signature';

const TOKEN = 'tok_12345';
const ADDRESS = 'https://shop.example.ir/webhooks/twilio/status?m=42';
const FIELDS: SignedFields = [
  ['To', '+989121234567'],
  ['AccountSid', `AC${'0'.repeat(32)}`],
  ['ApiVersion', '2010-04-01'],
  ['From', '+15005550006'],
  ['MessageSid', `SM${'0'.repeat(32)}`],
  ['MessageStatus', 'delivered'],
  ['SmsStatus', 'delivered'],
  ['SmsSid', `SM${'0'.repeat(32)}`],
];
const SIGNATURE = 'y/wziiBE5P3ToAHVemYXI/hO/4k=';

/** As Twilio's own client computes it. */
const sign = (url: string, fields: Record<string, string | string[]> = {}) =>
  getExpectedTwilioSignature(TOKEN, url, fields);

describe('a signature of Twilio', () => {
  it('covers the address and every field, in whatever order they came', () => {
    expect(isSignedByTwilio(TOKEN, { url: ADDRESS, fields: FIELDS, signature: SIGNATURE })).toBe(true);
    expect(
      isSignedByTwilio(TOKEN, {
        url: ADDRESS,
        fields: [...FIELDS, ['ErrorCode', '']],
        signature: 'cc7AAgZv8m5xcLkpBXlhmyAQ444=',
      }),
    ).toBe(true);
  });

  it('is not one for another token, address or field, or a part of it', () => {
    const refused = (changes: Partial<Parameters<typeof isSignedByTwilio>[1]>, token = TOKEN) =>
      isSignedByTwilio(token, { url: ADDRESS, fields: FIELDS, signature: SIGNATURE, ...changes });
    expect(refused({}, 'tok_12346')).toBe(false);
    for (const url of [
      `${ADDRESS}&n=1`,
      ADDRESS.replace('https', 'http'),
      ADDRESS.replace('42', '43'),
      'shop',
      '',
    ]) {
      expect(refused({ url }), url).toBe(false);
    }
    expect(refused({ fields: FIELDS.slice(1) })).toBe(false);
    expect(refused({ fields: [...FIELDS, ['New', '1']] })).toBe(false);
    expect(refused({ fields: [...FIELDS, ['To', '+989121234568']] })).toBe(false);
    for (const signature of [null, '', SIGNATURE.slice(1), `${SIGNATURE}=`, SIGNATURE.toLowerCase()]) {
      expect(refused({ signature }), String(signature)).toBe(false);
    }
  });

  it('counts a repeated field once for each value, in order', () => {
    const signature = sign(ADDRESS, { MediaUrl: ['b', 'a', 'b'], A: 'x' });
    const fields: SignedFields = [
      ['MediaUrl', 'b'],
      ['A', 'x'],
      ['MediaUrl', 'a'],
      ['MediaUrl', 'b'],
    ];
    expect(isSignedByTwilio(TOKEN, { url: ADDRESS, fields, signature })).toBe(true);
    expect(isSignedByTwilio(TOKEN, { url: ADDRESS, fields: fields.slice(0, 2), signature })).toBe(false);
  });

  it.each([
    ['https://shop.ir/a?b=%D8%B3&c', 'https://shop.ir:443/a?b=%D8%B3&c'],
    ['https://shop.ir:8443/a', 'https://shop.ir/a'],
    ['http://shop.ir/a', 'http://shop.ir:80/a'],
    ['http://[::1]:3000/a', 'http://[::1]/a'],
    ['https://user:pw@shop.ir/a', 'https://user:pw@shop.ir:443/a'],
    ['https://shop.ir?q=1', 'https://shop.ir/?q=1'],
    ['https://SHOP.ir/a', 'https://shop.ir/a'],
  ])('counts for %s when it was made for %s', (url, signed) => {
    for (const address of [url, signed]) {
      expect(
        isSignedByTwilio(TOKEN, { url, fields: [['a', 'b']], signature: sign(address, { a: 'b' }) }),
      ).toBe(true);
    }
  });

  it('covers a JSON body by its hash in the address', () => {
    const body = Buffer.from('{"a":1}');
    const url = `${ADDRESS}&bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    const signed = { url, fields: [], body, signature: sign(url) };
    expect(isSignedByTwilio(TOKEN, signed)).toBe(true);
    expect(isSignedByTwilio(TOKEN, { ...signed, body: Buffer.from('{"a":2}') })).toBe(false);
    expect(isSignedByTwilio(TOKEN, { ...signed, fields: [['a', '1']] })).toBe(false);
    expect(isSignedByTwilio(TOKEN, { url, fields: [], signature: sign(url) })).toBe(false);
    expect(isSignedByTwilio(TOKEN, { url: ADDRESS, fields: [], body, signature: sign(ADDRESS) })).toBe(false);
  });
});
