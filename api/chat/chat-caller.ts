import { CHAT_LIMITS, type ChatLimitName } from '../../entities/chat/chat-limits';
import type { ChatActor } from '../../entities/chat/room-access';
import { AppError } from '../../entities/errors';
import { guard, type Guard } from '../middleware/guard';
import type { Caller } from '../middleware/signed-in';
import { actorOf, type Acting } from '../staff/acting';

/** Who does something in a chat. */
export function chatActorOf(acting: Acting): ChatActor {
  return { ...actorOf(acting), roles: acting.caller.roles };
}

/**
 * Refuses somebody who does this too often, by requests and by sockets together. It comes last: what is malformed costs nothing, and
 * counts for the routes of customers only.
 */
export function limitChat(name: ChatLimitName): Guard {
  const limit = CHAT_LIMITS[name];
  return guard({ errors: ['request.too_many'] }, async (ctx) => {
    const { caller } = ctx.state as unknown as { readonly caller: Caller };
    const { limiter } = ctx.state.rateLimits;
    const { allowed, retryAfterSeconds } = await limiter.consume(limit.name, caller.accountId, limit);
    if (!allowed) throw new AppError('request.too_many', { retryAfterSeconds });
  });
}
