import { randomUUID } from 'node:crypto';

import { FRESH_MS, needsFreshProof, reachOf } from '../entities/auth/policy';
import { AppError, assertThat } from '../entities/errors';
import { readInput } from '../entities/input/read-input';
import { problemOf } from '../entities/problem';
import type { RealtimeConfig } from '../platform/config/realtime';
import type { Metrics } from '../platform/metrics';
import { createTokenBucket } from '../platform/token-bucket';
import { refusalOf } from './refusal';
import type { Answer, SocketContext, Verb, VerbContext } from './registry';
import type { Turns } from './turns';

/** A socket whose frames are answered. */
interface Answered {
  readonly namespace: string;
  readonly verbs: Readonly<Record<string, Verb>>;
  readonly context: SocketContext;
  /** Whom limits of guests count. */
  readonly address: string;
  readonly turns: Turns;
  /** Whether the client takes less than it gets. It is answered nothing more until it has caught up. */
  readonly isBehind: () => boolean;
  readonly socket: {
    onAny(listener: (...frame: unknown[]) => void): unknown;
    disconnect(close: true): unknown;
    readonly connected: boolean;
  };
}

type Limits = Pick<RealtimeConfig, 'framesPerSecond' | 'framesAtOnce'>;

/** For verbs without a limit of their own: as fast as one socket may ask, for all sockets of an account. */
const LIMIT_OF_ACCOUNT = { limit: 1_200, windowSeconds: 60 } as const;
/** Guests are counted by address, and many can be behind one. */
const LIMIT_OF_ADDRESS = { limit: 6_000, windowSeconds: 60 } as const;

/** A client that gets so many refusals one after another does not listen to them. */
const MOST_REFUSALS = 10;

/**
 * The only way by which a frame reaches a verb. In this order: somebody waits for the answer, the rate, the verb, the input, the
 * right, the verb's own limit, the turn of its caller. Whatever happens, the answer is a result or a problem, and nothing is thrown. Frames of one
 * socket are handled one after another, in the order in which they came.
 */
export function registerVerbs(
  { namespace, verbs, context, address, turns, isBehind, socket }: Answered,
  limits: Limits,
  metrics: Metrics,
): void {
  const frames = metrics.counter(
    'realtime_frames_total',
    'Frames that clients sent, by what became of them.',
    ['namespace', 'verb', 'code'],
  );
  const seconds = metrics.histogram('realtime_verb_seconds', 'How long verbs took to answer.', [
    'namespace',
    'verb',
  ]);
  const bucket = createTokenBucket({ perSecond: limits.framesPerSecond, burst: limits.framesAtOnce });
  let refusals = 0;
  /** Frames whose turn has not come. While verbs are slow they must not pile up. */
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  function settle(name: string, code: string, isRefused: boolean): void {
    frames.inc({ namespace, verb: Object.hasOwn(verbs, name) ? name : 'unknown', code });
    refusals = isRefused ? refusals + 1 : 0;
    if (refusals >= MOST_REFUSALS) socket.disconnect(true);
  }

  function refuse(name: string, ack: unknown, error: unknown, requestId: string): void {
    const refusal = refusalOf(error);
    if (refusal.code === 'service.failed') {
      context.log.error({ requestId, verb: name, err: error }, 'a verb failed');
    }
    reply(ack, { ok: false, problem: problemOf(refusal, requestId) });
    settle(name, refusal.code, refusal.status < 500);
  }

  async function handle(name: string, input: unknown, ack: unknown): Promise<void> {
    const requestId = randomUUID();
    const began = performance.now();
    try {
      const verb = Object.hasOwn(verbs, name) ? verbs[name]! : undefined;
      assertThat(verb, 'socket.verb_unknown');
      const result = await callVerb(
        verb,
        { ...context, requestId },
        {
          input,
          limited: verb.limit ? (verb.limit.name ?? `${namespace} ${name}`) : namespace,
          address,
          async run(identity, handler) {
            const end = await turns.take(identity);
            try {
              // Its client may have gone while it waited.
              return socket.connected ? await handler() : undefined;
            } finally {
              end();
            }
          },
        },
      );
      if (!result) return;
      seconds.observe({ namespace, verb: name }, (performance.now() - began) / 1_000);
      settle(name, 'ok', false);
      reply(ack, { ok: true, result });
    } catch (error) {
      refuse(name, ack, error, requestId);
    }
  }

  socket.onAny((...frame) => {
    const [name, ...parts] = frame as [string, ...unknown[]];
    const ack = parts.pop();
    if (typeof ack !== 'function') return settle(name, 'no_ack', true);
    if (!bucket.take()) {
      return refuse(name, ack, new AppError('request.too_many', { retryAfterSeconds: 1 }), randomUUID());
    }
    if (waiting >= limits.framesAtOnce || isBehind()) {
      return refuse(name, ack, new AppError('request.too_many', { retryAfterSeconds: 1 }), randomUUID());
    }
    waiting += 1;
    last = last
      .then(() => (socket.connected ? handle(name, parts.length === 1 ? parts[0] : null, ack) : undefined))
      .finally(() => (waiting -= 1));
  });
}

interface Called {
  readonly input: unknown;
  /** The name under which its calls are counted. */
  readonly limited: string;
  readonly address: string;
  /** Runs the handler once its caller has a turn; undefined when nobody waits for the answer any more. */
  readonly run: (identity: string, handler: () => Promise<object>) => Promise<object | undefined>;
}

async function callVerb(
  verb: Verb,
  context: Omit<VerbContext, 'reach'>,
  { input, limited, address, run }: Called,
): Promise<object | undefined> {
  const read = readInput(verb.input, input, 'body');
  // A spread copies what the getter says now, so it is asked for once.
  const { caller } = context;
  assertThat(caller || verb.guests, 'access.token_missing');
  const reach = caller && reachOf(verb.action, caller.roles);
  assertThat(reach || verb.guests, 'access.forbidden');
  if (caller && needsFreshProof(verb.action) && Date.now() - caller.provedAt.getTime() > FRESH_MS) {
    throw new AppError('auth.proof_needed');
  }
  const identity = caller?.accountId ?? address;
  const limit = verb.limit ?? (caller ? LIMIT_OF_ACCOUNT : LIMIT_OF_ADDRESS);
  const { allowed, retryAfterSeconds } = await context.rateLimiter.consume(limited, identity, limit);
  if (!allowed) throw new AppError('request.too_many', { retryAfterSeconds });
  return run(identity, () => verb.handle({ ...context, reach }, read));
}

function reply(ack: unknown, answer: Answer): void {
  (ack as (answer: Answer) => void)(answer);
}
