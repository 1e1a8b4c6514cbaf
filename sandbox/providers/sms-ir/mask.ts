const NUMBERS = new Set(['mobile', 'mobiles', 'mobileassent', 'to', 'from']);
const KEYS = new Set(['apikey', 'key', 'password']);
const ACCOUNT_PATH = /(\/accounts\/)([^/?]+)/;
const BLACKLIST_PATH = /(\/blacklist\/)([^/?]+)/;

/** The last four characters of a key: enough to tell two apart, useless as a credential. */
export function maskKey(key: string): string {
  return `********${key.slice(-4)}`;
}

/** Hides all but the last four digits. */
export function maskNumber(number: string): string {
  return number.replaceAll(/\d(?=\d{4})/g, '*');
}

/** A copy of what journal and control API show, without keys and without the numbers of recipients. */
export function mask<T>(note: T): T {
  return JSON.parse(
    JSON.stringify(note, (name, value: unknown) => {
      const known = name.toLowerCase();
      if (NUMBERS.has(known)) return Array.isArray(value) ? value.map(hidden) : hidden(value);
      if (typeof value !== 'string') return value;
      if (KEYS.has(known)) return maskKey(value);
      if (known !== 'call') return value;
      return value
        .replace(ACCOUNT_PATH, (_, path: string, key: string) => path + maskKey(key))
        .replace(BLACKLIST_PATH, (_, path: string, number: string) => path + maskNumber(number));
    }),
  ) as T;
}

/** The API answers numbers as numbers. */
function hidden(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? maskNumber(String(value)) : value;
}
