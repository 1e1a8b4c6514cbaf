import { bundleWorkflowCode, DefaultLogger, Runtime, type WorkflowBundleOption } from '@temporalio/worker';

import { WORKFLOWS_PATH } from '../../workers/bundle';

let bundle: Promise<WorkflowBundleOption> | undefined;
let isQuiet = false;

/** Silences the SDK's information and the workflows' alerts, which would hide a failing test's message. Once per process. */
export function quietRuntime(): void {
  const logger = new DefaultLogger('ERROR', ({ level, message, meta }) => {
    if (meta?.['alert'] === undefined)
      process.stderr.write(`[${level}] ${message} ${JSON.stringify(meta)}\n`);
  });
  if (!isQuiet) Runtime.install({ logger, telemetryOptions: { logging: { filter: 'error' } } });
  isQuiet = true;
}

/** The workflows as they are in the sources, bundled once per process: bundling takes longer than most test files. */
export function workflowBundlePath(): Promise<WorkflowBundleOption> {
  bundle ??= bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: new DefaultLogger('ERROR') });
  return bundle;
}
