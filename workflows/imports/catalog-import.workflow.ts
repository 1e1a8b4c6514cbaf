import { proxyActivities } from '@temporalio/workflow';

import { asJob, type Skipped } from '../jobs/as-job';
import type { CatalogImportInput } from './catalog-import.contract';
import type { CatalogImportSteps, CatalogImportSweepSteps } from './catalog-import.steps';

const { checkCatalogImport, bookCatalogChunk } = proxyActivities<CatalogImportSteps>({
  startToCloseTimeout: '2 minutes',
  // A step whose worker was killed is given to another one so much later.
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

const { startOverdueImports } = proxyActivities<CatalogImportSweepSteps>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 3, initialInterval: '2 seconds' },
});

/** Checks a long import as a whole, then books it part by part. Each part takes its lines away, so it always ends. */
export async function catalogImport({ importId }: CatalogImportInput): Promise<void> {
  if (!(await checkCatalogImport({ importId }))) return;
  while (!(await bookCatalogChunk({ importId })));
}

/** Starts the workflows of long imports that are missing. A schedule starts it. */
export async function catalogImportSweep(): Promise<number | Skipped> {
  return asJob('catalog-import-sweep', startOverdueImports);
}
