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
  /** How many more the window permits, at least 0. */
  readonly remaining: number;
  /** Whole seconds until the window ends, at least 1. */
  readonly retryAfterSeconds: number;
}

/** Counts who does what how often. */
export interface RateLimiter {
  /** Counts one and tells whether it was within the limit. Never rejects. */
  consume(name: string, identity: string, limit: RateLimit): Promise<RateLimitResult>;
}

/** One window from its first request; the time-out belongs to the key from its birth, so none is left behind. */
const COUNT_SCRIPT = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`;

/**
 * Counts in Redis, so that all processes share one count. While Redis is away each process counts for itself: limits
 * are then looser, but no request is refused for want of Redis.
 */
export function createRateLimiter(redis: Redis, logger?: Logger): RateLimiter {
  const countLocally = createLocalCounter();
  let isLocal = false;

  async function count(key: string, windowMs: number): Promise<{ count: number; restMs: number }> {
    // A connection that is being made anew would hold each request until the command times out.
    if (redis.status === 'ready') {
      try {
        const [counted, restMs] = (await redis.eval(COUNT_SCRIPT, 1, key, windowMs)) as [number, number];
        if (isLocal) logger?.info('rate limits are counted in Redis again');
        isLocal = false;
        return { count: counted, restMs };
      } catch (error) {
        if (!isLocal) logger?.warn({ err: error }, 'rate limits are counted in this process');
      }
    }
    isLocal = true;
    return countLocally(key, windowMs);
  }

  return {
    async consume(name, identity, { limit, windowSeconds }) {
      const { count: counted, restMs } = await count(`limit:${name}:${identity}`, windowSeconds * 1_000);
      return {
        allowed: counted <= limit,
        remaining: Math.max(0, limit - counted),
        retryAfterSeconds: Math.max(1, Math.ceil(restMs / 1_000)),
      };
    },
  };
}
