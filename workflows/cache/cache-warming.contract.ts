import { defineSignal } from '@temporalio/workflow';

import { JOB_QUEUE } from '../jobs/job.contract';

export const CACHE_WARMING_WORKFLOW = 'cacheWarming';
/** The id of its schedule, and of its lock. */
export const CACHE_WARMING_JOB = 'cache-warming';

/**
 * Why the cache is warmed: by the schedule, by staff, because an API has started, because Redis lost what it had, or because one of the
 * last two was said while a run was under way.
 */
export type WarmingReason = 'schedule' | 'staff' | 'started' | 'emptied' | 'again';

export interface CacheWarmingInput {
  readonly reason: WarmingReason;
  /** How often this one has waited for another run already. */
  readonly waited?: number;
}

/** Says that something was lost since the run began: it is warmed once more. */
export const warmAgain = defineSignal<[]>('warmAgain');

/** What a run has done. Ratios are of the hot traffic, so an address that is asked for twice as often counts twice. */
export interface WarmingReport {
  readonly reason: WarmingReason;
  /** How many addresses are hot, within the budget. */
  readonly addresses: number;
  readonly asked: number;
  /** The cache had the answer. */
  readonly hits: number;
  readonly loaded: number;
  /** There is no such answer any more. */
  readonly gone: number;
  /** The API refused, failed, or was late. */
  readonly failed: number;
  /** The part that the cache had when the run asked; null where nothing was asked. */
  readonly hitRatioBefore: number | null;
  /** The part that it had when it was asked again afterwards. */
  readonly hitRatioAfter: number | null;
  /** How often the run waited because the API was slow. */
  readonly pauses: number;
  readonly seconds: number;
  /** `slow`: the API stayed slow, so the run left it alone. */
  readonly endedBy: 'done' | 'budget' | 'slow';
}

/** Where a run is, by its heartbeats. */
export interface WarmingProgress {
  /** Asked again, to see what came of it. */
  readonly isChecking: boolean;
  readonly at: number;
  readonly addresses: number;
}

/** The arguments with which a client warms the cache now. */
export function warmingRun(reason: WarmingReason) {
  const input: CacheWarmingInput = { reason };
  return {
    workflowId: `${CACHE_WARMING_JOB}-now`,
    taskQueue: JOB_QUEUE,
    args: [input] as [CacheWarmingInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowRunTimeout: '10 minutes',
    staticSummary: 'Warms the cache of public answers',
  } as const;
}
