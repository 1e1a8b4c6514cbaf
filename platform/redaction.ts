const HIDDEN = '[hidden]';

const SECRET_KEYS = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-cart-token',
  'x-order-token',
  'x-refresh-token',
  'x-device-token',
  'token',
  'cartToken',
  'orderToken',
  'secondFactorToken',
  'recoveryCode',
  'recoveryCodes',
  'resultToken',
  'accessToken',
  'refreshToken',
  'deviceToken',
  'tokenSecret',
  'hashSecret',
  'apiKey',
  'password',
  'secret',
  'merchant_id',
  'merchantId',
  'MerchantID',
  'card_pan',
  'cardPan',
  'card_hash',
  'cardHash',
  'mobile',
  'phone',
  'email',
];

/** A JSON key and the start of its value, also in JSON that is quoted inside a text. */
const SECRET_FIELD = new RegExp(
  String.raw`(\\*)"(?:${SECRET_KEYS.join('|')})\1"\s*:\s*(?:(\1")|-?\d[\d.]*)`,
  'gi',
);
const IRANIAN_MOBILE = /(?<![\w.])(?:\+98|0098|0)9\d{9}(?!\w)/g;
const CARD_NUMBER = /(?<![\w.-])[2-9]\d{15}(?![\w.])/g;
const ADDRESS_PASSWORD = /(\w:\/\/[^\s:@/"\\]*:)[^\s@/"\\]+(?=@)/g;

/** Returns a function that hides these values, and everything that no log may hold, in a finished JSON line. */
export function hideIn(secrets: readonly string[]): (line: string) => string {
  const values = secrets
    .filter((secret) => secret.length >= 8)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => {
    let shown = line;
    for (const value of values) if (shown.includes(value)) shown = shown.replaceAll(value, HIDDEN);
    return hideFields(shown)
      .replace(IRANIAN_MOBILE, HIDDEN)
      .replace(CARD_NUMBER, HIDDEN)
      .replace(ADDRESS_PASSWORD, `$1${HIDDEN}`);
  };
}

function hideFields(line: string): string {
  let shown = '';
  let done = 0;
  for (const match of line.matchAll(SECRET_FIELD)) {
    const [field, escapes = '', textBegins] = match;
    if (match.index < done) continue;
    const valueAt = match.index + field.length;
    if (textBegins) {
      shown += line.slice(done, valueAt) + HIDDEN;
      done = endOfText(line, valueAt, escapes.length);
    } else {
      shown +=
        line.slice(done, match.index) + field.replace(/-?\d[\d.]*$/, `${escapes}"${HIDDEN}${escapes}"`);
      done = valueAt;
    }
  }
  return done === 0 ? line : shown + line.slice(done);
}

/**
 * Finds the end of a text whose quotes are escaped with this many backslashes. A quote inside the text has more of them,
 * and a backslash at its end is doubled; the length of the run tells which it is.
 */
function endOfText(line: string, from: number, escapes: number): number {
  for (let quote = line.indexOf('"', from); quote !== -1; quote = line.indexOf('"', quote + 1)) {
    let run = 0;
    while (quote - run > from && line[quote - run - 1] === '\\') run += 1;
    if (run % (2 * (escapes + 1)) === escapes) return quote - escapes;
  }
  return line.length;
}
