import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { identityOf, isRunning } from './process-identity';

/** Another launcher uses this folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';

  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(`Asoud already runs in ${directory} (process ${pid}).`);
  }
}

/** The process that locked a folder. */
export interface Holder {
  readonly pid: number;
  readonly identity: string;
}

/** The process that locked this folder last, whether or not it still runs. */
export function holderOf(directory: string): Holder | undefined {
  return readHolder(join(directory, 'lock'));
}

/**
 * Locks a folder for this process until the returned function is called or the process ends. A lock whose process is gone is
 * ignored. Throws {@link FolderInUseError} while another process holds the lock.
 */
export function lockFolder(directory: string): () => void {
  const file = join(directory, 'lock');
  const mine = `${file}.${process.pid}`;
  const identity = identityOf(process.pid);
  if (identity === undefined) throw new Error('This process cannot be found in the list of processes');
  writeFileSync(mine, JSON.stringify({ pid: process.pid, identity } satisfies Holder));
  try {
    while (!linked(mine, file)) {
      const holder = readHolder(file);
      if (holder && isRunning(holder.pid, holder.identity)) throw new FolderInUseError(directory, holder.pid);
      setAside(file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/** Creating a link is atomic, so two launchers that start at once cannot both get the lock. */
function linked(mine: string, file: string): boolean {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function setAside(file: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
    const holder = readHolder(aside);
    // Another process may have replaced the stale lock by a valid one before it was moved: put that one back.
    if (holder && isRunning(holder.pid, holder.identity)) linked(aside, file);
    unlinkSync(aside);
  } catch {
    // Another launcher was faster. The next attempt sees its lock.
  }
}
