import { randomFillSync, timingSafeEqual } from 'node:crypto';

import type { KeyedHash } from '../../platform/keyed-hash';

/** Milliseconds in six bytes, then random bytes. */
const NAME_BYTES = 16;
const PROOF_BYTES = 16;

/**
 * A new cart token, the capability of a cart. It proves that the shop gave it out, so the cart needs no row before something is
 * put into it, and an invented token opens nothing.
 */
export function issueCartToken(keyedHash: KeyedHash, now: number): string {
  const name = randomFillSync(Buffer.alloc(NAME_BYTES));
  name.writeUIntBE(now, 0, 6);
  return Buffer.concat([name, proofOf(keyedHash, name)]).toString('base64url');
}

/** When the shop gave out this token; undefined when it did not. */
export function issuedAt(keyedHash: KeyedHash, token: string): Date | undefined {
  const bytes = Buffer.from(token, 'base64url');
  // A token has one spelling.
  if (bytes.length !== NAME_BYTES + PROOF_BYTES || bytes.toString('base64url') !== token) return undefined;
  const name = bytes.subarray(0, NAME_BYTES);
  if (!timingSafeEqual(proofOf(keyedHash, name), bytes.subarray(NAME_BYTES))) return undefined;
  return new Date(name.readUIntBE(0, 6));
}

function proofOf(keyedHash: KeyedHash, name: Buffer): Buffer {
  return Buffer.from(keyedHash('cart', name.toString('hex')), 'hex').subarray(0, PROOF_BYTES);
}
