import { isCodeOver, type VerificationPurpose } from '../auth/verification';
import { assertThat } from '../errors';
import { boolean, integer, nullable, text } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** What became of a code, for those who count. */
export interface EndedCode {
  readonly purpose: VerificationPurpose;
  /** False while it can still be used. */
  readonly isOver: boolean;
  /** From asking for it to using it; null when it was not used. */
  readonly usedAfterMs: number | null;
}

const READ = statement<EndedCode>(
  `SELECT v.purpose, ${isCodeOver('v')} AS "isOver",
     round(extract(epoch FROM v.used_at - v.created_at) * 1000)::bigint AS "usedAfterMs"
   FROM verifications v WHERE v.id = $1`,
  { purpose: text, isOver: boolean, usedAfterMs: nullable(integer) },
);

/** @throws AppError `auth.code_over` when there is none */
export async function readEndedCode(
  transaction: Transaction,
  { verificationId }: { readonly verificationId: string },
): Promise<EndedCode> {
  const ended = await row(transaction, READ, [verificationId]);
  assertThat(ended, 'auth.code_over');
  return ended;
}
