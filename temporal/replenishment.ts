import type { Client } from '@temporalio/client';

import {
  look,
  REPLENISHMENT_WORKFLOW,
  replenishmentOf,
} from '../workflows/replenishment/replenishment.contract';
import { createLookSignal, type LookResult } from './look-signal';

/** What the shop may ask of the workflows that decide about stock. */
export interface ReplenishmentCalls {
  /** Has somebody look at a variant's stock. Harmless to repeat. */
  look(variantId: string): Promise<LookResult>;
}

/** @param deadlineMs how long a caller waits */
export function createReplenishmentCalls(client: Client, deadlineMs: number): ReplenishmentCalls {
  const signal = createLookSignal(client, deadlineMs);
  return {
    look: (variantId) =>
      signal({ workflow: REPLENISHMENT_WORKFLOW, ...replenishmentOf(variantId), signal: look }),
  };
}
