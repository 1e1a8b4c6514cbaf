import { readWritableRooms } from '../../entities/chat/room-audience';
import { defineNamespace } from '../registry';
import { FOLLOW_ROOMS, roomIdsIn, roomOf } from './chat-rooms';
import { PresenceView, TypingView } from './chat.view';
import { FILE_VERBS } from './files.verbs';
import { MEMBER_VERBS } from './members.verbs';
import { MESSAGE_VERBS } from './messages.verbs';
import { ROOM_VERBS } from './rooms.verbs';

/** What people write to each other and to the shop: the operations of `entities/chat`, as the API calls them. */
export const CHAT = defineNamespace({
  name: '/chat',
  summary: 'Rooms in which people write to each other',
  who: 'signed-in',
  verbs: { ...ROOM_VERBS, ...MEMBER_VERBS, ...MESSAGE_VERBS, ...FILE_VERBS },
  follows: [FOLLOW_ROOMS],
  tells: { typing: TypingView, presence: PresenceView },
  async onConnect({ caller, presence, socketId }) {
    await presence.come(caller!.accountId, socketId);
  },
  async onDisconnect({ caller, database, presence, rooms, socketId, tell }) {
    const open = roomIdsIn(rooms());
    const { accountId } = caller!;
    const isLast = await presence.go(accountId, socketId);
    if (!isLast || open.length === 0) return;
    // Whoever is blocked, or no longer in the room, tells nothing of themselves.
    for (const roomId of await readWritableRooms(database.manager, accountId, open)) {
      tell(roomOf(roomId), 'presence', { roomId, accountId, state: 'offline' });
    }
  },
});
