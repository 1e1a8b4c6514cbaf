import { HALF_SPACE, persianText } from '../../entities/values/persian-text';

/**
 * A way in which a typed word may be in the index: as all of these parts. A `phrase` demands them side by side, in this order.
 */
export interface Spelling {
  readonly parts: readonly string[];
  readonly phrase?: true;
}

/** Endings behind a half-space that change a word but not what it is about: plural, possession, comparison. */
const ENDINGS = new Set(
  'ها های هایی هایم هایت هایش هایمان هایتان هایشان ی ای ام ات اش ایم اید اند مان تان شان تر ترین'.split(' '),
);
const BEGINNINGS = new Set(['می', 'نمی']);
/** Plurals written in one piece: «کتابها». A shorter rest is more often another word: «تنها», «بها». */
const PLURAL_IN_ONE_PIECE = /^(.{3,}?)(?:ها|های|هایی)$/;

/** Words that no product is about. A search goes by its other words, if it has any. */
const STOP_WORDS = new Set([
  ...'از به با بی در بر و یا که تا را هم این ان برای توی روی ها های هایی تر ترین است هست'.split(' '),
  ...'the an of for and or with in on to by from'.split(' '),
]);

/** The words of a typed text, as they were typed, without those that say nothing. */
export function wordsOf(typed: string): string[] {
  const words = typed.split(/\s+/).filter((word) => persianText(word) !== '');
  const telling = words.filter((word) => !STOP_WORDS.has(persianText(word)));
  return telling.length > 0 ? telling : words;
}

/** Whatever parts words inside a piece, as one sign. */
const canonicalPiece = (piece: string) => persianText(piece).replaceAll(' ', '-');

/** A typed text in the one form of all texts that find the same: its words, with everything in them that makes a difference. */
export function canonicalSearch(typed: string): string {
  const words = typed.split(/\s+/).filter((word) => persianText(word) !== '');
  return words.map((word) => word.split(HALF_SPACE).map(canonicalPiece).join(HALF_SPACE)).join(' ');
}

/** The ways in which each of these words may be in the index, by itself or in one piece with its neighbour. */
export function spellingsOf(words: readonly string[]): Spelling[][] {
  const plain = words.map((word) => persianText(word));
  return words.map((word, index) => {
    const [before, own, after] = [plain[index - 1], plain[index]!, plain[index + 1]];
    return distinct([
      ...spellings(word),
      ...(before !== undefined && meetAsOne(before, own) ? [{ parts: [before + own] }] : []),
      ...(after !== undefined && meetAsOne(own, after) ? [{ parts: [own + after] }] : []),
    ]);
  });
}

function spellings(word: string): Spelling[] {
  const parts = persianText(word).split(' ');
  const stem = stemOf(word, parts);
  return [...inPartsOrWhole(word), ...(stem === undefined ? [] : inPartsOrWhole(stem))];
}

/** As the parts between half-spaces and punctuation, as one word without them, or parted between letters and digits. */
function inPartsOrWhole(word: string): Spelling[] {
  const parts = persianText(word).split(' ');
  const joined = persianText(word.replaceAll(HALF_SPACE, '')).split(' ');
  const [only, ...others] = parts;
  if (others.length === 0) {
    const runs = only!.match(/\d+|\D+/g)!;
    return [{ parts }, ...(runs.length > 1 ? [{ parts: runs, phrase: true } as const] : [])];
  }
  const isModel = parts.slice(1).every((part, index) => areOfOneModel(parts[index]!, part));
  return [
    { parts },
    ...(joined.length < parts.length ? [{ parts: joined }] : []),
    ...(isModel ? [{ parts: [parts.join('')] }] : []),
  ];
}

/** The word without its endings and beginnings; undefined when it has none, or nothing else. */
function stemOf(word: string, parts: readonly string[]): string | undefined {
  if (parts.length === 1) return PLURAL_IN_ONE_PIECE.exec(parts[0]!)?.[1];
  if (!word.includes(HALF_SPACE)) return undefined;
  const last = parts.findLastIndex((part) => !ENDINGS.has(part));
  const first = parts.findIndex((part) => !BEGINNINGS.has(part));
  const kept = parts.slice(first, last + 1);
  return kept.length > 0 && kept.length < parts.length ? kept.join(HALF_SPACE) : undefined;
}

/** «A 55» and «A55», «128 GB» and «128GB»: a letter and a digit side by side may be written in one piece. */
function meetAsOne(left: string, right: string): boolean {
  if (left.includes(' ') || right.includes(' ')) return false;
  return /\d$/.test(left) !== /^\d/.test(right);
}

/** «a-55» and «wi-fi» may be one word. «6.7» is none. */
function areOfOneModel(left: string, right: string): boolean {
  return /^[a-z\d]+$/.test(left + right) && !(/\d$/.test(left) && /^\d/.test(right));
}

function distinct(ways: readonly Spelling[]): Spelling[] {
  return [...new Map(ways.map((way) => [way.parts.join(' '), way])).values()];
}
