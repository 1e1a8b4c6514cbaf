import { randomBytes } from 'node:crypto';

import type { DataSource } from 'typeorm';

import type { CheckVerification } from '../../../entities/auth/check-verification';
import {
  codeOf,
  createCodePeppers,
  type CodePeppers,
  type CodeSource,
} from '../../../entities/auth/code-peppers';
import {
  requestVerification,
  verificationIdOf,
  type RequestVerification,
} from '../../../entities/auth/request-verification';
import { AppError } from '../../../entities/errors';
import { newId } from '../../../entities/values/uuid';
import { createKeyedHash } from '../../../platform/keyed-hash';
import { withTransaction } from '../../../platform/transaction';
import { row, rows } from '../sql';
import { buildPhone } from './phone';

export const PEPPERS = createCodePeppers(['a pepper of at least thirty-two characters']);

const keyedHash = createKeyedHash('a secret for hashes that never changes');

export type Asked = Partial<RequestVerification> & { readonly key?: string };

/** What somebody asks with: from an address of its own, for signing in, unless told. */
export function askWith({ key = newId(), ...overrides }: Asked = {}): RequestVerification {
  const phone = overrides.phone ?? buildPhone();
  const purpose = overrides.purpose ?? 'sign_in';
  return {
    verificationId: verificationIdOf(keyedHash, { purpose, phone, key }),
    purpose,
    phone,
    accountId: null,
    clientKey: randomBytes(32).toString('hex'),
    deviceKey: null,
    peppers: PEPPERS,
    ...overrides,
  };
}

/** A code that somebody has asked for. */
export async function buildVerification(database: DataSource, asked: Asked = {}) {
  const input = askWith(asked);
  const requested = await withTransaction(database, (transaction) => requestVerification(transaction, input));
  const { phone, purpose, accountId, peppers } = input;
  return { ...requested, phone, purpose, accountId, peppers };
}

/** The code that is sent. */
export async function codeFor(
  database: DataSource,
  verificationId: string,
  peppers: CodePeppers = PEPPERS,
): Promise<string> {
  const source = await row<CodeSource>(
    database.manager,
    'SELECT id, purpose, phone, salt FROM verifications WHERE id = $1',
    [verificationId],
  );
  return codeOf(peppers.current, source!);
}

/** A code that was sent, as its owner types it. */
export async function buildSentCode(database: DataSource, overrides: Asked = {}): Promise<CheckVerification> {
  const { expiresAt: _, isNew: __, ...asked } = await buildVerification(database, overrides);
  return { ...asked, code: await codeFor(database, asked.verificationId, asked.peppers) };
}

/** A code that is not the right one. */
export const wrongOf = (code: string, by = 1) =>
  String((Number(code) + by) % 1_000_000).padStart(code.length, '0');

/** A code that was used for signing in, whose limits do not matter. */
export async function buildUsedCode(database: DataSource, phone = buildPhone()): Promise<string> {
  const id = newId();
  await rows(
    database.manager,
    `INSERT INTO verifications (id, purpose, phone, salt, pepper_id, attempts, used_at, expires_at, client_key)
     VALUES ($1, 'sign_in', $2, $3, $4, 1, now(), now() + interval '5 minutes', $5)`,
    [id, phone, randomBytes(16), PEPPERS.current.id, 'c'.repeat(64)],
  );
  return id;
}

/** Lets time pass for all codes of a number. */
export const ageCodes = (database: DataSource, phone: string, seconds: number) =>
  rows(
    database.manager,
    `UPDATE verifications SET created_at = created_at - $2 * interval '1 second',
       expires_at = expires_at - $2 * interval '1 second', used_at = used_at - $2 * interval '1 second',
       last_sent_at = last_sent_at - $2 * interval '1 second'
     WHERE phone = $1`,
    [phone, seconds],
  );

/** What becomes of a try: its verdict, or the code of the refusal. */
export async function verdictOf(outcome: Promise<{ readonly verdict: string }>): Promise<string> {
  try {
    return (await outcome).verdict;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** How often each verdict was given. */
export const tally = (verdicts: readonly string[]) =>
  Object.fromEntries(
    [...new Set(verdicts)].map((verdict) => [verdict, verdicts.filter((it) => it === verdict).length]),
  );

/** How often a code was tried. */
export const triesOf = (database: DataSource, verificationId: string) =>
  row<{ attempts: number; isUsed: boolean }>(
    database.manager,
    'SELECT attempts, used_at IS NOT NULL AS "isUsed" FROM verifications WHERE id = $1',
    [verificationId],
  );
