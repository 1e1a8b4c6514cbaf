import { persianText } from '../../entities/values/persian-text';
import { spellingsOf, wordsOf, type Spelling } from './search-words';

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
  /** The `variants.sku_key` of each SKU that the text may name: the text as a whole, or one of its words. */
  readonly skuKeys: readonly string[];
}

/** More words, or parts of one, cost time and hardly narrow the search. */
const MOST_WORDS = 8;
/** One letter begins half of all words. */
const SHORTEST_BEGINNING = 2;
const SHORTEST_SOUND = 3;
const SKU_KEY = /^[a-z0-9]{3,64}$/;
/** Beside other words, a plain word or number is none. */
const SKU_KEY_BESIDE_WORDS = /^(?=.*[a-z])(?=.*\d)[a-z0-9]{3,64}$/;

/** The terms of a typed text; undefined when it has no word. */
export function searchTerms(typed: string): SearchTerms | undefined {
  const words = [...new Set(wordsOf(typed))].slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  const spellings = spellingsOf(words);
  const heard = [...new Set(persianText(words.join(' ')).split(' '))].slice(0, MOST_WORDS);
  return {
    beginning: conjunction(spellings, (word) =>
      word.length < SHORTEST_BEGINNING ? `'${word}'` : `'${word}':*`,
    ),
    whole: conjunction(spellings, (word) => `'${word}'`),
    text: heard.join(' '),
    soundingWords: heard.filter((word) => word.length >= SHORTEST_SOUND),
    skuKeys: [
      ...new Set([
        ...[skuKey(typed)].filter((key) => SKU_KEY.test(key)),
        ...words.map(skuKey).filter((key) => SKU_KEY_BESIDE_WORDS.test(key)),
      ]),
    ],
  };
}

/** As the column `variants.sku_key` has it: independent of digits, capitals and dashes. */
function skuKey(text: string): string {
  return persianText(text).replaceAll(' ', '');
}

/** Words hold letters and digits only, so nothing needs quoting. */
function conjunction(words: readonly (readonly Spelling[])[], term: (word: string) => string): string {
  const way = ({ parts, phrase }: Spelling) =>
    parts
      .slice(0, MOST_WORDS)
      .map(term)
      .join(phrase ? ' <-> ' : ' & ');
  return words.map((ways) => `(${ways.map(way).join(' | ')})`).join(' & ');
}
