import { WORDS } from './words';

/**
 * The test files that a word concerns, as paths from the root of the project: those that have it in their path, and those
 * that {@link WORDS} names for it. A path is a word too, such as `api/carts`.
 */
export function filesAbout(word: string, files: readonly string[]): string[] {
  const fragments = [word, ...(WORDS[word] ?? [])];
  return files.filter((file) => fragments.some((fragment) => file.includes(fragment)));
}

/** The words that find something among these files; names of single files are left out. */
export function knownWords(files: readonly string[]): string[] {
  const folders = files.flatMap((file) => file.split('/').slice(1, -1));
  const named = Object.keys(WORDS).filter((word) => filesAbout(word, files).length > 0);
  return [...new Set([...folders, ...named])].toSorted();
}
