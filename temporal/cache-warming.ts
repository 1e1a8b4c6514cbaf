import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

import {
  CACHE_WARMING_WORKFLOW,
  warmAgain,
  warmingRun,
  type CacheWarmingInput,
  type WarmingProgress,
  type WarmingReason,
  type WarmingReport,
} from '../workflows/cache/cache-warming.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of the workflow that warms its cache. */
export interface CacheWarmingCalls {
  /** Warms the cache now. A run that is under way is joined. */
  start(): Promise<CallResult<void>>;
  /** Warms the cache once more after a run that is under way: it may have passed what was lost meanwhile. */
  ask(reason: Extract<WarmingReason, 'started' | 'emptied'>): Promise<CallResult<void>>;
  /** Where a run is; null before its first heartbeat and after its end. */
  progress(run: {
    readonly workflowId: string;
    readonly id: string;
  }): Promise<CallResult<WarmingProgress | null>>;
}

/** @param deadlineMs how long a caller waits */
export function createCacheWarmingCalls(client: Client, deadlineMs: number): CacheWarmingCalls {
  return {
    start: () =>
      callWorkflow(client, deadlineMs, async () => {
        await client.workflow.start<(input: CacheWarmingInput) => Promise<WarmingReport>>(
          CACHE_WARMING_WORKFLOW,
          warmingRun('staff'),
        );
      }),
    ask: (reason) =>
      callWorkflow(client, deadlineMs, async () => {
        await client.workflow.signalWithStart(CACHE_WARMING_WORKFLOW, {
          ...warmingRun(reason),
          signal: warmAgain,
        });
      }),
    progress: ({ workflowId, id }) =>
      callWorkflow(client, deadlineMs, async () => {
        const { raw } = await client.workflow.getHandle(workflowId, id).describe();
        const beats = raw.pendingActivities?.map(({ heartbeatDetails }) => heartbeatDetails?.payloads?.[0]);
        const [last] = beats?.filter((it) => it !== undefined && it !== null) ?? [];
        return last ? (defaultPayloadConverter.fromPayload<WarmingProgress | undefined>(last) ?? null) : null;
      }),
  };
}
