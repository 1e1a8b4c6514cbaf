import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';

/** The folder of the workflows. The bundler resolves it both in the sources and in `dist`. */
export const WORKFLOWS_PATH = join(__dirname, '../workflows');
/** Where `npm run build` puts the bundle. */
export const BUNDLE_PATH = join(__dirname, 'workflow-bundle.js');

/** The workflow bundle: the built file if there is one, else bundled now, once for all workers of the process. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  if (existsSync(BUNDLE_PATH)) return { codePath: BUNDLE_PATH };
  return bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH });
}
