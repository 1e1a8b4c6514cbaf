import { types, type ClientConfig } from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';

import type { DatabaseConfig } from './config/database';
import { AnsweringClient } from './postgres-client';
import { listenToStatements } from './statement-log';

/** The classes of `entities/data-source.ts`. */
export interface DatabaseSchema {
  readonly entities: readonly (new () => object)[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

const INT8 = 20;

/** `int8` as a number. Throws beyond 2^53, where a number would differ from the stored value. */
function readInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is not a safe integer`);
  return value;
}

/** How much longer than Postgres a process waits: a Postgres that still works cancels the statement first. */
export const ANSWER_MARGIN_MS = 1_000;

/** For our connections only: the global parsers of `pg` stay unchanged. */
const OUR_TYPES = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8 && format !== 'binary') return readInt8;
    return format === 'binary' ? types.getTypeParser(oid, format) : types.getTypeParser(oid, 'text');
  },
};

/**
 * Opens the connection pool. Time-outs and isolation are sent when a connection starts, so they cost no statement. Rejects
 * when the database cannot be reached.
 *
 * @param applicationName shown in `pg_stat_activity`
 */
export async function openPostgres(
  config: DatabaseConfig,
  schema: DatabaseSchema,
  applicationName: string,
): Promise<DataSource> {
  const database = new DataSource({
    type: 'postgres',
    url: config.databaseUrl,
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    poolSize: config.databasePoolSize,
    connectTimeoutMS: config.databaseConnectTimeoutMs,
    applicationName,
    installExtensions: false,
    logger: listenToStatements(),
    extra: {
      Client: AnsweringClient,
      answerTimeoutMs: config.databaseStatementTimeoutMs + ANSWER_MARGIN_MS,
      ...connectionSettings(config),
      idleTimeoutMillis: 300_000,
    },
  });
  return database.initialize();
}

/** What every connection of the shop has, in a pool or alone. */
export function connectionSettings(
  config: DatabaseConfig,
): Pick<ClientConfig, 'types' | 'options' | 'keepAlive'> {
  return { types: OUR_TYPES, options: startupOptions(config), keepAlive: true };
}

function startupOptions(config: DatabaseConfig): string {
  const settings = {
    statement_timeout: config.databaseStatementTimeoutMs,
    idle_in_transaction_session_timeout: config.databaseIdleTransactionTimeoutMs,
    lock_timeout: config.databaseLockTimeoutMs,
    default_transaction_isolation: String.raw`read\ committed`,
    timezone: 'UTC',
    // Our statements are short: compiling them costs more than it saves.
    jit: 'off',
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}
