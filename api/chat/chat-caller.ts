import { CHAT_LIMITS, type ChatLimitName } from '../../entities/chat/chat-limits';
import type { ChatActor } from '../../entities/chat/room-access';
import type { Guard } from '../middleware/guard';
import { limitPerson } from '../middleware/limit-person';
import { actorOf, type Acting } from '../staff/acting';

/** Who does something in a chat. */
export function chatActorOf(acting: Acting): ChatActor {
  return { ...actorOf(acting), roles: acting.caller.roles };
}

/** {@link limitPerson} with a limit of chats. */
export const limitChat = (name: ChatLimitName): Guard => limitPerson(CHAT_LIMITS[name]);
