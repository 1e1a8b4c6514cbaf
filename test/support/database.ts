import { randomBytes } from 'node:crypto';

import { inject } from 'vitest';

import type { StackConnection } from './stack';
import { databaseUrl, statement } from './templates';

/** A Postgres server as its owner reaches it, and the templates on it. */
export type PostgresPlace = Pick<StackConnection, 'postgresUrl' | 'templates'>;

/** A database of one test file. */
export interface TestDatabase {
  /** For the owner, as whom a test may do everything. */
  readonly url: string;
  /** For the role that processes of the shop connect as. */
  readonly shopUrl: string;
  /** Removes it and ends open connections. */
  drop(): Promise<void>;
}

/**
 * A fresh database with the shop's tables, and the seeded catalogue if wanted.
 *
 * @param options.on the server; that of the run unless told
 */
export async function createTestDatabase(
  options: { seeded?: boolean; on?: PostgresPlace | undefined } = {},
): Promise<TestDatabase> {
  const { seeded = false, on = inject('stack') } = options;
  const { postgresUrl, templates } = on;
  const name = `asoud_test_${randomBytes(6).toString('hex')}`;
  await statement(
    postgresUrl,
    `CREATE DATABASE ${name} TEMPLATE ${seeded ? templates.seeded : templates.migrated}`,
  );
  return {
    url: databaseUrl(postgresUrl, name),
    shopUrl: databaseUrl(postgresUrl, name, templates.role),
    drop: () => statement(postgresUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
