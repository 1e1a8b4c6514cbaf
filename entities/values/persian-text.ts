/** NFKD would make letters of the word before them: «Samsung™». */
const TRADE_MARKS = /[\u2122\u2120\u{1f16a}-\u{1f16c}]/gu;

/** Emoji, historic scripts, and the rare letters that NFKD does not bring into the basic plane. */
const BEYOND_BASIC_PLANE = /[\u{10000}-\u{10ffff}]/gu;

/**
 * Vowel signs, accents (which NFKD has split off their letters) and all other marks, characters for layout, hamza and tatweel.
 * A search does not distinguish words by them. The half-space and the zero-width space part words instead.
 */
const IGNORED = /(?![\u200b\u200c])[\p{M}\p{Cf}\u0621\u0640]/gu;

/** Whatever no word contains. */
const SEPARATORS = /[^\p{Alphabetic}\p{Nd}]+/gu;

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
    .replace(TRADE_MARKS, ' ')
    .normalize('NFKD')
    .replace(BEYOND_BASIC_PLANE, ' ')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replace(IGNORED, '')
    .replace(SAME_LETTER, (letter) => FAMILIES[letter]!)
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(SEPARATORS, ' ')
    .trim();
}
