import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

import { holderOf, lockFolder } from './folder-lock';
import { stopLeftovers } from './guard';
import { isRunning } from './process-identity';
import { canReach, type ServerUser } from './server-user';

/** The folders of a stack. */
export interface StateFolder {
  /** State and logs of this stack. */
  readonly directory: string;
  /** Downloaded programs, shared by all stacks of a clone. */
  readonly cache: string;
  /** For the data of Postgres, whose user can enter it. */
  readonly forPostgres: string;
  /** For a copy of the binaries of Postgres, whose user can enter it; shared like the cache. */
  readonly forPostgresBinaries: string;
  /** What to remove when a throw-away stack ends. */
  readonly throwAway: readonly string[];
  unlock(): void;
}

const CACHE = 'cache';
const RUNS = 'runs';
const LOCK = 'lock';
const PASS_THROUGH = 0o711;
/** A younger folder may be one that its launcher has not locked yet. */
const UNLOCKED_FOR_MS = 60_000;

/**
 * Locks the state folder of a clone for this process. What an earlier launcher left running there is stopped first. `reset`
 * removes all state except downloaded programs. Throws FolderInUseError while another launcher uses the folder.
 */
export async function openStateFolder(
  base: string,
  cache: string,
  user: ServerUser | undefined,
  reset: boolean,
): Promise<StateFolder> {
  mkdirSync(base, { recursive: true });
  const unlock = lockFolder(base);
  const reachable = reachableFolder(base, user);
  await stopLeftovers(base);
  if (reset) {
    for (const folder of new Set([base, reachable])) removeState(folder);
  }
  return {
    directory: base,
    cache,
    forPostgres: reachable,
    forPostgresBinaries: join(reachable, CACHE),
    throwAway: [],
    unlock,
  };
}

/** Creates a folder for a throw-away stack below the state folder of a clone. Abandoned ones are removed. */
export async function openRunFolder(
  base: string,
  cache: string,
  user: ServerUser | undefined,
): Promise<StateFolder> {
  const runs = join(base, RUNS);
  mkdirSync(runs, { recursive: true });
  const reachable = reachableFolder(base, user);
  await removeAbandonedRuns(runs, join(reachable, RUNS));
  const directory = mkdtempSync(join(runs, 'run-'));
  const unlock = lockFolder(directory);
  const forPostgres = join(reachable, RUNS, basename(directory));
  mkdirSync(forPostgres, { recursive: true });
  chmodSync(forPostgres, PASS_THROUGH);
  return {
    directory,
    cache,
    forPostgres,
    forPostgresBinaries: join(reachable, CACHE),
    throwAway: [...new Set([directory, forPostgres])],
    unlock,
  };
}

/**
 * The folder itself if the user of Postgres can enter it. Otherwise, when only root may enter the clone, a folder of root below
 * /var/tmp that belongs to this clone; a note in the original folder says where it is.
 */
function reachableFolder(base: string, user: ServerUser | undefined): string {
  if (canReach(user, base)) return base;
  const name = createHash('sha256').update(realpathSync(base)).digest('hex').slice(0, 12);
  const elsewhere = join('/var/tmp', `asoud-${name}`);
  mkdirSync(elsewhere, { recursive: true, mode: PASS_THROUGH });
  const { uid } = lstatSync(elsewhere);
  if (uid !== 0) throw new Error(`${elsewhere} belongs to another user: remove it and start again.`);
  writeFileSync(
    join(base, 'postgres-is-elsewhere.txt'),
    `Postgres runs as the user ${user?.name}, who cannot enter this folder.\nIts programs and data are in ${elsewhere}\n`,
  );
  return elsewhere;
}

function removeState(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== CACHE && name !== RUNS && name !== LOCK)
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Removes runs whose launcher was killed together with its watchdog. */
async function removeAbandonedRuns(runs: string, elsewhere: string): Promise<void> {
  for (const name of readdirSync(runs)) {
    const directory = join(runs, name);
    if (!isAbandoned(directory)) continue;
    await stopLeftovers(directory);
    for (const folder of [directory, join(elsewhere, name)]) rmSync(folder, { recursive: true, force: true });
  }
}

function isAbandoned(directory: string): boolean {
  const holder = holderOf(directory);
  if (holder) return !isRunning(holder.pid, holder.identity);
  const age = Date.now() - (statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return age > UNLOCKED_FOR_MS;
}
