import { bundleWorkflowCode, DefaultLogger, Runtime, type WorkflowBundleOption } from '@temporalio/worker';

import { WORKFLOWS_PATH } from '../../workers/bundle';

let bundle: Promise<WorkflowBundleOption> | undefined;
let isQuiet = false;

/** What the SDK says while everything goes well, and calls for a person, hide what a failing test says. Once per process. */
export function quietRuntime(): void {
  const logger = new DefaultLogger('ERROR', ({ level, message, meta }) => {
    if (meta?.['alert'] === undefined)
      process.stderr.write(`[${level}] ${message} ${JSON.stringify(meta)}\n`);
  });
  if (!isQuiet) Runtime.install({ logger, telemetryOptions: { logging: { filter: 'error' } } });
  isQuiet = true;
}

/** The workflows as they are in the sources. One bundle for all files of the process: making it takes longer than most of them. */
export function workflowBundlePath(): Promise<WorkflowBundleOption> {
  bundle ??= bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: new DefaultLogger('ERROR') });
  return bundle;
}
