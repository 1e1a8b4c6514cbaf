import { AppError } from '../../entities/errors';
import { limitIdentityOf } from '../../platform/client-address';
import type { RateLimitResult } from '../../platform/rate-limit';
import type { RateLimitGroup } from '../rate-limits';
import { guard, type ApiContext, type Guard } from './guard';

/** Refuses an address that called the routes of this group too often within a minute. */
export function rateLimit(group: RateLimitGroup): Guard {
  return guard({ errors: ['request.too_many'] }, (ctx) =>
    countRequest(ctx, group, limitIdentityOf(ctx.state.clientAddress)),
  );
}

/**
 * Counts a request of this identity.
 *
 * @param factor how many times the group's limit the identity has
 * @throws AppError `request.too_many`
 */
export function countRequest(
  ctx: ApiContext,
  group: RateLimitGroup,
  identity: string,
  factor = 1,
): void | Promise<void> {
  const { rateLimits } = ctx.state;
  const limit = rateLimits.perMinute[group] * factor;
  const counted = rateLimits.limiter.consume(group, identity, { limit, windowSeconds: 60 });
  // A promise costs a kept answer more than the counting.
  if (counted instanceof Promise) return counted.then((result) => tell(ctx, limit, result));
  tell(ctx, limit, counted);
}

function tell(
  ctx: ApiContext,
  limit: number,
  { allowed, remaining, retryAfterSeconds }: RateLimitResult,
): void {
  ctx.res.setHeader('RateLimit-Limit', String(limit));
  ctx.res.setHeader('RateLimit-Remaining', String(remaining));
  ctx.res.setHeader('RateLimit-Reset', String(retryAfterSeconds));
  if (!allowed) throw new AppError('request.too_many', { retryAfterSeconds });
}
