import { ACCOUNT } from '../auth/auth.events';
import { endSessions } from '../auth/end-sessions';
import { recordEvents } from '../events/record-events';
import { uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { NumberChangeRow } from './read-number-change';

const MOVE = statement<{ id: string }>(
  `UPDATE accounts SET phone = $2
   WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM accounts other WHERE other.phone = $2)
   RETURNING id`,
  { id: uuid },
);

const END = statement(
  `UPDATE number_changes SET status = $2::varchar, new_phone = NULL, ended_at = now(),
     old_phone = CASE WHEN $2 = 'changed' THEN old_phone END
   WHERE id = $1`,
);

/**
 * Gives the account its proved number, unless another account has that. The other sessions end, because whoever has the old
 * number may have opened them. The account is locked.
 *
 * @param except the session in which its person has proved both numbers
 */
export async function changeNumber(
  transaction: Transaction,
  { id, accountId, newPhone }: NumberChangeRow,
  except?: string,
): Promise<'changed' | 'taken'> {
  const moved = await row(transaction, MOVE, [accountId, newPhone]);
  await rows(transaction, END, [id, moved ? 'changed' : 'taken']);
  if (!moved) return 'taken';
  await recordEvents(transaction, ACCOUNT, accountId, {
    type: 'account.number_changed',
    payload: { changeId: id },
  });
  await endSessions(transaction, {
    accountId,
    reason: 'ended_elsewhere',
    ...(except === undefined ? {} : { except }),
  });
  return 'changed';
}
