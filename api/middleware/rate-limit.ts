import { AppError } from '../../entities/errors';
import type { RateLimitsConfig } from '../../platform/config/rate-limits';
import type { RateLimiter } from '../../platform/rate-limit';
import { limitIdentityOf } from '../client-address';
import { guard, type Guard } from './guard';

/** Routes that share one count per address. */
export type RateLimitGroup = 'catalog' | 'carts' | 'checkout' | 'orders' | 'callbacks' | 'staff';

/** The counts of this process's configuration. */
export interface RateLimits {
  readonly limiter: RateLimiter;
  readonly perMinute: Readonly<Record<RateLimitGroup, number>>;
}

export function createRateLimits(limiter: RateLimiter, config: RateLimitsConfig): RateLimits {
  return {
    limiter,
    perMinute: {
      catalog: config.catalogRequestsPerMinute,
      carts: config.cartRequestsPerMinute,
      checkout: config.checkoutRequestsPerMinute,
      orders: config.orderRequestsPerMinute,
      callbacks: config.paymentCallbacksPerMinute,
      staff: config.staffRequestsPerMinute,
    },
  };
}

/** Refuses with 429 an address that asked for routes of this group too often within a minute. */
export function rateLimit(group: RateLimitGroup): Guard {
  return guard({ errors: ['request.too_many'] }, async (ctx, next) => {
    const { rateLimits, clientAddress } = ctx.state;
    const limit = rateLimits.perMinute[group];
    const result = await rateLimits.limiter.consume(group, limitIdentityOf(clientAddress), {
      limit,
      windowSeconds: 60,
    });
    ctx.set('RateLimit-Limit', String(limit));
    ctx.set('RateLimit-Remaining', String(result.remaining));
    ctx.set('RateLimit-Reset', String(result.retryAfterSeconds));
    if (!result.allowed)
      throw new AppError('request.too_many', { retryAfterSeconds: result.retryAfterSeconds });
    await next();
  });
}
