import { assertThat } from '../errors';
import { isPlainProse, plainProse } from '../values/plain-line';
import { LONGEST_TEXT } from './message';

/** Something to see: neither white space nor characters for layout alone. */
const VISIBLE = /[^\s\p{Cf}\p{M}]/u;

/**
 * The text of a message as it is stored: in NFC, with one kind of line break, without white space around it. The half-space stays.
 *
 * @param mayBeEmpty for a message with files
 * @throws AppError `chat.text_invalid`
 */
export function messageText(typed: string, mayBeEmpty: boolean): string {
  const text = plainProse(typed);
  assertThat(isPlainProse(text, LONGEST_TEXT), 'chat.text_invalid', { limit: LONGEST_TEXT });
  if (VISIBLE.test(text)) return text;
  assertThat(mayBeEmpty, 'chat.text_invalid', { limit: LONGEST_TEXT });
  return '';
}
