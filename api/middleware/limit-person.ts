import { AppError } from '../../entities/errors';
import type { RateLimit } from '../../platform/rate-limit';
import { guard, type Guard } from './guard';
import type { Caller } from './signed-in';

type NamedLimit = RateLimit & { readonly name: string };

/** Who writes what on which object, for limits that depend on it: the guards before this one have read it. */
interface Counted {
  readonly caller: Caller;
  readonly params: { readonly id: string };
  readonly input: { readonly clientId: string };
}

/**
 * Refuses somebody who does this too often, by requests and by sockets together. It comes last: what is malformed costs nothing, and
 * counts for the routes of customers only.
 *
 * @param limits one limit, or those that this request counts for
 */
export function limitPerson(
  limits: NamedLimit | ((state: Counted) => Promise<readonly NamedLimit[]>),
): Guard {
  return guard({ errors: ['request.too_many'] }, async (ctx) => {
    const state = ctx.state as unknown as Counted;
    const { limiter } = ctx.state.rateLimits;
    for (const { name, ...limit } of typeof limits === 'function' ? await limits(state) : [limits]) {
      const { allowed, retryAfterSeconds } = await limiter.consume(name, state.caller.accountId, limit);
      if (!allowed) throw new AppError('request.too_many', { retryAfterSeconds });
    }
  });
}
