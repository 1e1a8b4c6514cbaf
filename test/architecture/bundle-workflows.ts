import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const ROOT = path.join(__dirname, '../..');

/** The content of a workflow bundle. */
export interface BundleContent {
  /** Names of npm packages. */
  packages: string[];
  /** Files of this project, relative to its root. */
  files: string[];
  /** Characters of code, without the inline source map, which is twice as long. */
  size: number;
}

/** Bundles a folder of workflows as a worker does, with the interceptors that run inside the sandbox. */
export async function bundleContent(workflowsPath: string): Promise<BundleContent> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: interceptors(),
    logger: new DefaultLogger('ERROR'),
  });
  return {
    packages: namesIn(code, /"(?:\.\.?\/)[^"]*?node_modules\/((?:@[^/"]+\/)?[^/"]+)/g),
    files: namesIn(code, /"\.\/((?!node_modules\/)[^"]+\.ts)"/g),
    size: code.indexOf('sourceMappingURL=data:'),
  };
}

function interceptors(): string[] {
  const folder = path.join(ROOT, 'workflows/interceptors');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => path.join(folder, name));
}

function namesIn(code: string, pattern: RegExp): string[] {
  return [...new Set([...code.matchAll(pattern)].map((match) => match[1] ?? ''))].toSorted();
}
