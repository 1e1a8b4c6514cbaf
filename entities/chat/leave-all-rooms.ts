import { boolean, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { endMembership } from './arrange-members';
import { archive } from './change-room';

/** In the order of their ids, after the account. */
const LOCK = statement<{ id: string; isTheirs: boolean }>(
  `SELECT r.id, r.kind = 'direct' OR r.kind = 'support' AND r.opened_by = $1 AS "isTheirs" FROM rooms r
   WHERE r.id IN (SELECT room_id FROM room_members WHERE account_id = $1 AND left_at IS NULL)
   ORDER BY r.id FOR NO KEY UPDATE`,
  { id: uuid, isTheirs: boolean },
);

/**
 * Takes an account that is erased out of all its rooms. In rooms of two nobody can write any more. The texts are blanked by the
 * erasure itself: `member.left` tells clients to forget those of this person.
 */
export async function leaveAllRooms(transaction: Transaction, accountId: string): Promise<void> {
  for (const { id: roomId, isTheirs } of await rows(transaction, LOCK, [accountId])) {
    await endMembership(transaction, { roomId, accountId }, 'erased');
    if (isTheirs) await archive(transaction, roomId);
  }
}
