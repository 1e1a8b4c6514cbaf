import { randomUUID } from 'node:crypto';

import type { Redis } from 'ioredis';

import type { Logger } from '../platform/logger';
import type { OpenNamespace } from './open-namespace';
import type { Dependencies, Pulse } from './registry';

interface Parts {
  readonly namespace: OpenNamespace;
  readonly pulse: Pulse;
  readonly redis: Redis;
  /** Whether what this node tells reaches the others. */
  readonly isShared: () => boolean;
  readonly dependencies: Dependencies;
  readonly logger: Logger;
}

/** Shorter than the interval, so that the node that made the last one may make the next. */
const TURN_SHARE = 0.9;

/**
 * Tells a room something again and again. Only nodes with somebody in the room take turns at it, by a lock in Redis that ends by
 * itself: one of them makes it for all, and another one goes on when that one is gone. Without Redis each node makes it for its own.
 * With nobody in the room nothing is asked of anybody.
 */
export function startPulse({ namespace, pulse, redis, isShared, dependencies, logger }: Parts): {
  close(): void;
} {
  const { definition, sockets } = namespace;
  const { room, event, everyMs } = pulse;
  const node = randomUUID();
  const told = dependencies.metrics.counter(
    'realtime_pulses_total',
    'What this node made for the rooms that are told again and again.',
    ['namespace', 'outcome'],
  );
  const count = (outcome: 'told' | 'failed') => told.inc({ namespace: definition.name, outcome });
  let isBusy = false;
  let hasFailed = false;

  /** `own`: Redis cannot say whose turn it is. */
  async function takeTurn(): Promise<'all' | 'own' | undefined> {
    if (redis.status !== 'ready' || !isShared()) return 'own';
    try {
      const taken = await redis.set(`${event}:lock`, node, 'PX', Math.floor(everyMs * TURN_SHARE), 'NX');
      return taken === null ? undefined : 'all';
    } catch {
      return 'own';
    }
  }

  async function beat(): Promise<void> {
    if (isBusy || (sockets.adapter.rooms.get(room)?.size ?? 0) === 0) return;
    isBusy = true;
    try {
      const turn = await takeTurn();
      if (turn === undefined) return;
      const payload = await pulse.make(dependencies);
      const audience = turn === 'all' ? sockets.to(room) : sockets.local.to(room);
      audience.volatile.emit(event, payload);
      count('told');
      hasFailed = false;
    } catch (error) {
      count('failed');
      if (!hasFailed) logger.warn({ err: error, namespace: definition.name, event }, 'nothing can be told');
      hasFailed = true;
    } finally {
      isBusy = false;
    }
  }

  const timer = setInterval(() => void beat(), everyMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
