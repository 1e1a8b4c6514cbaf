/** A copy of what journal and control API show, without tokens, without numbers and without the texts of messages. */
export function mask<T>(note: T): T {
  return JSON.parse(
    JSON.stringify(note, (name, value: unknown) => {
      if (CREDENTIALS.has(name)) return '***';
      if (typeof value !== 'string') return value;
      if (TEXTS.has(name)) return '***';
      return AS_WRITTEN.has(name) ? hideDigits(value) : maskNumbers(value);
    }),
  ) as T;
}

/** The text with all but the last four digits of its numbers hidden: enough to tell two numbers apart. */
export function maskNumbers(text: string): string {
  return text.replaceAll(/(?<=\+|%2B)\d{8,15}/gi, hideDigits);
}

/** Hides all but the last four digits, however they are spaced. */
export function hideDigits(text: string): string {
  return text.replaceAll(/\d(?=(\D*\d){4})/g, '*');
}

const CREDENTIALS = new Set(['authToken', 'apiKeys']);
const TEXTS = new Set(['body', 'Body', 'ContentVariables']);
/** These may hold a number in any spelling. */
const AS_WRITTEN = new Set(['to', 'To', 'message']);
