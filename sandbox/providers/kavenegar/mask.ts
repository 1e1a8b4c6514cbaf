const RECIPIENTS = new Set([
  'receptor',
  'receptors',
  'receptorAsSent',
  'to',
  'number',
  'from',
  'testOwner',
  'e164',
  'local',
]);
const KEYS = new Set(['apiKey', 'key']);
const PHONE_NUMBER = /\+?\d{5,}(?=\d{4}(?!\d))/g;
const MOBILE = /^(?:\+98|0098|98|0)?9\d{9}$/;
const ACCOUNT_PATH = /(\/accounts\/)([^/?]+)/;

/** The last four characters of a key: enough to tell two apart, useless as a credential. */
export function maskKey(key: string): string {
  return `********${key.slice(-4)}`;
}

/** The last four digits of every number in a text. */
export function maskNumbers(text: string): string {
  return text.replaceAll(PHONE_NUMBER, '******');
}

/** A copy of what journal and control API show, without API keys and without phone numbers. */
export function mask<T>(note: T): T {
  return JSON.parse(
    JSON.stringify(note, (name, value: unknown) => {
      if (typeof value !== 'string')
        return RECIPIENTS.has(name) && Array.isArray(value) ? value.map(maskItem) : value;
      if (KEYS.has(name)) return maskKey(value);
      if (RECIPIENTS.has(name) || (name === 'sender' && MOBILE.test(value))) return maskNumbers(value);
      return name === 'call'
        ? value.replace(ACCOUNT_PATH, (_, path: string, key: string) => path + maskKey(key))
        : value;
    }),
  ) as T;
}

function maskItem(item: unknown): unknown {
  return typeof item === 'string' ? maskNumbers(item) : item;
}
