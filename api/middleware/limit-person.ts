import { AppError } from '../../entities/errors';
import type { RateLimit } from '../../platform/rate-limit';
import { guard, type Guard } from './guard';
import type { Caller } from './signed-in';

interface Counted {
  readonly caller: Caller;
  readonly params: { readonly id: string };
}

/**
 * Refuses somebody who does this too often, by requests and by sockets together. It comes last: what is malformed costs nothing, and
 * counts for the routes of customers only.
 *
 * @param counts whether this request counts: all do unless told
 */
export function limitPerson(
  { name, ...limit }: RateLimit & { readonly name: string },
  counts?: (caller: Caller, params: { readonly id: string }) => Promise<boolean>,
): Guard {
  return guard({ errors: ['request.too_many'] }, async (ctx) => {
    const { caller, params } = ctx.state as unknown as Counted;
    if (counts && !(await counts(caller, params))) return;
    const { limiter } = ctx.state.rateLimits;
    const { allowed, retryAfterSeconds } = await limiter.consume(name, caller.accountId, limit);
    if (!allowed) throw new AppError('request.too_many', { retryAfterSeconds });
  });
}
