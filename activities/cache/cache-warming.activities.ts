import { setTimeout as delay } from 'node:timers/promises';

import { activityInfo, ApplicationFailure, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { forgetHotAddresses, readHottest, type HeatedAddress } from '../../entities/cache/hot-addresses';
import { createHttpClient, HttpTransportError } from '../../platform/http-client';
import type { Metrics } from '../../platform/metrics';
import {
  CACHE_STATUS_HEADER,
  signWarming,
  wasHit,
  WARMING_HEADER,
} from '../../platform/response-cache/warming-request';
import type { SignedTokens } from '../../platform/signed-token';
import { withTransaction } from '../../platform/transaction';
import type { WarmingReason, WarmingReport } from '../../workflows/cache/cache-warming.contract';
import type { CacheWarmingSteps } from '../../workflows/cache/cache-warming.steps';
import {
  warmAddresses,
  type AskedOutcome,
  type WarmingBudget,
  type WarmingEnd,
  type WarmingState,
} from './warm-addresses';

/** What warming may take, and where. */
export interface WarmingSettings extends WarmingBudget {
  /** Where the API is. */
  readonly url: string;
  readonly tokens: SignedTokens;
  readonly addresses: number;
  /** How long an answer may take. */
  readonly requestLimitMs: number;
}

/** Buyers wait no longer than they would without warming. */
export const GENTLY = {
  neverSlowMs: 100,
  alwaysSlowMs: 500,
  firstPauseMs: 1_000,
  requestLimitMs: 5_000,
} as const;

const LARGEST_ANSWER_BYTES = 4_194_304;
/** Also while a run pauses. */
const BEAT_MS = 3_000;

/** The step that warms the cache, as a client of the API: what it has kept, any caller gets. */
export function createCacheWarmingActivities(
  database: DataSource,
  metrics: Metrics,
  settings: WarmingSettings,
): CacheWarmingSteps {
  const http = createHttpClient({ timeoutMs: settings.requestLimitMs, maxBytes: LARGEST_ANSWER_BYTES });
  const requests = metrics.counter(
    'asoud_cache_warming_requests_total',
    'Requests that warmed the cache, by what came of them',
    ['outcome'],
  );

  async function outcomeOf(address: HeatedAddress, token: string): Promise<AskedOutcome> {
    try {
      const { status, headers } = await http.get(new URL(address.address, settings.url).href, {
        [WARMING_HEADER]: token,
        'accept-language': address.language,
      });
      if (status === 200) return wasHit(headers[CACHE_STATUS_HEADER]) ? 'hit' : 'load';
      return status >= 400 && status < 500 && status !== 429 ? 'gone' : 'busy';
    } catch (error) {
      if (error instanceof HttpTransportError) return 'away';
      throw error;
    }
  }

  return {
    async warmAnswers({ reason }) {
      const signal = cancellationSignal();
      const token = signWarming(settings.tokens);
      const addresses = await readHottest(database.manager, settings.addresses);
      let kept = activityInfo().heartbeatDetails as WarmingState | undefined;
      const beating = setInterval(() => heartbeat(kept), BEAT_MS);
      try {
        const { state, endedBy } = await warmAddresses(
          addresses,
          settings,
          {
            async ask(address) {
              const began = performance.now();
              const outcome = await outcomeOf(address, token);
              requests.inc({ outcome });
              return { outcome, ms: performance.now() - began };
            },
            pause: (ms) => delay(ms, undefined, { signal }),
            now: Date.now,
            keep(next) {
              kept = next;
              heartbeat(next);
            },
            throwIfOver: () => signal.throwIfAborted(),
            gone: (names) =>
              withTransaction(database, (transaction) => forgetHotAddresses(transaction, names)),
          },
          kept,
        );
        const { outcomes } = state;
        if (outcomes.away > 0 && outcomes.away === total(outcomes))
          throw ApplicationFailure.nonRetryable(`the API did not answer at ${new URL(settings.url).host}`);
        return reportOf(reason, state, endedBy);
      } finally {
        clearInterval(beating);
      }
    },
  };
}

const total = (outcomes: WarmingState['outcomes']) =>
  Object.values(outcomes).reduce((sum, it) => sum + it, 0);

function reportOf(reason: WarmingReason, state: WarmingState, endedBy: WarmingEnd): WarmingReport {
  const { outcomes, before, after, pauses, spentMs, addresses } = state;
  return {
    reason,
    addresses,
    asked: total(outcomes),
    hits: outcomes.hit,
    loaded: outcomes.load,
    gone: outcomes.gone,
    failed: outcomes.busy + outcomes.away,
    hitRatioBefore: ratioOf(before),
    hitRatioAfter: ratioOf(after),
    pauses,
    seconds: Math.round(spentMs / 100) / 10,
    endedBy,
  };
}

const ratioOf = ({ answered, hit }: WarmingState['before']) =>
  answered === 0 ? null : Math.round((1_000 * hit) / answered) / 1_000;
