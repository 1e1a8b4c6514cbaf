import { expect, test } from 'vitest';

import { searchTerms } from '../../../api/catalog/search-terms';

test('every word must be there, whole or as a beginning', () => {
  expect(searchTerms('گوشي سامسونگ')).toEqual({
    beginning: "('گوشی':*) & ('سامسونگ':*)",
    whole: "('گوشی') & ('سامسونگ')",
    text: 'گوشی سامسونگ',
    soundingWords: ['گوشی', 'سامسونگ'],
    skuKeys: [],
  });
});

test('a single letter is no beginning of anything', () => {
  expect(searchTerms('A B')!.beginning).toBe("('a') & ('b')");
});

test('a half-space may have been left out in the text that is searched', () => {
  expect(searchTerms('لپ‌تاپ')!.whole).toBe("('لپ' & 'تاپ' | 'لپتاپ')");
});

test('punctuation parts words', () => {
  expect(searchTerms('6.7')!.whole).toBe("('6' & '7')");
});

test('a letter beside a digit may be in one piece or in two', () => {
  expect(searchTerms('A 55')!.beginning).toBe("('a' | 'a55':*) & ('55':* | 'a55':*)");
  expect(searchTerms('A55')!.beginning).toBe("('a55':* | 'a' <-> '55':*)");
  expect(searchTerms('a-55')!.whole).toBe("('a' & '55' | 'a55')");
  expect(searchTerms('۱۲۸ گیگ')!.whole).toBe("('128' | '128گیگ') & ('گیگ' | '128گیگ')");
});

test.each([
  ['behind a half-space', 'کتاب‌ها', "('کتاب' & 'ها' | 'کتابها' | 'کتاب')"],
  ['in one piece', 'کتابهای', "('کتابهای' | 'کتاب')"],
  ['as a word', 'کتاب ها', "('کتاب')"],
  ['behind a compound', 'لپ‌تاپ‌ها', "('لپ' & 'تاپ' & 'ها' | 'لپتاپها' | 'لپ' & 'تاپ' | 'لپتاپ')"],
  ['before a verb', 'می‌شود', "('می' & 'شود' | 'میشود' | 'شود')"],
  ['that belongs to a short word', 'تنها', "('تنها')"],
])('an ending need not be in a product: %s', (_where, typed, whole) => {
  expect(searchTerms(typed)!.whole).toBe(whole);
});

test.each([
  ['چای از لاهیجان', "('چای') & ('لاهیجان')"],
  ['the tea of Lahijan', "('tea') & ('lahijan')"],
  ['کفش برای دویدن', "('کفش') & ('دویدن')"],
])('words that say nothing need not be in a product: %s', (typed, whole) => {
  expect(searchTerms(typed)!.whole).toBe(whole);
});

test('words that say nothing are searched when there are no others', () => {
  expect(searchTerms('از')!.whole).toBe("('از')");
});

test.each([
  [' mob-ga55 ', ['mobga55']],
  ['MOB GA55', ['mobga55', 'ga55']],
  ['mob–ga۵۵', ['mobga55']],
  ['گوشی mob-ga55', ['mobga55']],
  ['گوشی', []],
  ['two words', ['twowords']],
  ['گوشی 256', []],
])('%j may name the SKUs %j', (typed, skuKeys) => {
  expect(searchTerms(typed)!.skuKeys).toEqual(skuKeys);
});

test('eight words are enough', () => {
  const { whole } = searchTerms('a1 b2 c3 d4 e5 f6 g7 h8 i9')!;
  expect(whole.split(' & ')).toHaveLength(8);
});

test.each(['', '  ', '!؟', '\u200c'])('%j has no word', (typed) => {
  expect(searchTerms(typed)).toBeUndefined();
});

test('repeated words count once, and no more than eight are searched', () => {
  const twice = searchTerms('mdl mdl گوشی mdl')!;
  expect(twice.whole).toBe("('mdl') & ('گوشی')");
  expect([twice.text, twice.soundingWords]).toEqual(['mdl گوشی', ['mdl', 'گوشی']]);

  const many = searchTerms(Array.from({ length: 28 }, (_, n) => `w${'x'.repeat(n % 14)}q`).join(' '))!;
  expect(many.whole.split(' & ')).toHaveLength(8);
  expect(many.text.split(' ')).toHaveLength(8);
});

test('a word of many parts, or a character that stands for many words, is bounded too', () => {
  const { whole, text } = searchTerms('a.b.c.d.e.f.g.h.i.j.k.l')!;
  expect(whole).toBe("('a' & 'b' & 'c' & 'd' & 'e' & 'f' & 'g' & 'h' | 'abcdefghijkl')");
  expect(text).toBe('a b c d e f g h');
  expect(searchTerms('mdl.mdl.gvshi')!.text).toBe('mdl gvshi');
  expect(searchTerms('\ufdfa\ufdfb'.repeat(50))!.text.split(' ').length).toBeLessThanOrEqual(8);
});
