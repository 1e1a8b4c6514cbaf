import { uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { endSessions } from './end-sessions';

const ACCOUNT_OF = statement<{ accountId: string }>(
  'SELECT account_id AS "accountId" FROM sessions WHERE id = $1',
  { accountId: uuid },
);

/** Ends the session of a caller who has shown one of its tokens. One that has ended stays so. */
export async function signOut(transaction: Transaction, sessionId: string): Promise<void> {
  const session = await row(transaction, ACCOUNT_OF, [sessionId]);
  if (!session) return;
  await endSessions(transaction, { accountId: session.accountId, sessionId, reason: 'signed_out' });
}
