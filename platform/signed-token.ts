import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signs and reads small tokens that need no row. Anybody can read what a token says, but nobody can change it. */
export interface SignedTokens {
  /**
   * Returns a token that carries `payload` for this purpose only, in characters that are safe in URLs and headers. Equal
   * arguments give equal tokens.
   *
   * @param payload JSON values only
   */
  sign(purpose: string, payload: unknown, expiresAt?: Date): string;
  /** The payload; undefined when the token is not ours, has another purpose or has expired. */
  read(purpose: string, token: string): unknown;
}

interface Content {
  readonly p: unknown;
  /** Milliseconds since the epoch. */
  readonly e?: number;
}

const FORM = /^([\w-]{2,4096})\.([\w-]{43})$/;

/** Tokens with an HMAC-SHA256. The first secret signs; all of them verify. */
export function createSignedTokens(secrets: readonly string[], now: () => number = Date.now): SignedTokens {
  const [current] = secrets;
  if (current === undefined) throw new Error('There is no secret to sign tokens with');
  return {
    sign(purpose, payload, expiresAt) {
      const content: Content = expiresAt ? { p: payload, e: expiresAt.getTime() } : { p: payload };
      const body = Buffer.from(JSON.stringify(content)).toString('base64url');
      return `${body}.${macOf(current, purpose, body)}`;
    },

    read(purpose, token) {
      const [, body, mac] = FORM.exec(token) ?? [];
      if (body === undefined || mac === undefined) return undefined;
      const isOurs = secrets.some((secret) => equalSecrets(macOf(secret, purpose, body), mac));
      if (!isOurs) return undefined;
      const content = JSON.parse(Buffer.from(body, 'base64url').toString()) as Content;
      return content.e !== undefined && content.e <= now() ? undefined : content.p;
    },
  };
}

/** Compares secrets in a time that does not depend on where they differ. */
export function equalSecrets(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

/** As text, because several texts stand for the same bytes, and a token has one spelling. */
function macOf(secret: string, purpose: string, body: string): string {
  return createHmac('sha256', secret).update(`${purpose.length}:${purpose}:${body}`).digest('base64url');
}

function digestOf(text: string): Buffer {
  return createHmac('sha256', 'compare').update(text).digest();
}
