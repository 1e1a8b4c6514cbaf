import type { Redis } from 'ioredis';

import { createLocalCounter } from './local-counter';
import type { Logger } from './logger';

/** How much one identity may consume of one name. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** What a consumption found. */
export interface RateLimitResult {
  readonly allowed: boolean;
  /** About how many more the window permits, at least 0. */
  readonly remaining: number;
  /** Whole seconds until the window ends, at least 1. */
  readonly retryAfterSeconds: number;
}

/** Counts who does what how often. */
export interface RateLimiter {
  /** Counts one and tells whether it was within the limit. Never rejects. */
  consume(name: string, identity: string, limit: RateLimit): Promise<RateLimitResult>;
}

/** A share of the limit that this process has taken from the common count and may spend without asking again. */
interface Lease {
  unspent: number;
  /** What the common count had left when the lease was taken. */
  readonly beyond: number;
  readonly endsAt: number;
}

/** A window runs from its first request; its key dies with it. */
const TAKE_SCRIPT = `
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
if total == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return { total, redis.call('PTTL', KEYS[1]) }`;

/** A lease of one fiftieth spares a busy address 49 of 50 round trips; limits below 100 are counted one by one. */
const LEASES_PER_LIMIT = 50;
const MOST_LEASES = 50_000;

/**
 * Counts in Redis, so that all processes share one count. While Redis is away each process counts for itself: limits
 * are then looser, but no request is refused for want of Redis.
 */
export function createRateLimiter(redis: Redis, logger?: Logger, now: () => number = Date.now): RateLimiter {
  const leases = new Map<string, Lease>();
  const countLocally = createLocalCounter(now);
  let isLocal = false;

  async function take(
    key: string,
    amount: number,
    windowMs: number,
  ): Promise<{ total: number; restMs: number }> {
    // A connection that is being made anew would hold each request until the command times out.
    if (redis.status === 'ready') {
      try {
        const [total, restMs] = (await redis.eval(TAKE_SCRIPT, 1, key, amount, windowMs)) as [number, number];
        if (isLocal) logger?.info('rate limits are counted in Redis again');
        isLocal = false;
        return { total, restMs };
      } catch (error) {
        if (!isLocal) logger?.warn({ err: error }, 'rate limits are counted in this process');
      }
    }
    isLocal = true;
    return countLocally(key, amount, windowMs);
  }

  async function renew(key: string, { limit, windowSeconds }: RateLimit): Promise<Lease> {
    const amount = Math.max(1, Math.floor(limit / LEASES_PER_LIMIT));
    const { total, restMs } = await take(key, amount, windowSeconds * 1_000);
    const unspent = Math.min(amount, Math.max(0, limit - (total - amount)));
    const lease = { unspent, beyond: Math.max(0, limit - total), endsAt: now() + restMs };
    leases.delete(key);
    leases.set(key, lease);
    if (leases.size > MOST_LEASES) leases.delete(leases.keys().next().value!);
    return lease;
  }

  return {
    async consume(name, identity, limit) {
      const key = `limit:${name}:${identity}`;
      const known = leases.get(key);
      const isUsable = known && known.endsAt > now() && (known.unspent > 0 || known.beyond === 0);
      const lease = isUsable ? known : await renew(key, limit);
      const allowed = lease.unspent > 0;
      if (allowed) lease.unspent -= 1;
      return {
        allowed,
        remaining: lease.unspent + lease.beyond,
        retryAfterSeconds: Math.max(1, Math.ceil((lease.endsAt - now()) / 1_000)),
      };
    },
  };
}
