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

/** Where a stack keeps what. */
export interface StateFolder {
  /** State and logs of this stack. */
  readonly directory: string;
  /** Downloaded programs, shared by all stacks of a clone. */
  readonly cache: string;
  /** A folder that the user of Postgres can enter, for its data. */
  readonly forPostgres: string;
  /** The same, for a copy of its binaries; shared like the cache. */
  readonly forPostgresBinaries: string;
  /** What to remove when a throw-away stack ends. */
  readonly throwAway: readonly string[];
  unlock(): void;
}

const CACHE = 'cache';
const RUNS = 'runs';
const LOCK = 'lock';
const PASS_THROUGH = 0o711;
/** A folder younger than this may be one that is about to be locked. */
const UNLOCKED_FOR_MS = 60_000;

/**
 * Takes the state folder of a clone for this process. What an earlier launcher left running there is stopped first;
 * `reset` removes all state but the downloaded programs. Throws FolderInUseError while another launcher works there.
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

/** A fresh folder for a throw-away stack below the state folder of a clone; older ones that nobody uses are removed. */
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
 * The folder itself where the user of Postgres can enter it. Else, as in a clone below a folder that only root may
 * enter, one of root's below /var/tmp that belongs to this clone; a note in the folder says where.
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

/** Runs whose launcher was killed together with its watchdog. */
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
