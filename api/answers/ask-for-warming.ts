import type { Logger } from '../../platform/logger';
import type { CacheWarmingCalls } from '../../temporal/cache-warming';
import type { AnswerCache } from './answer-kinds';

const EVERY_MS = 15_000;

/**
 * Has the cache warmed when this process has started, because a deploy changes the build and so all names in Redis, and when Redis has
 * lost what it had: restarted, emptied, or replaced. One process of all finds that out. A wish that Temporal does not take is repeated.
 */
export function askForWarming(
  cache: Pick<AnswerCache, 'claimShared' | 'figures'>,
  calls: CacheWarmingCalls,
  logger: Logger,
  everyMs = EVERY_MS,
): { close(): void } {
  let owed: 'started' | 'emptied' | undefined = 'started';

  async function look(): Promise<void> {
    // Without the journal nothing is kept, so nothing can be warmed.
    if (!cache.figures().isOn) return;
    if (await cache.claimShared()) owed ??= 'emptied';
    if (!owed) return;
    const asked = await calls.ask(owed);
    if (asked.kind === 'answered') {
      logger.info({ reason: owed }, 'the cache is warmed');
      owed = undefined;
    }
  }

  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((error: unknown) => logger.warn({ err: error }, 'nobody could be asked to warm the cache'))
      .finally(() => {
        isLooking = false;
      });
  }, everyMs).unref();
  return { close: () => clearInterval(timer) };
}
