import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Which processes use the files below a folder. */
const USERS: Readonly<Record<string, readonly string[]>> = {
  'api/': ['api'],
  'realtime/': ['realtime'],
  'workers/': ['worker'],
  'workflows/': ['worker', 'api'],
  'activities/': ['worker', 'api'],
  'entities/': ['worker', 'api', 'realtime'],
  'temporal/': ['worker', 'api'],
  'platform/': ['worker', 'api', 'realtime', 'sandbox'],
  'sandbox/kit/': ['sandbox'],
  'sandbox/providers/': ['sandbox'],
};

/** A person saves several files at once, and an editor writes one in several steps. */
const QUIET_MS = 150;

/** The processes that use any of these source files. */
export function usersOf(files: readonly string[]): readonly string[] {
  const users = Object.entries(USERS).filter(([folder]) => files.some((file) => file.startsWith(folder)));
  return [...new Set(users.flatMap(([, names]) => names))];
}

/**
 * Calls `apply` with the source files that changed and that a process uses, once it is quiet and one call at a time. What
 * fails is reported, and the processes stay as they are. The processes come from the same sources as long as the launcher runs.
 */
export function onSourceChange(
  root: string,
  report: (text: string) => void,
  apply: (changed: readonly string[]) => Promise<void>,
): void {
  const changed = new Set<string>();
  /** What could not be applied; it goes with the next change. */
  let left: readonly string[] = [];
  let quiet: NodeJS.Timeout | undefined;
  let isApplying = false;

  function note(file: string): void {
    if (!file.endsWith('.ts') || usersOf([file]).length === 0) return;
    changed.add(file);
    clearTimeout(quiet);
    quiet = setTimeout(() => void applyAll(), QUIET_MS);
  }

  async function applyAll(): Promise<void> {
    if (isApplying) return;
    isApplying = true;
    while (changed.size > 0) {
      const files = [...new Set([...left, ...changed])];
      changed.clear();
      left = [];
      report(`${files.length === 1 ? files[0] : `${files.length} files`} changed: compiling`);
      try {
        await apply(files);
      } catch (error) {
        left = files;
        report(`not reloaded: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    isApplying = false;
  }

  const folders = [...new Set(Object.keys(USERS).map((folder) => folder.split('/')[0]!))];
  for (const folder of folders.filter((it) => existsSync(join(root, it)))) {
    try {
      watch(join(root, folder), { recursive: true, persistent: false }, (_, file) => {
        if (file !== null) note(`${folder}/${file}`);
      }).on('error', (error) => report(`changes in ${folder}/ are not seen any more: ${error.message}`));
    } catch (error) {
      report(`changes in ${folder}/ are not seen: ${(error as Error).message}`);
    }
  }
}
