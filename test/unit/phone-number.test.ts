import { expect, test } from 'vitest';

import { phoneNumber } from '../../entities/values/phone-number';

test.each([
  ['national', '09121234567'],
  ['without the trunk zero', '9121234567'],
  ['E.164', '+989121234567'],
  ['without the plus', '989121234567'],
  ['with the exit code', '00989121234567'],
  ['with dashes', '0912-123-4567'],
  ['with brackets', '(0912) 1234567'],
  ['with the exit code and spaces', '0098 912 123 4567'],
  ['with a doubled trunk zero and spaces', '+98 0912 123 4567'],
  ['with a doubled trunk zero', '+9809121234567'],
  ['with the trunk zero in brackets', '+98(0)9121234567'],
  ['in Persian digits', '۰۹۱۲۱۲۳۴۵۶۷'],
  ['in Arabic digits', '٠٩١٢١٢٣٤٥٦٧'],
  ['in mixed digits', '۰۹۱۲۱۲3٤567'],
  ['in full-width digits', '０９１２１２３４５６７'],
  ['after a mark of direction', '\u200f09121234567'],
  ['around a half-space', '0912\u200c1234567'],
  ['between line breaks', '\n 09121234567\t'],
])('a number %s is one in E.164', (_, spelling) => {
  expect(phoneNumber(spelling)).toBe('+989121234567');
});

test.each([
  ['letters after it', '09121234567abc'],
  ['words before it', 'call 09121234567'],
  ['an extension', '00989121234567 ext 5'],
  ['a range that nobody has', '09401234567'],
  ['a landline', '02188776655'],
  ['another country', '+12025550123'],
  ['a digit too many', '091212345678'],
  ['a digit too few', '0912123456'],
  ['nothing', ''],
  ['a very long text', '0'.repeat(100_000)],
])('%s is refused', (_, spelling) => {
  expect(phoneNumber(spelling)).toBeUndefined();
});

test('where the ranges are not checked, new ones are numbers too, and nothing else is', () => {
  const isStrict = false;
  expect(phoneNumber('0940 123 4567', { isStrict })).toBe('+989401234567');
  expect(phoneNumber('09121234567', { isStrict })).toBe('+989121234567');
  for (const other of ['02188776655', '+12025550123', '09121234567abc', '09121234567 ext 5', '0912123456'])
    expect(phoneNumber(other, { isStrict })).toBeUndefined();
});
