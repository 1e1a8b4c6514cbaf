/** The queue of long imports: few, and nobody waits for a step of them. */
export const IMPORT_QUEUE = 'imports';
export const CATALOG_IMPORT_WORKFLOW = 'catalogImport';
export const CATALOG_IMPORT_SWEEP_WORKFLOW = 'catalogImportSweep';

/** The id of the workflow of a long import. */
export const catalogImportWorkflowId = (importId: string): string => `catalog-import:${importId}`;

export interface CatalogImportInput {
  readonly importId: string;
}

/** How an import's workflow is started. Of one that runs, nothing changes. */
export function catalogImportWorkflowOf(importId: string) {
  const args: [CatalogImportInput] = [{ importId }];
  return {
    workflowId: catalogImportWorkflowId(importId),
    taskQueue: IMPORT_QUEUE,
    args,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'A long import of the catalogue',
  } as const;
}
