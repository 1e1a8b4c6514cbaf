import { codeOf, type CodePeppers, type CodeSource } from '../auth/code-peppers';
import { bytes, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

const READ = statement<CodeSource & { pepperId: string }>(
  `SELECT id, purpose, phone, salt, pepper_id AS "pepperId" FROM verifications WHERE id = $1`,
  { id: uuid, purpose: text, phone: text, salt: bytes, pepperId: text },
);

/**
 * The variables of a message that carries a code. No row holds them: they are derived when the message is sent. Undefined once
 * the pepper was removed.
 */
export async function deriveCode(
  transaction: Transaction,
  verificationId: string,
  peppers: CodePeppers,
): Promise<{ readonly code: string } | undefined> {
  const source = await row(transaction, READ, [verificationId]);
  const pepper = source && peppers.find(source.pepperId);
  return pepper && { code: codeOf(pepper, source) };
}
