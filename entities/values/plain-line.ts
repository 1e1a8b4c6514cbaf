/** What no line of text needs: controls, line breaks of Unicode, and marks that turn the direction of what follows. */
const UNWANTED = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** A line that people wrote, in NFC, without white space around it and with one space inside. The half-space stays. */
export function plainLine(text: string): string {
  return text.normalize('NFC').replaceAll(/ {2,}/g, ' ').trim();
}

/** Whether the text is one line with something to see in it, and of at most so many characters. */
export function isPlainLine(text: string, longest: number): boolean {
  return [...text].length <= longest && /[\p{L}\p{N}]/u.test(text) && !UNWANTED.test(text);
}

/** A text of several lines that people wrote, in NFC, with one kind of line break and without white space around it. */
export function plainProse(text: string): string {
  return text.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();
}

/** Whether the text holds only what can be seen and line breaks, and at most so many characters. */
export function isPlainProse(text: string, longest: number): boolean {
  return [...text].length <= longest && !UNWANTED.test(text.replaceAll('\n', ''));
}
