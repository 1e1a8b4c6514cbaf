import { createHmac } from 'node:crypto';

import { equalSecrets } from './signed-token';

/** Signs and reads numbers for places where every character costs, such as links in an SMS. */
export interface ShortTokens {
  /** A token of 19 characters that are safe in URLs. Equal arguments give equal tokens. */
  sign(purpose: string, number: number): string;
  /** The number; undefined when the token is not ours or has another purpose. */
  read(purpose: string, token: string): number | undefined;
}

const RADIX = 36;
/** Room for two billion. */
const DIGITS = 6;
/** 72 bits of the HMAC. The rate limit lets an address try 300 times a minute by default: 18,000 guesses an hour among 2^72. */
const MAC_CHARACTERS = 12;
const FORM = /^([0-9a-z]{6,11})-([\w-]{12})$/;

/** Tokens with a shortened HMAC-SHA256. The first secret signs; all of them verify. */
export function createShortTokens(secrets: readonly string[]): ShortTokens {
  const [current] = secrets;
  if (current === undefined) throw new Error('There is no secret to sign tokens with');
  return {
    sign(purpose, number) {
      const body = number.toString(RADIX).padStart(DIGITS, '0');
      return `${body}-${macOf(current, purpose, body)}`;
    },
    read(purpose, token) {
      const [, body, mac] = FORM.exec(token) ?? [];
      if (body === undefined || mac === undefined) return undefined;
      if (!secrets.some((secret) => equalSecrets(macOf(secret, purpose, body), mac))) return undefined;
      const number = Number.parseInt(body, RADIX);
      return Number.isSafeInteger(number) ? number : undefined;
    },
  };
}

function macOf(secret: string, purpose: string, body: string): string {
  return createHmac('sha256', secret)
    .update(`short:${purpose.length}:${purpose}:${body}`)
    .digest('base64url')
    .slice(0, MAC_CHARACTERS);
}
