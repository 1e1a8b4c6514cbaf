import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { environmentWith } from '../../platform/config/environment';
import type { LaunchSpec } from './launch';
import type { PostgresBinaries } from './postgres-binaries';
import { postgresAnswers } from './probes';
import { commandOf, identityOf } from './process-identity';
import type { ProgramSpec } from './program';
import type { ServerUser } from './server-user';
import { hasEnded } from './stop-processes';

export interface PostgresOptions {
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser | undefined;
  /** The folder of the cluster; created if it does not exist. */
  readonly data: string;
  readonly port: number;
  readonly password: string;
  readonly logFile: string;
  /** For data that is thrown away: gives up what only protects against a power failure. */
  readonly ephemeral: boolean;
  /** Runs `initdb` so that it does not outlive the launcher. */
  readonly runToEnd: (spec: LaunchSpec) => Promise<void>;
}

const OWNER = 'asoud';
const MAJOR_VERSION = '18';

/** The address of a database of the embedded Postgres for its owner, or for another role. */
export function postgresUrl(port: number, password: string, database: string, role = OWNER): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
}

/** Creates the cluster if there is none, and returns how to run it. */
export async function preparePostgres(options: PostgresOptions): Promise<ProgramSpec> {
  const { binaries, data, user, port, password } = options;
  if (existsSync(join(data, 'PG_VERSION'))) {
    demandVersion(data);
    await clearStaleLock(data);
  } else {
    demandNoRest(data);
    await createCluster(options);
  }
  return {
    name: 'Postgres',
    command: binaries.postgres,
    arguments: [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings(options)).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
    ],
    environment: neutralEnvironment(),
    directory: data,
    user: user && { uid: user.uid, gid: user.gid },
    logFile: options.logFile,
    stopSignal: 'SIGINT', // "Fast" shutdown: ends sessions and writes a checkpoint. SIGTERM would wait for all clients.
    stopLimitMs: 20_000,
    rank: 0,
    isReady: () => postgresAnswers(postgresUrl(port, password, 'postgres')),
    readyLimitMs: 60_000,
    restart: !options.ephemeral,
  };
}

function settings({ ephemeral }: PostgresOptions): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '128MB',
    jit: 'off',
    // The job that maintains the database reads it.
    shared_preload_libraries: 'pg_stat_statements',
    random_page_cost: '1.1',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // There are no replicas: only recovery reads the WAL.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '1GB',
    checkpoint_timeout: '15min',
    ...(ephemeral && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}

/**
 * Runs `initdb` in a folder beside the final one and renames it at the end, so that a killed launcher leaves nothing that
 * looks like a cluster.
 */
async function createCluster(options: PostgresOptions): Promise<void> {
  const { binaries, data, user, password, logFile, ephemeral, runToEnd } = options;
  const unfinished = `${data}.new`;
  const passwordFile = `${data}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  chmodSync(unfinished, 0o700);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) {
    chownSync(unfinished, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  try {
    await runToEnd({
      name: `Creating Postgres' data folder ${data}`,
      command: binaries.initdb,
      arguments: [
        `--pgdata=${unfinished}`,
        `--username=${OWNER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // Texts sort alike on every machine. LC_CTYPE must be a UTF-8 locale of the system, or pg_trgm would not
        // recognise Persian letters.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        `--lc-ctype=${utf8Locale()}`,
        ...(ephemeral ? ['--no-sync'] : []),
        '--no-instructions',
      ],
      environment: neutralEnvironment(),
      directory: '/',
      user: user && { uid: user.uid, gid: user.gid },
      logFile,
      stopSignal: 'SIGTERM',
      stopLimitMs: 5_000,
      rank: 0,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, data);
}

/** A removal that was interrupted leaves files without `PG_VERSION`. They may be somebody's, so nothing here removes them. */
function demandNoRest(data: string): void {
  if (!existsSync(data) || readdirSync(data).length === 0) return;
  throw new Error(
    `${data} is no whole cluster of Postgres, as after a --reset that was interrupted: ` +
      'remove it, or start afresh with npm run dev -- --reset.',
  );
}

function demandVersion(data: string): void {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR_VERSION) return;
  throw new Error(
    `${data} was made by Postgres ${version}, and this is ${MAJOR_VERSION}: start afresh with ` +
      'npm run dev -- --reset, or keep the data with a Postgres of that version in DATABASE_URL.',
  );
}

/**
 * A killed Postgres leaves `postmaster.pid`. Postgres ignores a stale one, unless another process of the same user now has that
 * number: then it refuses to start. If the process is really our Postgres, it is told to stop.
 */
async function clearStaleLock(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  const identity = identityOf(pid);
  if (identity !== undefined && commandOf(pid).includes(data)) {
    process.kill(pid, 'SIGINT');
    if (!(await hasEnded(pid, identity, 30_000)))
      throw new Error(`Postgres (process ${pid}) still uses ${data}.`);
  } else {
    rmSync(file, { force: true });
  }
}

let knownLocale: string | undefined;

function utf8Locale(): string {
  if (knownLocale !== undefined) return knownLocale;
  const { stdout } = spawnSync('locale', ['-a'], { encoding: 'utf8' });
  const available = (stdout ?? '').split('\n').map((it) => it.trim());
  const wanted = ['C.UTF-8', 'C.utf8', 'en_US.UTF-8', 'en_US.utf8'].find((it) => available.includes(it));
  knownLocale = wanted ?? available.find((it) => /\.utf-?8$/i.test(it)) ?? 'C';
  return knownLocale;
}

/** The launcher's environment without what would change the language or the defaults of Postgres. */
function neutralEnvironment(): Record<string, string> {
  const environment = environmentWith({ LC_ALL: 'C', LANG: 'C', TZ: 'UTC' });
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('PG')));
}
