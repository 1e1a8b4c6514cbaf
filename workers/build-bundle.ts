import { writeFileSync } from 'node:fs';

import { bundleWorkflowCode } from '@temporalio/worker';

import { BUNDLE_PATH, WORKFLOWS_PATH } from './bundle';

/** Builds the workflows into one file beside the workers, so that starting one takes no bundling. */
async function buildBundle(): Promise<void> {
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH });
  writeFileSync(BUNDLE_PATH, code);
}

void buildBundle();
