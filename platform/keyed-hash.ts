import { createHmac } from 'node:crypto';

/** Turns something personal (an address, a number) into 64 hex digits that cannot be reversed without the secret. */
export type KeyedHash = (purpose: string, text: string) => string;

/** @param secret never changes: rows hold hashes made with it, and lookups compare them */
export function createKeyedHash(secret: string): KeyedHash {
  return (purpose, text) =>
    createHmac('sha256', secret).update(`${purpose.length}:${purpose}:${text}`).digest('hex');
}
