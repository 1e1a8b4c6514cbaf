import { Redis } from 'ioredis';

import type { RedisConfig } from './config/redis';
import type { Logger } from './logger';

const LONGEST_PAUSE_MS = 2_000;
const COMMAND_TIMEOUT_MS = 500;

/**
 * A connection to Redis that reconnects by itself. Returns at once: no process waits for Redis to start. A command fails
 * after half a second or one retry instead of waiting for an absent server.
 */
export function createRedis(config: RedisConfig, logger: Logger): Redis {
  const redis = new Redis(config.redisUrl, {
    keyPrefix: config.redisKeyPrefix,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: LONGEST_PAUSE_MS,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_PAUSE_MS),
  });
  let isAway = false;
  redis.on('error', (error: Error) => {
    if (!isAway)
      logger.warn({ err: error }, 'Redis is away: rate limits are counted per process until it is back');
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) logger.info('Redis is back');
    isAway = false;
  });
  return redis;
}

/** Closes the connection, without waiting for a server that is away. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') {
    redis.disconnect();
    return;
  }
  try {
    await redis.quit();
  } catch {
    redis.disconnect();
  }
}
