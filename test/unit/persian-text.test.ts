import { expect, test } from 'vitest';

import { persianText } from '../../entities/values/persian-text';

test.each([
  ['Arabic yeh, alef maksura and kaf', 'علي موسى كتاب', 'علی موسی کتاب'],
  ['Kurdish and Urdu forms', 'ێک ہے ھەر', 'یک هی ههر'],
  ['teh marbuta and heh with yeh above', 'خانۀ سورة', 'خانه سوره'],
  ['alef in all its dresses', 'آب أحمد إسلام ٱلله', 'اب احمد اسلام الله'],
  ['waw and yeh with hamza, and a bare hamza', 'مسؤول رئیس جزء', 'مسوول رییس جز'],
  ['vowel signs, tanwin and dagger alef', 'مُحَمَّدٌ حتماً رحمٰن', 'محمد حتما رحمن'],
  ['tatweel', 'ســـلام', 'سلام'],
  ['Persian digits', '۰۱۲۳۴۵۶۷۸۹', '0123456789'],
  ['Arabic digits', '٠١٢٣٤٥٦٧٨٩', '0123456789'],
  ['a half-space, which parts', 'می‌شود', 'می شود'],
  ['a zero-width joiner and bidirectional marks, which do not', 'سل\u200dام\u200f', 'سلام'],
  ['Latin capitals and accents', 'CAFÉ Señor', 'cafe senor'],
  ['presentation forms of old fonts', 'ﺳﻼﻡ', 'سلام'],
  ['the rial sign', '۱۰۰﷼', '100ریال'],
  ['full-width letters and ligatures', 'ＡＢ１ ﬁ', 'ab1 fi'],
  ['punctuation of both scripts', '«گوشی»، کتاب؛ 6.7-inch؟', 'گوشی کتاب 6 7 inch'],
  ['spaces of all sorts', ' a\t\n b\u00a0c\u3000d ', 'a b c d'],
  ['emoji', 'هدیه🎁تولد', 'هدیه تولد'],
  ['an emoji with its variation selector', 'چای ☕️', 'چای'],
  ['variation selectors inside a word', 'چا\ufe0fی\ufe0e', 'چای'],
  ['the signs of trade marks', 'Samsung™ Galaxy® S\u2120', 'samsung galaxy s'],
  ['marks of any script', 'a\u20dd b\u1dc4\u0b3c ا\u08f0\u20e3', 'a b ا'],
  ['keycaps', '1\ufe0f\u20e3 2', '1 2'],
  ['signs of currencies, arrows and mathematics', 'گوشی€ ← A×B √2 ✓', 'گوشی a b 2'],
  ['letters of other scripts', 'чай 茶 हिन्दी', 'чаи 茶 हनद'],
  ['marks for direction, also the Arabic one', 'گوشی\u061cها\u2067', 'گوشیها'],
  ['nothing but signs', '!؟…', ''],
])('%s', (_what, text, expected) => {
  expect(persianText(text)).toBe(expected);
});

test('what is normal already stays as it is', () => {
  const once = persianText('گوشي‌هاي  ۱۲۸ گيگا.كِتاب Café A4');
  expect(persianText(once)).toBe(once);
});
