import { createHash, randomBytes } from 'node:crypto';

/** How many codes a person gets with each factor. */
export const RECOVERY_CODES = 10;

const CODE_BYTES = 16;

/** New recovery codes, as their person keeps them: 128 random bits in groups of four hex digits. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    randomBytes(CODE_BYTES).toString('hex').match(/.{4}/g)!.join('-'),
  );
}

/** What is stored of a code: 128 random bits need no slow hash. Groups and capitals may be typed as one likes. */
export function recoveryCodeHash(code: string): Buffer {
  const digits = code.replaceAll(/[\s-]/g, '').toLowerCase();
  return createHash('sha256').update(digits).digest();
}
