import { spawnSync } from 'node:child_process';

/** A user that a server runs as. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user that Postgres runs as. Postgres refuses to run as root, so root starts it as `postgres` where that user exists, else
 * as `nobody`. Undefined for everybody else, who start it as themselves.
 */
export function postgresUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [id('-u', name), id('-g', name)];
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new Error(
    'Postgres does not run as root, and there is neither a user "postgres" nor "nobody" here. ' +
      'Start Asoud as an ordinary user, or set DATABASE_URL to a Postgres of yours.',
  );
}

/** Whether that user can enter a folder or run a file, according to the system. */
export function canReach(user: ServerUser | undefined, path: string): boolean {
  if (!user) return true;
  const { status } = spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], {
    uid: user.uid,
    gid: user.gid,
    cwd: '/',
  });
  return status === 0;
}

function id(option: string, name: string): number | undefined {
  const { stdout, status } = spawnSync('id', [option, name], { encoding: 'utf8' });
  const number = Number.parseInt(stdout ?? '', 10);
  return status === 0 && Number.isInteger(number) ? number : undefined;
}
