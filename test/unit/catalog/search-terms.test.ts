import { expect, test } from 'vitest';

import { searchTerms } from '../../../api/catalog/search-terms';

test('every word must be there, whole or as a beginning', () => {
  expect(searchTerms('گوشي سامسونگ')).toEqual({
    beginning: "('گوشی':*) & ('سامسونگ':*)",
    whole: "('گوشی') & ('سامسونگ')",
    text: 'گوشی سامسونگ',
    soundingWords: ['گوشی', 'سامسونگ'],
    sku: null,
  });
});

test('a single letter is no beginning of anything', () => {
  expect(searchTerms('A 5')!.beginning).toBe("('a') & ('5')");
});

test('a half-space may have been left out in the text that is searched', () => {
  expect(searchTerms('لپ‌تاپ')!.whole).toBe("('لپ' & 'تاپ' | 'لپتاپ')");
});

test('punctuation parts words', () => {
  expect(searchTerms('6.7')!.whole).toBe("('6' & '7')");
});

test('a text that could be a SKU is taken as one too', () => {
  expect(searchTerms(' mob-ga55 ')!.sku).toBe('MOB-GA55');
  expect(searchTerms('گوشی')!.sku).toBeNull();
  expect(searchTerms('two words')!.sku).toBeNull();
});

test('eight words are enough', () => {
  const { whole } = searchTerms('a1 b2 c3 d4 e5 f6 g7 h8 i9')!;
  expect(whole.split(' & ')).toHaveLength(8);
});

test.each(['', '  ', '!؟', '\u200c'])('%j has no word', (typed) => {
  expect(searchTerms(typed)).toBeUndefined();
});
