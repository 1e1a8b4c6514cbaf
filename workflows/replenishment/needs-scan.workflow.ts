import { proxyActivities, setHandler } from '@temporalio/workflow';

import { look } from './needs-scan.contract';
import type { ScanResult } from './upkeep.contract';
import type { UpkeepSteps } from './upkeep.steps';

const { lookAtNeeds } = proxyActivities<UpkeepSteps>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * Has every variant in need looked at, and ends. A signal that comes meanwhile makes it look once more. The relay starts it for events
 * that concern more variants than they can name, such as a location that stops selling.
 */
export async function needsScan(): Promise<ScanResult> {
  let isAsked = true;
  setHandler(look, () => {
    isAsked = true;
  });
  let result: ScanResult = { policies: 0, asked: 0 };
  while (isAsked) {
    isAsked = false;
    result = await lookAtNeeds();
  }
  return result;
}
