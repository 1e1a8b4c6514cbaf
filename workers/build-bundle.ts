import { writeFileSync } from 'node:fs';

import { bundleWorkflowCode } from '@temporalio/worker';

import { BUNDLE_PATH, WORKFLOWS_PATH } from './bundle';

/** Bundles the workflows into one file, so that a worker need not do it at its start. */
async function buildBundle(): Promise<void> {
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH });
  writeFileSync(BUNDLE_PATH, code);
}

void buildBundle();
