import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { openPostgres } from '../../platform/postgres';
import { isPostgresAway } from '../../platform/postgres-errors';
import { countStatements } from '../../platform/statement-count';
import { withTransaction } from '../../platform/transaction';
import { barrier } from '../support/barrier';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { untilItWaits } from '../support/row-lock';
import { row, rows } from '../support/sql';

const NO_SCHEMA = { entities: [], migrations: [] };

let home: TestDatabase;
let database: DataSource;

beforeAll(async () => {
  home = await createTestDatabase();
  database = await open({ DATABASE_POOL_SIZE: '2' });
  await database.query('CREATE TABLE counters (name text PRIMARY KEY, value int NOT NULL)');
});
beforeEach(async () => {
  await database.query('TRUNCATE counters');
  await database.query(`INSERT INTO counters VALUES ('a', 0), ('b', 0)`);
});
afterAll(async () => {
  await database.destroy();
  await home.drop();
});

function open(environment: Record<string, string>): Promise<DataSource> {
  const { database: config } = loadConfig(
    { database: DatabaseConfig },
    { DATABASE_URL: home.url, ...environment },
  );
  return openPostgres(config, NO_SCHEMA, 'transaction-test');
}

async function valueOf(name: string): Promise<number | undefined> {
  const found = await row<{ value: number }>(database.manager, 'SELECT value FROM counters WHERE name = $1', [
    name,
  ]);
  return found?.value;
}

const INCREMENT = 'UPDATE counters SET value = value + 1 WHERE name = $1';

test('a transaction costs START TRANSACTION and COMMIT, nothing else', async () => {
  const { statements } = await countStatements(database, () =>
    withTransaction(database, (transaction) => rows(transaction, INCREMENT, ['a'])),
  );

  expect(statements).toEqual(['START TRANSACTION', INCREMENT, 'COMMIT']);
  expect(await valueOf('a')).toBe(1);
});

test('a checkout of a connection costs no statement', async () => {
  const { statements } = await countStatements(database, async () => {
    await rows(database.manager, 'SELECT 1');
    await rows(database.manager, 'SELECT 2');
  });

  expect(statements).toEqual(['SELECT 1', 'SELECT 2']);
});

test('an error of the work rolls back and is thrown unchanged', async () => {
  const refusal = new Error('refused');

  const { result, statements } = await countStatements(database, () =>
    withTransaction(database, async (transaction) => {
      await rows(transaction, INCREMENT, ['a']);
      throw refusal;
    }).catch((error: unknown) => error),
  );

  expect(result).toBe(refusal);
  expect(statements.at(-1)).toBe('ROLLBACK');
  expect(await valueOf('a')).toBe(0);
});

test('work that swallows a failed statement fails: nothing was committed', async () => {
  const outcome = withTransaction(database, async (transaction) => {
    await rows(transaction, INCREMENT, ['a']);
    await rows(transaction, 'SELECT 1 / 0').catch(() => {});
  });

  await expect(outcome).rejects.toThrow('nothing was committed');
  expect(await valueOf('a')).toBe(0);
});

test('what a deferred constraint refuses at COMMIT is thrown like any other refusal', async () => {
  await database.query(
    'CREATE TABLE pairs (id int PRIMARY KEY, other int REFERENCES pairs DEFERRABLE INITIALLY DEFERRED)',
  );

  const outcome = withTransaction(database, (transaction) =>
    rows(transaction, 'INSERT INTO pairs VALUES (1, 2)'),
  );

  await expect(outcome).rejects.toMatchObject({ query: 'COMMIT', driverError: { code: '23503' } });
  expect(await rows(database.manager, 'SELECT * FROM pairs')).toEqual([]);
});

test('two transactions that lock in opposite order both commit, because the loser of the deadlock is retried', async () => {
  const bothHoldOne = barrier(2);
  let runs = 0;
  // Postgres looks for deadlocks after a second. A shorter lock time-out would end the wait first.
  const patient = await open({ DATABASE_POOL_SIZE: '2', DATABASE_LOCK_TIMEOUT_MS: '20000' });
  const lockBoth = (first: string, second: string) =>
    withTransaction(patient, async (transaction) => {
      runs += 1;
      await rows(transaction, INCREMENT, [first]);
      await bothHoldOne();
      await rows(transaction, INCREMENT, [second]);
    });

  await Promise.all([lockBoth('a', 'b'), lockBoth('b', 'a')]).finally(() => patient.destroy());

  expect(runs).toBe(3);
  expect([await valueOf('a'), await valueOf('b')]).toEqual([2, 2]);
});

test('a collision that never ends fails after five runs', async () => {
  let runs = 0;
  const outcome = withTransaction(database, async (transaction) => {
    runs += 1;
    await rows(transaction, `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$`);
  });

  await expect(outcome).rejects.toMatchObject({ driverError: { code: '40001' } });
  expect(runs).toBe(5);
});

test('a refusal of Postgres that is no collision is not retried', async () => {
  let runs = 0;
  const outcome = withTransaction(database, async (transaction) => {
    runs += 1;
    await rows(transaction, `INSERT INTO counters VALUES ('a', 1)`);
  });

  await expect(outcome).rejects.toMatchObject({ driverError: { code: '23505' } });
  expect(runs).toBe(1);
});

test('two connections serve 64 clients who all write the same row', async () => {
  const onlooker = await open({ DATABASE_POOL_SIZE: '1' });
  await Promise.all(
    Array.from({ length: 64 }, (_unused, client) =>
      withTransaction(database, async (transaction) => {
        await rows(transaction, INCREMENT, ['a']);
        // Waits until both connections are taken, one by the holder of the row and one by a client that wants it. 62 clients wait.
        if (client === 0) await untilItWaits(onlooker, 'transaction-test');
      }),
    ),
  ).finally(() => onlooker.destroy());

  expect(await valueOf('a')).toBe(64);
});

test('without a free connection it fails as away, and the work does not run', async () => {
  const small = await open({ DATABASE_POOL_SIZE: '1', DATABASE_CONNECT_TIMEOUT_MS: '2000' });
  let runs = 0;

  const error = await withTransaction(small, () =>
    withTransaction(small, async () => void (runs += 1)).catch((thrown: unknown) => thrown),
  ).finally(() => small.destroy());

  expect(isPostgresAway(error)).toBe(true);
  expect(runs).toBe(0);
});

test('every connection returns to the pool, whatever happened on it', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_unused, index) =>
      withTransaction(database, async (transaction) => {
        if (index % 4 === 0) throw new Error('refused');
        if (index % 4 === 1) await rows(transaction, 'SELECT 1 / 0');
        if (index % 4 === 2) await rows(transaction, 'SELECT pg_terminate_backend(pg_backend_pid())');
      }).catch(() => {}),
    ),
  );

  const both = await Promise.all([rows(database.manager, 'SELECT 1'), rows(database.manager, 'SELECT 1')]);
  expect(both).toHaveLength(2);
});
