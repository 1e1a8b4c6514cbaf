import { HALF_SPACE, persianText } from '../../entities/values/persian-text';

/** A typed text as the search needs it. */
export interface SearchTerms {
  /** A `tsquery`: every word, or words that begin with it. */
  readonly beginning: string;
  /** A `tsquery`: every word as it is. A product that matches this too ranks higher. */
  readonly whole: string;
  /** The text itself, for the comparison by sound. */
  readonly text: string;
  /** Its words that are long enough to be distinguished by their sound. */
  readonly soundingWords: readonly string[];
  /** The text as a SKU; null when it does not have the form of one. */
  readonly sku: string | null;
}

/** More words cost time and hardly narrow the search. */
const MOST_WORDS = 8;
/** One letter begins half of all words. */
const SHORTEST_BEGINNING = 2;
const SHORTEST_SOUND = 3;
const SKU = /^[A-Za-z0-9][A-Za-z0-9-]{2,63}$/;

/** The terms of a typed text; undefined when it has no word. */
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
 * The ways in which a typed word may be in the index: as the parts between half-spaces and punctuation, and, if it has
 * half-spaces, as one word without them. Only letters and digits remain, so nothing needs quoting.
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
