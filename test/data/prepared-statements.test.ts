import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { row, rows, rowsPlannedAnew } from '../../entities/sql';
import { DatabaseConfig } from '../../platform/config/database';
import { openPostgres } from '../../platform/postgres';
import { isPostgresAway } from '../../platform/postgres-errors';
import { withTransaction } from '../../platform/transaction';
import { createTestDatabase, type TestDatabase } from '../support/database';

let home: TestDatabase;
/** A pool of one connection, so that it is known which one has prepared what. */
let database: DataSource;

beforeAll(async () => {
  home = await createTestDatabase();
});
beforeEach(async () => {
  await database?.destroy();
  database = await openPostgres(
    Object.assign(new DatabaseConfig(), { databaseUrl: home.url, databasePoolSize: 1 }),
    { entities: [], migrations: [] },
    'prepared-test',
  );
  await database.query('DROP TABLE IF EXISTS shelf');
  await database.query('CREATE TABLE shelf (id int, amount int)');
  await database.query('INSERT INTO shelf VALUES (1, 5)');
});
afterAll(async () => {
  await database.destroy();
  await home.drop();
});

const READ = 'SELECT amount FROM shelf WHERE id = $1';
const read = () => row<{ amount: unknown }>(database.manager, READ, [1]);

function timesPlanned(): Promise<{ name: string; uses: number }[]> {
  return database.query(
    'SELECT name, generic_plans + custom_plans AS uses FROM pg_prepared_statements WHERE statement = $1',
    [READ],
  );
}

/** By somebody else, as a migration is run while the shop serves. */
async function migrate(statement: string): Promise<void> {
  const other = await openPostgres(
    Object.assign(new DatabaseConfig(), { databaseUrl: home.url, databasePoolSize: 1 }),
    { entities: [], migrations: [] },
    'migration',
  );
  await other.query(statement).finally(() => other.destroy());
}

test('a connection prepares a text once, however often it is used', async () => {
  for (let use = 0; use < 3; use++) expect(await read()).toEqual({ amount: 5 });
  await withTransaction(database, (transaction) => rows(transaction, READ, [1]));

  expect(await timesPlanned()).toEqual([{ name: expect.stringMatching(/^asoud_\d+$/), uses: 4 }]);
});

test('a text whose plan hangs on its values is not prepared', async () => {
  expect(await rowsPlannedAnew(database.manager, READ, [1])).toEqual([{ amount: 5 }]);
  expect(await timesPlanned()).toEqual([]);
});

test('a text that Postgres refuses is thrown with its values and leaves the connection usable', async () => {
  const refused = rows(database.manager, 'SELECT 1 / $1::int', [0]);

  await expect(refused).rejects.toMatchObject({
    query: 'SELECT 1 / $1::int',
    parameters: [0],
    driverError: { code: '22012' },
  });
  expect(await read()).toEqual({ amount: 5 });
});

test('a migration that changes what a text returns costs a read one failure, which says come back', async () => {
  await read();
  await migrate('ALTER TABLE shelf ALTER amount TYPE text');

  const failure = await read().catch((error: unknown) => error);

  expect(isPostgresAway(failure)).toBe(true);
  expect(await read()).toEqual({ amount: '5' });
});

test('a transaction that meets such a migration runs again and does its work once', async () => {
  await read();
  await migrate('ALTER TABLE shelf ALTER amount TYPE text');

  const amount = await withTransaction(database, async (transaction) => {
    await rows(transaction, 'INSERT INTO shelf VALUES (2, 7)');
    return row(transaction, READ, [1]);
  });

  expect(amount).toEqual({ amount: '5' });
  expect(await rows(database.manager, 'SELECT id FROM shelf ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
});
