import { randomInt } from 'node:crypto';

const LENGTH = 36;
const TAIL_LENGTH = 9;
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** `A` on production, `S` where any merchant id is accepted. */
export type AuthorityLetter = 'A' | 'S';

/**
 * A fresh authority: the letter, a long run of zeros, a short base-36 tail, 36 characters in all. The tail is random,
 * so that a shop which outlives the sandbox's state never gets one twice.
 */
export function newAuthority(letter: AuthorityLetter): string {
  let tail = '';
  while (tail.length < TAIL_LENGTH) tail += ALPHABET[randomInt(ALPHABET.length)];
  return letter + '0'.repeat(LENGTH - 1 - TAIL_LENGTH) + tail;
}

/** The official clients' check; the server answers -54 to anything else. */
export function isAuthority(text: string): boolean {
  return /^[AS][0-9a-zA-Z]{35}$/.test(text);
}
