import type { RateLimitsConfig } from '../platform/config/rate-limits';
import type { RateLimiter } from '../platform/rate-limit';

/** Routes that share one count per address. */
export type RateLimitGroup =
  | 'catalog'
  | 'carts'
  | 'checkout'
  | 'orders'
  | 'auth'
  | 'customer'
  | 'callbacks'
  | 'tracking'
  | 'staff'
  | 'warming'
  | 'other';

/** How often an address may call each group of routes, and what counts the calls. */
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
      auth: config.authRequestsPerMinute,
      customer: config.customerRequestsPerMinute,
      callbacks: config.paymentCallbacksPerMinute,
      tracking: config.trackingRequestsPerMinute,
      staff: config.staffRequestsPerMinute,
      warming: config.warmingRequestsPerMinute,
      other: config.otherRequestsPerMinute,
    },
  };
}
