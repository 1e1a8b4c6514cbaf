import { join } from 'node:path';

import pRetry from 'p-retry';
import { Client } from 'pg';

import { findRedis, findTemporal } from './find-programs';
import type { LaunchSpec } from './launch';
import type { Ports } from './ports';
import { postgresUrl, preparePostgres } from './postgres';
import { postgresBinaries } from './postgres-binaries';
import { postgresAnswers, redisAnswers, temporalListens } from './probes';
import type { ProgramSpec, RunningProgram } from './program';
import { ProgramError } from './program';
import { prepareRedis, redisUrl } from './redis';
import type { StackSecrets } from './secrets';
import type { ServerUser } from './server-user';
import type { StackConfig } from './stack-config';
import type { StateFolder } from './state-folder';
import { prepareTemporal } from './temporal';

/** What the servers of a stack share while they start. */
export interface StackContext {
  readonly folder: StateFolder;
  readonly user: ServerUser | undefined;
  readonly config: StackConfig;
  readonly ephemeral: boolean;
  readonly ui: boolean;
  readonly ports: Ports;
  readonly secrets: StackSecrets;
  readonly report: (text: string) => void;
  readonly logFile: (name: string) => string;
  readonly run: (spec: ProgramSpec) => Promise<RunningProgram>;
  readonly runToEnd: (spec: LaunchSpec) => Promise<void>;
}

const DATABASE = 'asoud';
const SHOP_ROLE = 'asoud_shop';
const MAINTENANCE_ROLE = 'asoud_maintenance';

export interface PostgresPlace {
  /** For the role of the shop's processes, which the set-up makes. */
  readonly databaseUrl: string;
  readonly databaseOwnerUrl: string;
  /** For the role that maintains it, which the set-up makes. None for a server of the configuration. */
  readonly databaseMaintenanceUrl: string | undefined;
}

/** Returns the addresses of the shop's database: DATABASE_URL, or a database on a Postgres that this function starts. */
export async function bringPostgres(context: StackContext): Promise<PostgresPlace> {
  const { folder, user, config, ephemeral, ports, secrets, logFile, report, run, runToEnd } = context;
  if (config.databaseUrl !== undefined) {
    const owner = config.databaseOwnerUrl ?? config.databaseUrl;
    const variable = config.databaseOwnerUrl === undefined ? 'DATABASE_URL' : 'DATABASE_OWNER_URL';
    demandAnswer(variable, 'Postgres', owner, await postgresAnswers(owner));
    return { databaseUrl: config.databaseUrl, databaseOwnerUrl: owner, databaseMaintenanceUrl: undefined };
  }
  const binaries = postgresBinaries(user, folder.forPostgresBinaries);
  const password = secrets.postgresPassword;
  const port = await startWithRetries(async () => {
    const port = await ports.choose('postgres', config.embeddedPostgresPort);
    const data = join(folder.forPostgres, 'postgres');
    await run(
      await preparePostgres({
        binaries,
        user,
        data,
        port,
        password,
        logFile: logFile('postgres'),
        ephemeral,
        runToEnd,
      }),
    );
    return port;
  });
  await createDatabase(postgresUrl(port, password, 'postgres'));
  report(`Postgres is up on port ${port}`);
  return {
    databaseUrl: postgresUrl(port, secrets.shopPassword, DATABASE, SHOP_ROLE),
    databaseOwnerUrl: postgresUrl(port, password, DATABASE),
    databaseMaintenanceUrl: postgresUrl(port, secrets.maintenancePassword, DATABASE, MAINTENANCE_ROLE),
  };
}

/** Returns the address of Redis: REDIS_URL, or a Redis that this function starts. */
export async function bringRedis(context: StackContext): Promise<string> {
  const { folder, config, ephemeral, ports, logFile, report, run } = context;
  if (config.redisUrl !== undefined) {
    return demandAnswer('REDIS_URL', 'Redis', config.redisUrl, await redisAnswers(config.redisUrl));
  }
  const { executable, version } = await findRedis({
    cache: folder.cache,
    configured: config.redisServerPath,
    report,
  });
  const port = await startWithRetries(async () => {
    const port = await ports.choose('redis', config.embeddedRedisPort);
    const data = join(folder.directory, 'redis');
    await run(prepareRedis({ executable, data, port, logFile: logFile('redis'), restart: !ephemeral }));
    return port;
  });
  report(`Redis is up on port ${port} (${version})`);
  return redisUrl(port);
}

export interface TemporalPlace {
  readonly address: string;
  readonly uiUrl: string | undefined;
}

/** Returns the address of Temporal: TEMPORAL_ADDRESS, or a dev server that this function starts. */
export async function bringTemporal(context: StackContext): Promise<TemporalPlace> {
  const { folder, config, ephemeral, ui, ports, logFile, report, run } = context;
  if (config.temporalAddress !== undefined) {
    const address = config.temporalAddress;
    return {
      address: demandAnswer('TEMPORAL_ADDRESS', 'Temporal', address, await temporalListens(address)),
      uiUrl: undefined,
    };
  }
  const { executable, version } = await findTemporal({
    cache: folder.cache,
    configured: config.temporalCliPath,
    report,
  });
  const place = await startWithRetries(async () => {
    const port = await ports.choose('temporal', config.embeddedTemporalPort);
    const uiPort = ui ? await ports.choose('temporalUi', config.embeddedTemporalUiPort) : undefined;
    const data = join(folder.directory, 'temporal');
    await run(prepareTemporal({ executable, data, port, uiPort, logFile: logFile('temporal'), ephemeral }));
    return {
      address: `127.0.0.1:${port}`,
      uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    };
  });
  report(`Temporal is up at ${place.address} (${version})`);
  return place;
}

function demandAnswer(variable: string, what: string, address: string, answers: boolean): string {
  if (answers) return address;
  const shown = address.replace(/\/\/[^@/]*@/, '//…@');
  throw new Error(`${variable} is set, but no ${what} answers at ${shown}. Start it, or unset ${variable}.`);
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts a server, with up to two retries. A port that was free a moment ago may be taken, and Temporal picks further ports at
 * random that another process may take before Temporal listens.
 */
function startWithRetries<T>(start: () => Promise<T>): Promise<T> {
  return pRetry(start, {
    retries: 2,
    minTimeout: 0,
    shouldRetry: ({ error }) => error instanceof ProgramError,
  });
}
