import { AppError } from '../../entities/errors';
import type { RateLimit } from '../../platform/rate-limit';
import { guard, type Guard } from './guard';
import type { Caller } from './signed-in';

/**
 * Refuses somebody who does this too often, by requests and by sockets together. It comes last: what is malformed costs nothing, and
 * counts for the routes of customers only.
 */
export function limitPerson({ name, ...limit }: RateLimit & { readonly name: string }): Guard {
  return guard({ errors: ['request.too_many'] }, async (ctx) => {
    const { caller } = ctx.state as unknown as { readonly caller: Caller };
    const { limiter } = ctx.state.rateLimits;
    const { allowed, retryAfterSeconds } = await limiter.consume(name, caller.accountId, limit);
    if (!allowed) throw new AppError('request.too_many', { retryAfterSeconds });
  });
}
