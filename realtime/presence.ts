import { randomUUID } from 'node:crypto';

import type { Redis } from 'ioredis';

import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';

/** Whether somebody is connected. `unknown`: Redis cannot tell at this moment, which is not the same as being away. */
export const PRESENCES = ['online', 'offline', 'unknown'] as const;
export type PresenceState = (typeof PRESENCES)[number];

/** Who is connected to any node. Nothing here rejects: without Redis everybody else is `unknown`. */
export interface Presence {
  come(accountId: string, socketId: string): Promise<void>;
  /** @returns whether this was the person's last connection of all nodes; false where that is unknown */
  go(accountId: string, socketId: string): Promise<boolean>;
  /** How each of these people is, in their order. */
  read(accountIds: readonly string[]): Promise<PresenceState[]>;
  /** Takes everybody of this node out. */
  close(): Promise<void>;
}

interface Parts {
  readonly redis: Redis;
  /** How long somebody counts as present after the last sign of their node. */
  readonly lifeMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now?: () => number;
}

/** Redis does many commands of one pipeline without serving others between. */
const MOST_IN_PIPELINE = 1_000;
const keyOf = (accountId: string) => `presence:${accountId}`;

type Command = readonly [name: string, ...parts: (string | number)[]];

/**
 * A sorted set per person, with a member for each socket of each node, whose score is when it ends. A node that lives renews its own
 * each third of that time, so those of a killed one end by themselves. When Redis is back, perhaps empty, nodes announce theirs
 * again; until each had the time to, nobody counts as offline.
 */
export function createPresence({ redis, lifeMs, logger, metrics, now = Date.now }: Parts): Presence {
  const node = randomUUID();
  const sockets = new Map<string, Set<string>>();
  const failures = metrics.counter(
    'realtime_presence_failures_total',
    'Signs of presence that Redis did not take.',
  );
  let isAway = false;
  /** From then on every node has announced its people to this Redis. */
  let completeFrom = now() + lifeMs / 3;

  /** The replies; undefined when Redis is away. */
  async function send(commands: readonly Command[]): Promise<unknown[] | undefined> {
    try {
      // While the connection is being restored, each command would wait until it times out.
      if (redis.status !== 'ready') throw new Error(`Redis is ${redis.status}`);
      const replies: unknown[] = [];
      for (let from = 0; from < commands.length; from += MOST_IN_PIPELINE) {
        const part = commands.slice(from, from + MOST_IN_PIPELINE).map((command) => [...command]);
        for (const [error, reply] of (await redis.pipeline(part).exec()) ?? []) {
          if (error) throw error;
          replies.push(reply);
        }
      }
      isAway = false;
      return replies;
    } catch (error) {
      failures.inc();
      if (!isAway) logger.warn({ err: error }, 'presence is unknown');
      isAway = true;
      return undefined;
    }
  }

  function signs(accountId: string, socketIds: Iterable<string>): Command[] {
    const key = keyOf(accountId);
    const members = [...socketIds].flatMap((id) => [now() + lifeMs, `${node}:${id}`]);
    return [
      ['zremrangebyscore', key, '-inf', now()],
      ['zadd', key, ...members],
      // A person who never comes back leaves nothing.
      ['pexpire', key, lifeMs],
    ];
  }

  const announce = () => send([...sockets].flatMap(([accountId, ids]) => signs(accountId, ids)));
  const onReady = () => {
    completeFrom = now() + lifeMs / 3;
    void announce();
  };
  redis.on('ready', onReady);
  const timer = setInterval(() => void (sockets.size > 0 && announce()), lifeMs / 3);
  timer.unref();

  return {
    async come(accountId, socketId) {
      const own = sockets.get(accountId) ?? new Set();
      sockets.set(accountId, own.add(socketId));
      await send(signs(accountId, [socketId]));
    },
    async go(accountId, socketId) {
      const own = sockets.get(accountId);
      if (!own?.delete(socketId)) return false;
      if (own.size === 0) sockets.delete(accountId);
      const key = keyOf(accountId);
      const replies = await send([
        ['zrem', key, `${node}:${socketId}`],
        ['zcount', key, `(${now()}`, '+inf'],
      ]);
      return replies?.at(-1) === 0 && now() >= completeFrom;
    },
    async read(accountIds) {
      const counts = await send(accountIds.map((id) => ['zcount', keyOf(id), `(${now()}`, '+inf']));
      const isComplete = now() >= completeFrom;
      return accountIds.map((id, place) => {
        if (sockets.has(id) || (counts && Number(counts[place]) > 0)) return 'online';
        return counts && isComplete ? 'offline' : 'unknown';
      });
    },
    async close() {
      clearInterval(timer);
      redis.off('ready', onReady);
      const ended = [...sockets].map(([accountId, ids]): Command => [
        'zrem',
        keyOf(accountId),
        ...[...ids].map((id) => `${node}:${id}`),
      ]);
      sockets.clear();
      if (ended.length > 0) await send(ended);
    },
  };
}
