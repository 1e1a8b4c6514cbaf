import { proxyActivities } from '@temporalio/workflow';

import { asJob, type Skipped } from '../jobs/as-job';
import type { ScanResult, UpkeepResult } from './upkeep.contract';
import type { UpkeepSteps } from './upkeep.steps';

const { rollUpDemandOfDays, computeAllPolicies, lookAtNeeds } = proxyActivities<UpkeepSteps>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '5 minutes', maximumAttempts: 10 },
});

/** Brings demand, profile and policies up to date. A schedule starts it each night, before anybody works. */
export async function replenishmentUpkeep(): Promise<UpkeepResult | Skipped> {
  return asJob('replenishment-upkeep', async () => {
    const days = await rollUpDemandOfDays();
    return { days, policies: await computeAllPolicies() };
  });
}

/** Makes up for crossings that no event has told. A schedule starts it each hour. */
export async function lowStockScan(): Promise<ScanResult | Skipped> {
  return asJob('low-stock-scan', lookAtNeeds);
}
