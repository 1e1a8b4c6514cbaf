import { AppError } from '../../entities/errors';
import { limitIdentityOf } from '../client-address';
import type { RateLimitGroup } from '../rate-limits';
import { guard, type Guard } from './guard';

/** Refuses an address that called the routes of this group too often within a minute. */
export function rateLimit(group: RateLimitGroup): Guard {
  return guard({ errors: ['request.too_many'] }, async (ctx) => {
    const { rateLimits, clientAddress } = ctx.state;
    const limit = rateLimits.perMinute[group];
    const { allowed, remaining, retryAfterSeconds } = await rateLimits.limiter.consume(
      group,
      limitIdentityOf(clientAddress),
      { limit, windowSeconds: 60 },
    );
    ctx.set('RateLimit-Limit', String(limit));
    ctx.set('RateLimit-Remaining', String(remaining));
    ctx.set('RateLimit-Reset', String(retryAfterSeconds));
    if (!allowed) throw new AppError('request.too_many', { retryAfterSeconds });
  });
}
