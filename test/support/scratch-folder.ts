import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { vi } from 'vitest';

import { PATIENCE } from './patience';

/** An empty folder for one test. Where root runs the tests, Postgres is another user, so everybody may enter it. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `asoud-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** Removes a folder. A watchdog may still write there, so this is tried until it works. */
export async function removeFolder(folder: string): Promise<void> {
  await vi.waitFor(() => rmSync(folder, { recursive: true, force: true }), PATIENCE);
}
