import { expect, test } from 'vitest';

import { postalCode } from '../../../entities/customers/postal-code';

test.each([
  '1416932790',
  '۱۴۱۶۹۳۲۷۹۰',
  '١٤١٦٩٣٢٧٩٠',
  '14169-32790',
  '14169 32790',
  '۱۴۱۶۹–۳۲۷۹۰',
  ' 14169 \u2212 32790 ',
  '\u202a1416932790\u202c',
  '1416\u200c932790',
])('%j is the postal code 1416932790', (spelling) => {
  expect(postalCode(spelling)).toBe('1416932790');
});

test('a code that is in use and that the rule of a validator library refuses', () => {
  expect(postalCode('5951412749')).toBe('5951412749');
});

test.each([
  '',
  '141693279',
  '14169327901',
  '0416932790',
  '1216932790',
  '1410932790',
  '14169x32790',
  '1416932790a',
  '1'.repeat(200),
])('%j is none', (spelling) => {
  expect(postalCode(spelling)).toBeUndefined();
});

test('without strictness any ten digits are one', () => {
  expect(postalCode('۰۲۰۰۰-۰۰۰۰۰', { isStrict: false })).toBe('0200000000');
  expect(postalCode('020000000', { isStrict: false })).toBeUndefined();
});
