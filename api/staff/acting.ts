import type { Transaction } from '../../entities/sql';
import type { Actor } from '../../entities/staff/audited';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import type { Caller } from '../middleware/signed-in';

/** Who asks for a change, in which request. */
export interface Acting {
  readonly caller: Caller;
  readonly requestId: string;
}

/** Who does something, for its record. */
export function actorOf({ caller, requestId }: Acting): Actor {
  return { accountId: caller.accountId, sessionId: caller.sessionId, requestId };
}

/** Runs a change of an account by staff. What it ended counts at once in this process, and within 2 s in every other one. */
export async function changeAccount<Result>(
  { database, liveSessions }: Pick<Dependencies, 'database' | 'liveSessions'>,
  acting: Acting,
  accountId: string,
  change: (transaction: Transaction, actor: Actor) => Promise<Result>,
): Promise<Result> {
  const result = await withTransaction(database, (transaction) => change(transaction, actorOf(acting)));
  await liveSessions.forgetAccount(accountId);
  return result;
}
