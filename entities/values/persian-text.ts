/**
 * Vowel signs, Koranic marks, accents (which NFKD has split off their letters), hamza, tatweel, and characters for layout. A
 * search does not distinguish words by them.
 */
const IGNORED =
  /[\u00ad\u0300-\u036f\u0610-\u061a\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200d-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** Whatever separates words, with the half-space (U+200C) and all characters that no word contains. */
const SEPARATORS =
  /[\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u06dd\u06de\u06e9\u2000-\u200c\u2010-\u2029\u202f-\u205f\u2065\u206a-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f\ud800-\udfff\ufd3e\ufd3f\ufff0-\uffff]+/g;

/** One letter for each family of letters that keyboards and fonts distinguish: Arabic, Kurdish, Urdu and Persian forms. */
const FAMILIES: Readonly<Record<string, string>> = {
  '\u0671': 'ا',
  '\u0649': 'ی',
  '\u064a': 'ی',
  '\u06ce': 'ی',
  '\u06d0': 'ی',
  '\u06d2': 'ی',
  '\u0643': 'ک',
  '\u06aa': 'ک',
  '\u0629': 'ه',
  '\u06be': 'ه',
  '\u06c1': 'ه',
  '\u06c3': 'ه',
  '\u06d5': 'ه',
};
const SAME_LETTER = new RegExp(`[${Object.keys(FAMILIES).join('')}]`, 'g');

/** The half-space inside a Persian word: «می‌شود». */
export const HALF_SPACE = '\u200c';

/**
 * The text as the search compares it: words of letters and ASCII digits, one space apart, independent of keyboard, font and
 * encoding. The SQL function `persian_text` does exactly the same, and a test compares both over every character. A change
 * here needs a migration that replaces the function and rewrites the generated columns.
 */
export function persianText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replace(IGNORED, '')
    .replace(SAME_LETTER, (letter) => FAMILIES[letter]!)
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(SEPARATORS, ' ')
    .trim();
}
