import { createHmac } from 'node:crypto';

/** Names something personal (an address, a number) by 64 hex digits that nobody can turn back without the secret. */
export type KeyedHash = (purpose: string, text: string) => string;

export function createKeyedHash(secret: string): KeyedHash {
  return (purpose, text) =>
    createHmac('sha256', secret).update(`${purpose.length}:${purpose}:${text}`).digest('hex');
}
