import { readWritableRooms } from '../../entities/chat/room-audience';
import type { SocketContext } from '../registry';
import { personOf, roomOf } from './chat-rooms';

/** Somebody who comes and goes all the time is told so often to each room. Who needs to know then asks. */
const TOLD = { limit: 10, windowSeconds: 60 };

/**
 * Tells rooms that the caller is there, or no longer. Whoever may not write in a room tells it nothing, and of two people of whom
 * one has blocked the other neither learns about the other.
 */
export async function tellPresence(
  { caller, database, rateLimiter, tell }: SocketContext,
  roomIds: readonly string[],
  state: 'online' | 'offline',
): Promise<void> {
  const { accountId } = caller!;
  const counted = await Promise.all(
    roomIds.map(async (roomId) => rateLimiter.consume('chat-presence', `${accountId}:${roomId}`, TOLD)),
  );
  const open = roomIds.filter((_, place) => counted[place]!.allowed);
  if (open.length === 0) return;
  for (const { id: roomId, apart } of await readWritableRooms(database.manager, caller!, open)) {
    tell(roomOf(roomId), 'presence', { roomId, accountId, state }, apart.map(personOf));
  }
}
