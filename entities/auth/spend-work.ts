import type { EntityManager } from 'typeorm';

import { boolean, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';

/** A code that somebody asks for, from an address. */
export interface AskedCode {
  readonly verificationId: string;
  readonly clientKey: string;
}

/** Reads at most as many entries of the address as the threshold. */
const NEEDS_WORK = statement<{ isNeeded: boolean }>(
  `SELECT NOT EXISTS (SELECT FROM verifications WHERE id = $1) AND (
     SELECT count(*) >= $3 FROM (
       SELECT FROM verifications WHERE client_key = $2 AND created_at > now() - interval '1 hour' LIMIT $3
     ) AS asked) AS "isNeeded"`,
  { isNeeded: boolean },
);

/** Whether the address has asked for so many codes within an hour that another one costs work. A repeated request costs none. */
export async function needsWork(
  manager: EntityManager,
  { verificationId, clientKey }: AskedCode,
  fromPerHour: number,
): Promise<boolean> {
  return (await row(manager, NEEDS_WORK, [verificationId, clientKey, fromPerHour]))!.isNeeded;
}

/** Each use removes more rows than it adds, as long as there are old ones. */
const REMOVE_EXPIRED = statement(
  `DELETE FROM spent_work WHERE nonce IN (
     SELECT nonce FROM spent_work WHERE expires_at < now() ORDER BY expires_at LIMIT 10 FOR UPDATE SKIP LOCKED)`,
);

const SPEND = statement<{ nonce: string }>(
  'INSERT INTO spent_work (nonce, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING nonce',
  { nonce: text },
);

/** Uses a solved challenge up. False for one that was used before. */
export async function spendWork(
  transaction: Transaction,
  { nonce, expiresAt }: { readonly nonce: string; readonly expiresAt: Date },
): Promise<boolean> {
  await rows(transaction, REMOVE_EXPIRED);
  return (await row(transaction, SPEND, [nonce, expiresAt])) !== undefined;
}
