import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether the built workflow bundle is newer than everything it was built from. An older bundle is removed, because a worker
 * would run old workflows from it.
 */
export function hasFreshBundle(dist: string): boolean {
  const bundle = join(dist, 'workers/workflow-bundle.js');
  const builtAt = changedAt(bundle);
  const installedAt = changedAt(join(dist, '../node_modules/.package-lock.json'));
  if (builtAt > Math.max(installedAt, ...filesBelow(join(dist, 'workflows')).map(changedAt))) return true;
  rmSync(bundle, { force: true });
  return false;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
