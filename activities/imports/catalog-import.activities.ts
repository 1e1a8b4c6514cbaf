import { getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { bookCatalogChunk, checkCatalogImport } from '../../entities/imports/import-catalog';
import { findOverdueImports } from '../../entities/imports/read-imports';
import {
  CATALOG_IMPORT_WORKFLOW,
  catalogImportWorkflowOf,
} from '../../workflows/imports/catalog-import.contract';
import type {
  CatalogImportSteps,
  CatalogImportSweepSteps,
} from '../../workflows/imports/catalog-import.steps';
import { beating } from '../beating';
import type { Steps } from '../step';

const OVERDUE_MS = 5 * 60_000;
const IMPORTS_AT_ONCE = 20;
const START_LIMIT_MS = 5_000;

/** The steps of long imports of the catalogue. */
export function createCatalogImportActivities(
  { step }: Steps,
  database: DataSource,
): CatalogImportSteps & CatalogImportSweepSteps {
  const [check, bookChunk] = [step(checkCatalogImport), step(bookCatalogChunk)];
  return {
    checkCatalogImport: (input) => beating(() => check(input)),
    bookCatalogChunk: (input) => beating(() => bookChunk(input)),
    startOverdueImports: () =>
      beating(async () => {
        const terms = { overdueByMs: OVERDUE_MS, limit: IMPORTS_AT_ONCE };
        const overdue = await findOverdueImports(database.manager, terms);
        for (const importId of overdue) await startWorkflow(importId);
        return overdue.length;
      }),
  };
}

/** A workflow that cannot be started must not hold up the others. The next sweep finds it again. */
async function startWorkflow(importId: string): Promise<void> {
  const client = getClient();
  try {
    await client.withDeadline(Date.now() + START_LIMIT_MS, () =>
      client.workflow.start(CATALOG_IMPORT_WORKFLOW, catalogImportWorkflowOf(importId)),
    );
  } catch (error) {
    log.warn('the workflow of an import could not be started', { importId, error });
  }
}
