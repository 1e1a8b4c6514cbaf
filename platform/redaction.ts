const HIDDEN = '[hidden]';

const SECRET_KEYS = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-cart-token',
  'x-order-token',
  'x-staff-token',
  'token',
  'cartToken',
  'orderToken',
  'staffToken',
  'resultToken',
  'tokenSecret',
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
  'email',
];

/** A key in JSON with its text or number, also where that JSON is itself quoted inside a text. */
const SECRET_FIELD = new RegExp(
  `(\\\\*")(${SECRET_KEYS.join('|')})\\1(\\s*:\\s*)(?:\\1(?:(?!\\1).|\\\\\\\\.)*\\1|-?\\d[\\d.]*)`,
  'gi',
);
const IRANIAN_MOBILE = /(?<![\w.])(?:\+98|0098|0)9\d{9}(?!\w)/g;
const CARD_NUMBER = /(?<![\w.-])[2-9]\d{15}(?![\w.])/g;
const ADDRESS_PASSWORD = /(\w:\/\/[^\s:@/"\\]*:)[^\s@/"\\]+(?=@)/g;

/** A function that hides in a finished JSON line what no log may hold, and besides these values. */
export function hideIn(secrets: readonly string[]): (line: string) => string {
  const values = secrets
    .filter((secret) => secret.length >= 8)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => {
    let shown = line;
    for (const value of values) if (shown.includes(value)) shown = shown.replaceAll(value, HIDDEN);
    return shown
      .replace(SECRET_FIELD, (_match, quote: string, key: string, colon: string) => {
        return `${quote}${key}${quote}${colon}${quote}${HIDDEN}${quote}`;
      })
      .replace(IRANIAN_MOBILE, HIDDEN)
      .replace(CARD_NUMBER, HIDDEN)
      .replace(ADDRESS_PASSWORD, `$1${HIDDEN}`);
  };
}
