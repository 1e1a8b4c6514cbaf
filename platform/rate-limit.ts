import { setTimeout as delay } from 'node:timers/promises';

import type { Redis } from 'ioredis';

import { inTime } from './in-time';
import { createLocalCounter } from './local-counter';
import type { Logger } from './logger';

/** How often one identity may do something. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The outcome of one request. */
export interface RateLimitResult {
  readonly allowed: boolean;
  /** About how many more requests the window allows; at least 0. */
  readonly remaining: number;
  /** Whole seconds until the window ends; at least 1. */
  readonly retryAfterSeconds: number;
}

/** Counts requests per name and identity. */
export interface RateLimiter {
  /** Counts one request and says whether it was within the limit: at once, unless Redis must be asked. Never rejects. */
  consume(name: string, identity: string, limit: RateLimit): RateLimitResult | Promise<RateLimitResult>;
  /**
   * Counts a request that is worth several, and says whether all of them were within the limit. What is refused counts too. A name
   * is counted either so or by {@link consume}. Never rejects.
   */
  consumeMany(name: string, identity: string, limit: RateLimit, amount: number): Promise<RateLimitResult>;
}

/** A share of the limit that this process took from the common count and may spend without asking Redis again. */
interface Lease {
  unspent: number;
  /** What was left of the common count when the lease was taken. */
  readonly beyond: number;
  readonly endsAt: number;
}

/** A window starts with its first request; its key expires with it. */
const TAKE_SCRIPT = `
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
if total == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return { total, redis.call('PTTL', KEYS[1]) }`;

/** A lease is a fiftieth of the limit, which saves 49 of 50 round trips. Limits below 100 are counted one by one. */
const LEASES_PER_LIMIT = 50;
const MOST_LEASES = 50_000;
/** How long a request waits for Redis. */
const PATIENCE_MS = 100;
/** How often a Redis that was late is asked whether it answers again. */
const PROBE_EVERY_MS = 1_000;

/**
 * Counts in Redis, so that all processes share one count. While Redis is away each process counts for itself: limits are
 * looser then, but no request is refused because Redis is missing, and none waits for it longer than 100 ms.
 */
export function createRateLimiter(redis: Redis, logger?: Logger, now: () => number = Date.now): RateLimiter {
  const leases = new Map<string, Lease>();
  const renewals = new Map<string, Promise<unknown>>();
  const countLocally = createLocalCounter(now);
  let isLocal = false;
  /** Whether Redis was late and has not answered since. */
  let isLate = false;

  /** Asks in the background, so that no request waits for a Redis that hangs. */
  async function probe(): Promise<void> {
    while (isLate) {
      await delay(PROBE_EVERY_MS, undefined, { ref: false });
      // A connection that is restored is used as soon as it is ready.
      if (redis.status !== 'ready') isLate = false;
      else isLate = await redis.ping().then(isNever, isAlways);
    }
  }

  async function take(
    key: string,
    amount: number,
    windowMs: number,
  ): Promise<{ total: number; restMs: number }> {
    // While the connection is being restored, each request would wait until the command times out.
    if (redis.status === 'ready' && !isLate) {
      try {
        const taken = redis.eval(TAKE_SCRIPT, 1, key, amount, windowMs) as Promise<[number, number]>;
        const [total, restMs] = await inTime(taken, PATIENCE_MS);
        if (isLocal) logger?.info('rate limits are counted in Redis again');
        isLocal = false;
        return { total, restMs };
      } catch (error) {
        if (!isLocal) logger?.warn({ err: error }, 'rate limits are counted in this process');
        if (!isLate) {
          isLate = true;
          void probe();
        }
      }
    }
    isLocal = true;
    return countLocally(key, amount, windowMs);
  }

  function remember(key: string, lease: Lease): Lease {
    leases.delete(key);
    leases.set(key, lease);
    if (leases.size > MOST_LEASES) leases.delete(leases.keys().next().value!);
    return lease;
  }

  /** Takes one lease for all requests that wait for it. Otherwise a crowd would take the whole limit at once. */
  function renew(key: string, amount: number, { limit, windowSeconds }: RateLimit): Promise<unknown> {
    const running = renewals.get(key);
    if (running) return running;
    const renewal = take(key, amount, windowSeconds * 1_000)
      .then(({ total, restMs }) => {
        const unspent = Math.min(amount, Math.max(0, limit - (total - amount)));
        return remember(key, { unspent, beyond: Math.max(0, limit - total), endsAt: now() + restMs });
      })
      .finally(() => renewals.delete(key));
    renewals.set(key, renewal);
    return renewal;
  }

  function spend(key: string): RateLimitResult | undefined {
    const lease = leases.get(key);
    if (!lease || lease.endsAt <= now() || (lease.unspent === 0 && lease.beyond > 0)) return undefined;
    const allowed = lease.unspent > 0;
    if (allowed) lease.unspent -= 1;
    return answer(allowed, lease.unspent + lease.beyond, lease.endsAt - now());
  }

  async function countAtOnce(
    key: string,
    { limit, windowSeconds }: RateLimit,
    amount: number,
  ): Promise<RateLimitResult> {
    const { total, restMs } = await take(key, amount, windowSeconds * 1_000);
    // A used-up limit is remembered until the window ends, so that further requests cost no round trip.
    if (total >= limit) remember(key, { unspent: 0, beyond: 0, endsAt: now() + restMs });
    return answer(total <= limit, Math.max(0, limit - total), restMs);
  }

  async function renewAndSpend(key: string, limit: RateLimit): Promise<RateLimitResult> {
    const amount = Math.floor(limit.limit / LEASES_PER_LIMIT);
    if (amount <= 1) return countAtOnce(key, limit, 1);
    for (;;) {
      await renew(key, amount, limit);
      const result = spend(key);
      if (result) return result;
    }
  }

  return {
    consume(name, identity, limit) {
      const key = `limit:${name}:${identity}`;
      return spend(key) ?? renewAndSpend(key, limit);
    },
    async consumeMany(name, identity, limit, amount) {
      const key = `limit:${name}:${identity}`;
      // Only a limit that is used up has left anything here.
      return spend(key) ?? countAtOnce(key, limit, amount);
    },
  };
}

function answer(allowed: boolean, remaining: number, restMs: number): RateLimitResult {
  return { allowed, remaining, retryAfterSeconds: Math.max(1, Math.ceil(restMs / 1_000)) };
}

const isNever = () => false;
const isAlways = () => true;
