import { describe, expect, it } from 'vitest';

import { fallbacksOf, wrongFields } from '../../../sandbox/kit/fields';
import { isAuthority, newAuthority } from '../../../sandbox/providers/zarinpal/authority';
import { callbackUrl } from '../../../sandbox/providers/zarinpal/callbacks';
import { CODES } from '../../../sandbox/providers/zarinpal/codes';
import { feeOf, feeQuote } from '../../../sandbox/providers/zarinpal/fees';
import { mask } from '../../../sandbox/providers/zarinpal/mask';
import { SWITCHES } from '../../../sandbox/providers/zarinpal/switches';

const DEFAULT_SWITCHES = fallbacksOf(SWITCHES);
const wrongSwitches = (change: Record<string, unknown>) => wrongFields(SWITCHES, change);

describe('an authority', () => {
  it.each(['A', 'S'] as const)('of %s has 36 characters: zeros, then a short tail', (letter) => {
    const authority = newAuthority(letter);
    expect(authority).toMatch(new RegExp(`^${letter}0{26}[0-9a-z]{9}$`));
    expect(isAuthority(authority)).toBe(true);
  });

  it('is another one every time', () => {
    const many = Array.from({ length: 2_000 }, () => newAuthority('S'));
    expect(new Set(many).size).toBe(2_000);
  });

  it.each(['', 'A', `B${'0'.repeat(35)}`, `S${'0'.repeat(34)}`, `S${'0'.repeat(36)}`, `S${'0'.repeat(34)}_`])(
    'is not "%s"',
    (text) => {
      expect(isAuthority(text)).toBe(false);
    },
  );
});

describe('a callback URL', () => {
  it.each([
    ['https://a.ir/back', 'https://a.ir/back?Authority=S1&Status=OK'],
    ['https://a.ir/back?x=1', 'https://a.ir/back?x=1&Authority=S1&Status=OK'],
    ['https://a.ir/back?x=1#end', 'https://a.ir/back?x=1&Authority=S1&Status=OK#end'],
    ['a.ir/back', 'a.ir/back?Authority=S1&Status=OK'],
  ])('%s becomes %s', (base, expected) => {
    expect(callbackUrl(base, 'S1', 'OK')).toBe(expected);
  });
});

describe('the fee', () => {
  it.each([
    [100_000, 3_000],
    [150_000, 4_500],
    [1_001, 30],
  ])('of %i rials is %i', (amount, fee) => {
    expect(feeOf(amount, DEFAULT_SWITCHES)).toBe(fee);
  });

  it('is capped where the tariff says so', () => {
    const tariff = { ...DEFAULT_SWITCHES, feeCapRial: 40_000 };
    expect(feeOf(10_000_000, tariff)).toBe(40_000);
    expect(feeQuote(10_000_000, tariff)).toEqual({ fee: 41_200, suggestedAmount: 10_041_200 });
  });

  it('is quoted as in the documentation', () => {
    expect(feeQuote(100_000, DEFAULT_SWITCHES)).toEqual({ fee: 4_200, suggestedAmount: 104_329 });
  });
});

describe('the code table', () => {
  it('has every code of the documentation', () => {
    const documented = [
      100, 101, -9, -10, -11, -12, -13, -14, -15, -16, -17, -18, -19, -30, -31, -32, -33, -34, -35, -36, -37,
      -38, -39, -40, -41, -50, -51, -52, -53, -54, -55, -60, -61, -62, -63, 429,
    ];
    expect(Object.keys(CODES).map(Number).toSorted(byValue)).toEqual(documented.toSorted(byValue));
  });
});

describe('a body in the journal', () => {
  it('shows neither merchant nor buyer, whatever its shape', () => {
    const body = {
      merchant_id: '11111111-2222-4333-8444-555555555555',
      mobile: '09120000000',
      cardPan: ['9999999999999999'],
      metadata: { email: 'a@example.ir', card_pan: '9999999999999999', order_id: 'o-1' },
    };
    expect(mask(body)).toEqual({
      merchant_id: '********-****-****-****-********5555',
      mobile: '***',
      cardPan: '***',
      metadata: { email: '***', card_pan: '***', order_id: 'o-1' },
    });
    expect(mask({ metadata: ['09120000000', 'a@example.ir'] }).metadata).toEqual(['***', '***']);
    expect(mask({ metadata: null })).toEqual({ metadata: null });
  });
});

describe('the switches', () => {
  it('all accept their own defaults', () => {
    expect(wrongSwitches({ ...DEFAULT_SWITCHES })).toEqual([]);
  });

  it.each([
    ['toString', 1],
    ['constructor', true],
    ['autoPay', 'sometimes'],
    ['feeCapRial', 1.5],
  ])('refuse %s as %s', (name, value) => {
    expect(wrongSwitches({ [name]: value })).toEqual([name]);
  });
});

function byValue(a: number, b: number): number {
  return a - b;
}
