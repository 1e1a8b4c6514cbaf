import { randomBytes } from 'node:crypto';

import { inject } from 'vitest';

import { databaseUrl, statement } from './templates';

/** A database of one test file. */
export interface TestDatabase {
  /** For the owner, as whom a test may do everything. */
  readonly url: string;
  /** For the role that processes of the shop connect as. */
  readonly shopUrl: string;
  /** Removes it and ends open connections. */
  drop(): Promise<void>;
}

/** A fresh database with the shop's tables, and the seeded catalogue if wanted. */
export async function createTestDatabase({
  seeded = false,
}: { seeded?: boolean } = {}): Promise<TestDatabase> {
  const { postgresUrl, templates } = inject('stack');
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
