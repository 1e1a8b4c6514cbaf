import type { Client } from '@temporalio/client';
import { inject } from 'vitest';

import { openAnswers } from '../../api/answers/open-answers';
import { CacheConfig } from '../../platform/config/cache';
import { RedisConfig } from '../../platform/config/redis';
import { createMetrics } from '../../platform/metrics';
import type { Loaded } from '../../platform/response-cache/response-cache';
import { eventually } from './eventually';
import { configOf, SILENT } from './journal';
import type { ShopDatabase } from './shop-database';
import { openStorefront, type Storefront } from './storefront';

/** One API of a shop that has several, with a cache that follows the journal. */
export interface CachedNode extends Storefront {
  readonly cache: Awaited<ReturnType<typeof openAnswers>>['cache'];
  /** How many answers were loaded so far. */
  loads(): number;
  /** How many came from here since the process began. */
  served(origin: 'l1' | 'l2' | 'load' | 'stale' | 'bypass'): number;
  /** Lets each load wait, after it has read, until the promise resolves. */
  holdLoads(until: Promise<void> | undefined): void;
}

/** What the keys of a shop's nodes in Redis begin with. */
export const redisPrefixOf = ({ database }: Pick<ShopDatabase, 'database'>) =>
  `${String(database.driver.database)}:`;

export async function openCachedNode(
  shop: Pick<ShopDatabase, 'database' | 'url'>,
  place: {
    redisUrl?: string;
    databaseUrl?: string;
    redisKeyPrefix?: string;
    silenceMs?: number;
    /** By default Temporal is away. */
    temporal?: Client;
  } = {},
): Promise<CachedNode> {
  const {
    redisUrl = inject('stack').redisUrl,
    databaseUrl = shop.url,
    redisKeyPrefix = redisPrefixOf(shop),
    // On a busy machine a process may stand still for seconds. A test that counts loads is not about that.
    silenceMs = 60_000,
  } = place;
  const config = {
    cache: Object.assign(new CacheConfig(), { cacheSilenceMs: silenceMs }),
    database: configOf(databaseUrl),
    redis: Object.assign(new RedisConfig(), { redisUrl, redisKeyPrefix }),
  };
  const answers = await openAnswers(config, { logger: SILENT, metrics: createMetrics() }, []);
  let loads = 0;
  let held: Promise<void> | undefined;
  const cache: CachedNode['cache'] = {
    ...answers.cache,
    fetch: (kind, name, load) =>
      answers.cache.fetch(kind, name, async (): Promise<Loaded> => {
        loads += 1;
        const found = await load();
        await held;
        return found;
      }),
  };
  const { temporal: client } = place;
  const temporal = client && { temporal: { client, ping: () => Promise.resolve() } };
  const storefront = await openStorefront(shop.database, {}, { answers: cache, ...temporal });
  await eventually(
    () => cache.figures().isOn,
    (isOn) => isOn,
  );
  return {
    ...storefront,
    cache,
    loads: () => loads,
    served: (origin) => cache.figures().kinds.reduce((sum, { served }) => sum + served[origin], 0),
    holdLoads(until) {
      held = until;
    },
    async close() {
      await storefront.close();
      await answers.close();
    },
  };
}
