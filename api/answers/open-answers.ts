import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '../../entities/errors';
import type { CacheConfig } from '../../platform/config/cache';
import type { DatabaseConfig } from '../../platform/config/database';
import type { RedisConfig } from '../../platform/config/redis';
import type { Logger } from '../../platform/logger';
import type { Metrics } from '../../platform/metrics';
import { createResponseCache, type Refusal } from '../../platform/response-cache/response-cache';
import { NO_SHARED_TIER, openSharedTier, type SharedTier } from '../../platform/response-cache/shared-tier';
import { answerKinds, type AnswerCache } from './answer-kinds';
import { followJournal } from './follow-journal';
import { createHotAddresses } from './hot-addresses';

/** The cache of public answers, which follows the journal. */
export interface Answers {
  readonly cache: AnswerCache;
  close(): Promise<void>;
}

/** @param dependsOn settings that change answers */
export async function openAnswers(
  config: { readonly cache: CacheConfig; readonly database: DatabaseConfig; readonly redis: RedisConfig },
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
  dependsOn: readonly unknown[],
): Promise<Answers> {
  const failures = metrics.counter(
    'answer_cache_redis_failures_total',
    'How often Redis was late or failed.',
  );
  const shared = openSharedTier(config.redis, logger, () => failures.inc());
  const cache = createAnswers(config.cache, metrics, shared, await buildOf(dependsOn));
  const tail = followJournal(cache, {
    database: config.database,
    longestSilenceMs: config.cache.cacheSilenceMs,
    logger,
    metrics,
  });
  return {
    cache,
    async close() {
      shared.close();
      await tail.close();
    },
  };
}

/** A cache that follows no journal yet, so that it keeps nothing. */
export function createAnswers(
  config: CacheConfig,
  metrics: Metrics,
  shared: SharedTier = NO_SHARED_TIER,
  build = 'none',
): AnswerCache {
  const cache = createResponseCache({
    kinds: answerKinds(config),
    maxBytes: config.cacheBytes,
    build,
    shared,
    readError,
    metrics,
  });
  return { ...cache, hot: createHotAddresses() };
}

function readError(error: unknown): Refusal {
  if (!(error instanceof AppError) || error.status >= 500) return 'failed';
  return error.status === 404 ? 'missing' : 'refused';
}

/** The rooms whose code makes the answers. */
const ROOMS = ['api', 'entities'].map((room) => join(__dirname, '../..', room));

/** Names the code and the settings that make answers: another build never sends what this one has made. */
async function buildOf(settings: readonly unknown[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const room of ROOMS) {
    const files = await readdir(room, { recursive: true, withFileTypes: true });
    const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    for (const path of paths.filter((it) => /\.[jt]s$/.test(it)).toSorted())
      hash.update(path.slice(room.length)).update(await readFile(path));
  }
  return hash.digest('base64url').slice(0, 12);
}
