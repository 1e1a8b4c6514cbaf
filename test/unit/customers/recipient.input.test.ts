import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { expect, test } from 'vitest';

import { recipientOf, RecipientInput } from '../../../api/me/recipient.input';
import { AppError } from '../../../entities/errors';

const RULES = { strictNumbers: true, strictPostalCodes: true };
const WRITTEN = {
  name: '  سارا   محمدی ',
  phone: '۰۹۱۲ ۱۲۳ ۴۵۶۷',
  province: 'IR-23',
  city: '2301',
  postalCode: '۱۴۱۶۹-۳۲۷۹۰',
  lines: ['خیابان کارگر شمالی '],
  plaque: '۱۲',
};

const brokenRules = (change: object) =>
  validateSync(plainToInstance(RecipientInput, { ...WRITTEN, ...change })).flatMap(
    ({ constraints, children }) => [
      ...Object.keys(constraints ?? {}),
      ...(children ?? []).flatMap((child) => Object.keys(child.constraints ?? {})),
    ],
  );

test('a recipient has one spelling', () => {
  expect(brokenRules({})).toEqual([]);
  expect(recipientOf(plainToInstance(RecipientInput, WRITTEN), RULES)).toEqual({
    name: 'سارا محمدی',
    phone: '+989121234567',
    province: 'IR-23',
    city: '2301',
    postalCode: '1416932790',
    lines: ['خیابان کارگر شمالی'],
    plaque: '۱۲',
    unit: null,
    location: null,
  });
});

test('a name is composed, and holds neither controls nor marks that turn directions', () => {
  const composed = plainToInstance(RecipientInput, { ...WRITTEN, name: 'Ame\u0301lie' });
  expect(composed.name).toBe('Am\u00e9lie');
  for (const name of ['', '   ', '.', 'a\nb', 'a\u0007b', '\u202eabc', 'x'.repeat(81), 7, null, undefined]) {
    expect(brokenRules({ name })).not.toEqual([]);
  }
  expect(brokenRules({ name: '😀'.repeat(79) + 'x' })).toEqual([]);
  expect(brokenRules({ name: 'می\u200cخواهم' })).toEqual([]);
});

test.each([
  ['lines', []],
  ['lines', ['a', 'b', 'c', 'd']],
  ['lines', 'a street'],
  ['lines', ['a\nb']],
  ['plaque', '1'.repeat(11)],
  ['location', { latitude: 52.5, longitude: 13.4 }],
  ['location', { latitude: '35', longitude: 51 }],
  ['province', 'Tehran'],
])('%s cannot be %j', (field, value) => {
  expect(brokenRules({ [field]: value })).not.toEqual([]);
});

test('every field that is wrong is named, with its place in the body', () => {
  const wrong = { ...WRITTEN, phone: '02188776655', postalCode: '123', city: '0701' };
  const refusal = (() => {
    try {
      return recipientOf(plainToInstance(RecipientInput, wrong), RULES, 'recipient');
    } catch (error) {
      return error as AppError;
    }
  })();
  expect(refusal).toBeInstanceOf(AppError);
  expect((refusal as AppError).details.errors?.map(({ field }) => field)).toEqual([
    'recipient.phone',
    'recipient.postalCode',
    'recipient.city',
  ]);
});
