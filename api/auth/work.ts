import { createChallenge, verifySolution, type Payload } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';

import type { KeyedHash } from '../../platform/keyed-hash';
import { guard, type Guard } from '../middleware/guard';

/** A challenge that somebody has solved. */
export interface DoneWork {
  readonly nonce: string;
  readonly expiresAt: Date;
}

const ALGORITHM = 'PBKDF2/SHA-256';
/** About 256 tries of so many rounds: a second of a phone, and a hundredth of it for us. */
const ROUNDS = 5_000;
const LIFE_MS = 10 * 60_000;
/** Ours have about 700 characters. */
const LONGEST_SOLUTION = 4_096;

/** Proof of work for codes (https://altcha.org/docs/v2/proof-of-work): a challenge for one number. */
export async function makeChallenge(keyedHash: KeyedHash, phone: string): Promise<string> {
  const challenge = await createChallenge({
    algorithm: ALGORITHM,
    cost: ROUNDS,
    deriveKey,
    expiresAt: new Date(Date.now() + LIFE_MS),
    hmacSignatureSecret: secretOf(keyedHash),
    data: { for: numberHash(keyedHash, phone) },
  });
  return JSON.stringify(challenge);
}

/**
 * Reads a solution: the challenge with `solution` beside it, as JSON in base64.
 *
 * @returns undefined unless it solves a challenge of ours for this number that has not expired
 */
export async function readWork(
  keyedHash: KeyedHash,
  phone: string,
  header: string,
): Promise<DoneWork | undefined> {
  const payload = payloadIn(header);
  if (!payload) return undefined;
  const { challenge, solution } = payload;
  const { nonce, expiresAt, data } = challenge.parameters;
  if (expiresAt === undefined || data?.['for'] !== numberHash(keyedHash, phone)) return undefined;
  const secret = secretOf(keyedHash);
  const { verified } = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret: secret });
  return verified ? { nonce, expiresAt: new Date(expiresAt * 1_000) } : undefined;
}

/** Puts the solution of a request, or an empty text, into `ctx.state.work`. */
export function mayShowWork(): Guard<{ readonly work: string }> {
  const documentation = {
    headers: [
      {
        name: 'X-Work',
        sentence: 'The solution of the challenge that came with `auth.work_needed`, as JSON in base64.',
        example: 'the-solution',
        required: false,
      },
    ],
    errors: ['auth.work_needed'],
  } as const;
  return guard(documentation, (ctx) => ({ work: ctx.get('X-Work') }));
}

function payloadIn(header: string): Payload | undefined {
  if (header === '' || header.length > LONGEST_SOLUTION) return undefined;
  try {
    const payload = JSON.parse(Buffer.from(header, 'base64').toString()) as Partial<Payload> | null;
    const hasParts =
      typeof payload?.challenge?.signature === 'string' &&
      typeof payload.challenge.parameters?.nonce === 'string' &&
      typeof payload.solution === 'object';
    return hasParts ? (payload as Payload) : undefined;
  } catch {
    return undefined;
  }
}

function secretOf(keyedHash: KeyedHash): string {
  return keyedHash('work', 'secret of challenges');
}

function numberHash(keyedHash: KeyedHash, phone: string): string {
  return keyedHash('work number', phone);
}
