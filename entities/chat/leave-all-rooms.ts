import { recordEvents } from '../events/record-events';
import { boolean, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { endMembership } from './arrange-members';
import { archive } from './change-room';
import { ROOM } from './chat.events';

interface Found {
  readonly id: string;
  /** False where they had left, and something that they wrote is still there. */
  readonly isIn: boolean;
  readonly isTheirs: boolean;
}

/** In the order of their ids, after the account. */
const LOCK = statement<Found>(
  `SELECT r.id, m.left_at IS NULL AS "isIn", r.kind = 'direct' OR r.kind = 'support' AND r.opened_by = $1 AS "isTheirs"
   FROM room_members m JOIN rooms r ON r.id = m.room_id
   WHERE m.account_id = $1 AND (m.left_at IS NULL OR EXISTS (
     SELECT 1 FROM messages s WHERE s.sender_id = $1 AND s.room_id = r.id AND s.deleted_at IS NULL))
   ORDER BY r.id FOR NO KEY UPDATE OF r`,
  { id: uuid, isIn: boolean, isTheirs: boolean },
);

/**
 * Takes an account that is erased out of all its rooms. In rooms of two nobody can write any more. The texts are blanked by the
 * erasure itself: `member.left` tells clients to forget those of this person, also in rooms that they had left before.
 */
export async function leaveAllRooms(transaction: Transaction, accountId: string): Promise<void> {
  for (const { id: roomId, isIn, isTheirs } of await rows(transaction, LOCK, [accountId])) {
    if (!isIn) {
      const payload = { accountId, reason: 'erased' } as const;
      await recordEvents(transaction, ROOM, roomId, { type: 'member.left', payload });
      continue;
    }
    await endMembership(transaction, { roomId, accountId }, 'erased');
    if (isTheirs) await archive(transaction, roomId);
  }
}
