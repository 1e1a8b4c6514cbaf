import { defineNamespace } from '../registry';
import { FOLLOW_ROOMS, roomIdsIn } from './chat-rooms';
import { PresenceView, TypingView } from './chat.view';
import { FILE_VERBS } from './files.verbs';
import { MEMBER_VERBS } from './members.verbs';
import { MESSAGE_VERBS } from './messages.verbs';
import { ROOM_VERBS } from './rooms.verbs';
import { tellPresence } from './tell-presence';

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
  async onDisconnect(context) {
    // Read before it has left them.
    const open = roomIdsIn(context.rooms());
    const { caller, presence, socketId } = context;
    if (await presence.go(caller!.accountId, socketId)) await tellPresence(context, open, 'offline');
  },
});
