import type { Client } from '@temporalio/client';

import {
  CATALOG_IMPORT_WORKFLOW,
  catalogImportWorkflowOf,
} from '../workflows/imports/catalog-import.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of the workflows of long imports. The rows come first. */
export interface CatalogImportCalls {
  /** Starts the workflow of an import. Harmless for one that runs or is over. */
  start(importId: string): Promise<CallResult<void>>;
}

/** @param deadlineMs how long a caller waits */
export function createCatalogImportCalls(client: Client, deadlineMs: number): CatalogImportCalls {
  return {
    start: (importId) =>
      callWorkflow(client, deadlineMs, async () => {
        await client.workflow.start(CATALOG_IMPORT_WORKFLOW, catalogImportWorkflowOf(importId));
      }),
  };
}
