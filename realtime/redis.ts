import { setTimeout as delay } from 'node:timers/promises';

import { createAdapter } from '@socket.io/redis-adapter';
import { Redis, type RedisOptions } from 'ioredis';

import type { RedisConfig } from '../platform/config/redis';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';

/** What carries typing and presence between nodes. Events of the journal do not need it. */
export interface FanOutRedis {
  readonly adapter: ReturnType<typeof createAdapter>;
  /** Whether both connections work and hear the other nodes. */
  isThere(): boolean;
  close(): void;
}

type Run = (...parts: unknown[]) => Promise<unknown>;

const LONGEST_PAUSE_MS = 2_000;
const PUBLISH_TIMEOUT_MS = 500;
/** What the adapter calls without looking at the promise. A rejection would end the process. */
const SUBSCRIPTIONS = ['subscribe', 'psubscribe'] as const;
const UNWATCHED = ['publish', 'unsubscribe', 'punsubscribe'] as const;

/**
 * The adapter's pair of connections. `createRedis` of the platform does not serve: its time-outs would leave a node deaf that began
 * without Redis, because the adapter subscribes once and never again.
 */
export function openFanOutRedis(config: RedisConfig, logger: Logger, metrics: Metrics): FanOutRedis {
  const failures = metrics.counter(
    'realtime_redis_failures_total',
    'Commands between nodes that Redis did not carry out.',
    ['command'],
  );
  let isAway = false;
  let isClosed = false;
  /** Subscriptions that Redis has refused. */
  let refused = 0;

  function connect(options: RedisOptions): Redis {
    const redis = new Redis(config.redisUrl, {
      connectTimeout: LONGEST_PAUSE_MS,
      retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_PAUSE_MS),
      ...options,
    });
    redis.on('error', (error: Error) => {
      if (!isAway) logger.warn({ err: error }, 'Redis is away: typing and presence do not leave this node');
      isAway = true;
    });
    redis.on('ready', () => (isAway = false));
    for (const command of UNWATCHED) {
      const run = redis[command].bind(redis) as Run;
      const watched: Run = (...parts) => run(...parts).catch(() => failures.inc({ command }));
      Object.assign(redis, { [command]: watched });
    }
    for (const command of SUBSCRIPTIONS) {
      Object.assign(redis, { [command]: insistent(command, redis[command].bind(redis) as Run) });
    }
    return redis;
  }

  /** The adapter subscribes once. A node whose user lacked the right would stay deaf after it was given. */
  function insistent(command: string, run: Run): Run {
    return async (...channels) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const answer = await run(...channels);
          if (attempt > 1) refused -= 1;
          return answer;
        } catch (error) {
          failures.inc({ command });
          if (attempt === 1) {
            refused += 1;
            logger.warn(
              { err: error, command },
              'Redis refuses a subscription: this node does not hear the others',
            );
          }
          await delay(LONGEST_PAUSE_MS, undefined, { ref: false });
          if (isClosed) return undefined;
        }
      }
    };
  }

  // A subscription waits for Redis however long it is away, and what is published meanwhile is dropped at once.
  const sub = connect({ maxRetriesPerRequest: null });
  const pub = connect({
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: PUBLISH_TIMEOUT_MS,
  });
  return {
    // The prefix of keys does not reach channels.
    adapter: createAdapter(pub, sub, { key: `${config.redisKeyPrefix}sockets` }),
    isThere: () => pub.status === 'ready' && sub.status === 'ready' && refused === 0,
    close() {
      isClosed = true;
      pub.disconnect();
      sub.disconnect();
    },
  };
}
