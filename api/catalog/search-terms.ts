import { HALF_SPACE, persianText } from '../../entities/values/persian-text';

/** What a typed text asks the search for. */
export interface SearchTerms {
  /** A `tsquery`: every word, or a word that begins with it. */
  readonly beginning: string;
  /** A `tsquery`: every word as it stands; what matches it too ranks higher. */
  readonly whole: string;
  /** The text itself, for the comparison by sound. */
  readonly text: string;
  /** Those of its words that are long enough to be told from others by their sound. */
  readonly soundingWords: readonly string[];
  /** What the text would be as a SKU, or nothing when no SKU looks like it. */
  readonly sku: string | null;
}

/** More words than that narrow nothing down but cost time. */
const MOST_WORDS = 8;
/** One letter begins half of all words. */
const SHORTEST_BEGINNING = 2;
const SHORTEST_SOUND = 3;
const SKU = /^[A-Za-z0-9][A-Za-z0-9-]{2,63}$/;

/** The terms of a typed text, or nothing when it has no word in it. */
export function searchTerms(typed: string): SearchTerms | undefined {
  const text = persianText(typed);
  const words = typed
    .trim()
    .split(/\s+/)
    .map(spellings)
    .filter((word) => word[0]!.length > 0);
  if (words.length === 0) return undefined;
  const used = words.slice(0, MOST_WORDS);
  const sku = typed.trim();
  return {
    beginning: conjunction(used, (word) => (word.length < SHORTEST_BEGINNING ? `'${word}'` : `'${word}':*`)),
    whole: conjunction(used, (word) => `'${word}'`),
    text,
    soundingWords: text
      .split(' ')
      .filter((word) => word.length >= SHORTEST_SOUND)
      .slice(0, MOST_WORDS),
    sku: SKU.test(sku) ? sku.toUpperCase() : null,
  };
}

/**
 * The ways in which a typed word may stand in the index: as the parts that half-spaces and punctuation divide it into,
 * and, where it has half-spaces, as one word without them. Letters and digits are all that is left of them, so nothing
 * needs quoting.
 */
function spellings(word: string): readonly (readonly string[])[] {
  const parts = persianText(word)
    .split(' ')
    .filter((part) => part !== '');
  if (!word.includes(HALF_SPACE)) return [parts];
  const joined = persianText(word.replaceAll(HALF_SPACE, ''))
    .split(' ')
    .filter((part) => part !== '');
  return joined.length < parts.length ? [parts, joined] : [parts];
}

function conjunction(
  words: readonly (readonly (readonly string[])[])[],
  term: (word: string) => string,
): string {
  return words.map((ways) => `(${ways.map((parts) => parts.map(term).join(' & ')).join(' | ')})`).join(' & ');
}
