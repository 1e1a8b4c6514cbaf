import { createHash, randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';

import type { RedisConfig } from '../config/redis';
import { inTime } from '../in-time';
import type { Logger } from '../logger';
import { decodeEntry, encodeEntry, ENTRY_FORMAT, type Entry } from './entry';

const TIMEOUT_MS = 40;
/** Nobody waits for a command so long. It bounds how many are remembered while Redis hangs. */
const ABANDONED_MS = 2_000;
/** How long nothing is asked of a Redis that was late. */
const PAUSE_MS = 1_000;
const LEASE_MS = 2_000;
const LONGEST_RECONNECT_PAUSE_MS = 2_000;
const LARGEST_ENTRY_BYTES = 512 * 1_024;
const CLAIM_MS = 86_400_000;

/** Where the entries of one build and one database are. */
export interface Place {
  /** Names the code and the settings that make the answers. */
  readonly build: string;
  /** Names the database as it is: it changes with a restore. */
  readonly epoch: string;
  readonly kind: string;
  readonly name: string;
}

/** A lease says who loads, when several processes miss the same entry. */
export type Lease = { readonly end: () => void } | 'taken' | 'unknown';

/**
 * The entries that all processes share, in Redis. It only keeps them: whether one is valid, the journal decides. It never rejects, and
 * it is never waited for longer than 40 ms. A Redis that was late is left alone for a second.
 */
export interface SharedTier {
  find(place: Place): Promise<Entry | undefined>;
  keep(place: Place, entry: Entry): void;
  lease(place: Place): Promise<Lease>;
  /** Removes entries to free their memory. They are invalid already, or lost when Redis is away. */
  forget(place: Place): void;
  /**
   * Marks the entries of a build and a database as begun. True for one process of all, once: for the first one of a build, and after
   * Redis lost what it had. Undefined when Redis is away.
   */
  claim(build: string, epoch: string): Promise<boolean | undefined>;
  readonly isAway: boolean;
  close(): void;
}

/** Opens the tier on a connection of its own. Returns at once: no process waits for Redis. */
export function openSharedTier(
  config: RedisConfig,
  logger: Logger,
  onFailure: () => void = () => {},
): SharedTier {
  const redis = new Redis(config.redisUrl, {
    keyPrefix: config.redisKeyPrefix,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ABANDONED_MS,
    connectTimeout: LONGEST_RECONNECT_PAUSE_MS,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RECONNECT_PAUSE_MS),
  });
  // Without a listener an error would end the process. Failing commands are counted below.
  redis.on('error', () => {});
  let awayUntil = 0;
  let isNoticed = false;

  const isAway = () => redis.status !== 'ready' || Date.now() < awayUntil;

  /** Asks Redis; undefined when it is away or late. */
  async function ask<Reply>(command: () => Promise<Reply>): Promise<Reply | undefined> {
    if (isAway()) return undefined;
    // After a pause one command tries. The others go on without Redis until it has answered.
    if (isNoticed) awayUntil = Date.now() + PAUSE_MS;
    try {
      const reply = await inTime(command(), TIMEOUT_MS);
      if (isNoticed) logger.info('cached answers are shared through Redis again');
      isNoticed = false;
      awayUntil = 0;
      return reply;
    } catch (error) {
      onFailure();
      if (!isNoticed) logger.warn({ err: error }, 'Redis is late: cached answers stay in this process');
      isNoticed = true;
      awayUntil = Date.now() + PAUSE_MS;
      return undefined;
    }
  }

  return {
    async find(place) {
      const stored = await ask(() => redis.getBuffer(keyOf(place)));
      return stored ? decodeEntry(stored, place.name) : undefined;
    },
    keep(place, entry) {
      const restMs = Math.ceil(entry.usableUntil - Date.now());
      const stored = encodeEntry(entry);
      if (restMs > 0 && stored.length <= LARGEST_ENTRY_BYTES)
        void ask(() => redis.set(keyOf(place), stored, 'PX', restMs));
    },
    async lease(place) {
      const key = `${keyOf(place)}:lease`;
      const owner = randomUUID();
      const taken = await ask(() => redis.set(key, owner, 'PX', LEASE_MS, 'NX'));
      if (taken === undefined) return 'unknown';
      if (taken === null) return 'taken';
      const endsAt = Date.now() + LEASE_MS - TIMEOUT_MS;
      return {
        end() {
          // Later the lease may be another's.
          if (Date.now() < endsAt) void ask(() => redis.unlink(key));
        },
      };
    },
    forget(place) {
      void ask(() => redis.unlink(keyOf(place)));
    },
    async claim(build, epoch) {
      const claimed = await ask(() => redis.set(`${keysOf(build, epoch)}:begun`, 1, 'PX', CLAIM_MS, 'NX'));
      return claimed === undefined ? undefined : claimed === 'OK';
    },
    get isAway() {
      return isAway();
    },
    close: () => redis.disconnect(),
  };
}

function keyOf({ build, epoch, kind, name }: Place): string {
  const digest = createHash('sha256').update(name).digest('base64url').slice(0, 22);
  return `${keysOf(build, epoch)}:${kind}:${digest}`;
}

function keysOf(build: string, epoch: string): string {
  return `ans:${ENTRY_FORMAT}:${build}:${epoch}`;
}

/** For a process that shares nothing. */
export const NO_SHARED_TIER: SharedTier = {
  find: () => Promise.resolve(undefined),
  keep() {},
  lease: () => Promise.resolve('unknown'),
  forget() {},
  claim: () => Promise.resolve(undefined),
  isAway: true,
  close() {},
};
