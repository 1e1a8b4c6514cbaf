import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, integer } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { TELLING_MEMBERS } from './chat-limits';
import { ROOM } from './chat.events';
import { isBlockedRoom } from './lock-people';
import { lockRoom, requireRoom, type ChatActor } from './room-access';

const IS_SMALL = statement<{ isSmall: boolean }>(
  `SELECT count(*) <= ${TELLING_MEMBERS} AS "isSmall" FROM (
     SELECT 1 FROM room_members WHERE room_id = $1 AND left_at IS NULL LIMIT ${TELLING_MEMBERS + 1}) AS t`,
  { isSmall: boolean },
);

const MOVE = statement<{ seq: number }>(
  `UPDATE room_members SET last_read_seq = least($3, (SELECT last_seq FROM rooms WHERE id = $1))
   WHERE room_id = $1 AND account_id = $2 AND left_at IS NULL
     AND last_read_seq < least($3, (SELECT last_seq FROM rooms WHERE id = $1))
   RETURNING last_read_seq AS seq`,
  { seq: integer },
);

const POINTER = statement<{ seq: number }>(
  'SELECT last_read_seq AS seq FROM room_members WHERE room_id = $1 AND account_id = $2',
  { seq: integer },
);

/**
 * Says how far somebody has read. The pointer only grows, and never beyond the newest message: of two devices the farther one counts.
 *
 * In small rooms the others are told, by one event however many messages were read. In larger ones a hundred readers of each message
 * would fill the journal, so they see pointers only in the list of members, and nothing waits for the lock of the room.
 * Between two people of whom one has blocked the other, nobody is told.
 *
 * @returns the pointer
 * @throws AppError `chat.room_not_found`, also for staff who have not joined
 */
export async function markRead(
  transaction: Transaction,
  actor: ChatActor,
  { roomId, seq }: { readonly roomId: string; readonly seq: number },
): Promise<{ readonly lastReadSeq: number }> {
  const { accountId } = actor;
  const { isSmall } = (await row(transaction, IS_SMALL, [roomId]))!;
  const room = await (isSmall ? lockRoom : requireRoom)(transaction, actor, roomId);
  assertThat(room.role !== null, 'chat.room_not_found');
  const moved = await row(transaction, MOVE, [roomId, accountId, seq]);
  if (moved && isSmall && !(await isBlockedRoom(transaction, room, accountId))) {
    await recordEvents(transaction, ROOM, roomId, {
      type: 'member.read',
      payload: { accountId, seq: moved.seq },
    });
  }
  const pointer = moved ?? (await row(transaction, POINTER, [roomId, accountId]))!;
  return { lastReadSeq: pointer.seq };
}
