import { randomUUID } from 'node:crypto';

import type { Redis } from 'ioredis';

import type { Logger } from '../platform/logger';
import type { OpenNamespace } from './open-namespace';
import type { Dependencies, Pulse, Told } from './registry';

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
/** What takes longer is not told: another node may have told something newer. Statements of the pool end before. */
const LONGEST_MAKE_MS = 15_000;

/**
 * Only who has held the lock all the time may tell, and nothing older than what was told last. The lock then stays for the rest of
 * the interval. KEYS: the lock, what was told last. ARGV: the node, `asOf`, the rest, for how long `asOf` is known.
 */
const FINISH_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local last = redis.call('GET', KEYS[2])
if last and last >= ARGV[2] then redis.call('DEL', KEYS[1]) return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
return 1`;

type Turn = 'all' | 'own';

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
  const lock = `pulse:${definition.name}:${event}`;
  const told = dependencies.metrics.counter(
    'realtime_pulses_total',
    'What this node made for the rooms that are told again and again.',
    ['namespace', 'outcome'],
  );
  const count = (outcome: 'told' | 'late' | 'failed') => told.inc({ namespace: definition.name, outcome });
  let isBusy = false;
  let hasFailed = false;
  let lastAsOf = '';

  /** `own`: Redis cannot say whose turn it is. */
  async function takeTurn(): Promise<Turn | undefined> {
    if (redis.status !== 'ready' || !isShared()) return 'own';
    try {
      const taken = await redis.set(lock, node, 'PX', LONGEST_MAKE_MS, 'NX');
      return taken === null ? undefined : 'all';
    } catch {
      return 'own';
    }
  }

  /** Says who may be told, and keeps the lock for the rest of the interval. */
  async function finishTurn(turn: Turn, asOf: string, tookMs: number): Promise<Turn | undefined> {
    if (asOf <= lastAsOf) return undefined;
    lastAsOf = asOf;
    if (turn === 'own') return 'own';
    const restMs = Math.max(1, Math.floor(everyMs * TURN_SHARE - tookMs));
    try {
      const isOurs = await redis.eval(
        ...([FINISH_SCRIPT, 2, lock, `${lock}:as-of`, node, asOf, restMs, LONGEST_MAKE_MS] as const),
      );
      return isOurs === 1 ? 'all' : undefined;
    } catch {
      return 'own';
    }
  }

  /** Another node need not wait until the lock of one that failed ends. */
  async function giveUpTurn(): Promise<void> {
    await redis.pexpire(lock, Math.floor(everyMs * TURN_SHARE)).catch(() => undefined);
  }

  async function make(turn: Turn): Promise<void> {
    const began = performance.now();
    let payload: Told;
    try {
      payload = await pulse.make(dependencies);
    } catch (error) {
      if (turn === 'all' && performance.now() - began < LONGEST_MAKE_MS) await giveUpTurn();
      throw error;
    }
    const audience = await finishTurn(turn, payload.asOf, performance.now() - began);
    if (audience)
      (audience === 'all' ? sockets.to(room) : sockets.local.to(room)).volatile.emit(event, payload);
    count(audience ? 'told' : 'late');
  }

  async function beat(): Promise<void> {
    if (isBusy || (sockets.adapter.rooms.get(room)?.size ?? 0) === 0) return;
    isBusy = true;
    try {
      const turn = await takeTurn();
      if (turn === undefined) return;
      await make(turn);
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
