import { expect, test } from 'vitest';

import { campaignLink, readCampaignLink, sampleLink } from '../../../entities/campaigns/campaign-link';
import { segmentsOf } from '../../../entities/campaigns/segments';
import { createShortTokens } from '../../../platform/short-token';

test.each([
  ['', 1],
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['a'.repeat(306), 2],
  ['a'.repeat(307), 3],
  // Two places each.
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  ['س'.repeat(70), 1],
  ['س'.repeat(71), 2],
  ['س'.repeat(134), 2],
  ['س'.repeat(135), 3],
  // One letter outside the GSM alphabet makes the whole text UTF-16, and an emoji has two code units.
  [`${'a'.repeat(70)}ی`, 2],
  ['😀'.repeat(35), 1],
  ['😀'.repeat(36), 2],
])('%j… has its number of parts', (text, parts) => {
  expect(segmentsOf(text)).toBe(parts);
});

const FIRST = 400_000_000_000_000;

test('links have one length, are read back, and survive a rotation of secrets', () => {
  const [old, rotated] = [createShortTokens(['old secret']), createShortTokens(['new', 'old secret'])];
  const tokenOf = (link: string) => link.split('/').at(-1)!;
  for (const number of [FIRST, FIRST + 1, FIRST + 2_000_000_000]) {
    const link = campaignLink(old, 'https://shop.example', number);
    expect(link).toHaveLength(sampleLink(old, 'https://shop.example').length);
    expect(readCampaignLink(old, tokenOf(link))).toBe(number);
    expect(readCampaignLink(rotated, tokenOf(link))).toBe(number);
  }
});

test('a changed token, one of another purpose and rubbish are not ours', () => {
  const tokens = createShortTokens(['a secret']);
  const token = tokens.sign('campaign-link', 5);
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'a' ? 'b' : 'a';
    expect(tokens.read('campaign-link', token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
  }
  expect(tokens.read('else', token)).toBeUndefined();
  for (const rubbish of ['', '-', token.toUpperCase(), `${token} `, `0${token}`])
    expect(tokens.read('campaign-link', rubbish)).toBeUndefined();
});
