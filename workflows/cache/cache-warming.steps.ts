import type { WarmingReason, WarmingReport } from './cache-warming.contract';

/** The step that warms the cache. A repetition resumes after the address of its last heartbeat. */
export interface CacheWarmingSteps {
  warmAnswers(input: { readonly reason: WarmingReason }): Promise<WarmingReport>;
}
