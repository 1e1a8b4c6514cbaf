import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import type { VerificationPurpose } from './verification';

/** A secret that codes are derived with. Its id is stored beside them. */
export interface CodePepper {
  readonly id: string;
  readonly secret: string;
}

/** Every pepper of the shop. */
export interface CodePeppers {
  /** New codes are made with it. */
  readonly current: CodePepper;
  /** The pepper of an earlier code; undefined once it was removed. */
  find(id: string): CodePepper | undefined;
}

/** What a code is derived from, beside the pepper. */
export interface CodeSource {
  readonly purpose: VerificationPurpose;
  /** E.164. */
  readonly phone: string;
  /** Of the verification. */
  readonly id: string;
  readonly salt: Buffer;
}

/**
 * Peppers as they are configured: the first makes codes, all of them check. A new one is put in front; the old one is removed
 * once its last code has expired. Ids are derived, so that they need no care.
 */
export function createCodePeppers(secrets: readonly string[]): CodePeppers {
  const peppers = secrets.map((secret) => ({ id: pepperIdOf(secret), secret }));
  const [current] = peppers;
  if (!current) throw new Error('There is no pepper to derive codes with');
  return { current, find: (wanted) => peppers.find(({ id }) => id === wanted) };
}

/** The code of a verification: six digits, always the same ones. */
export function codeOf({ secret }: CodePepper, { purpose, phone, id, salt }: CodeSource): string {
  const mac = createHmac('sha256', secret)
    .update(JSON.stringify([purpose, phone, id]))
    .update(salt)
    .digest();
  return String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}

/** Compares codes in a time that does not depend on where they differ. */
export function equalCodes(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function pepperIdOf(secret: string): string {
  return createHmac('sha256', secret).update('pepper id').digest('hex').slice(0, 16);
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
