import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { integer, json, text } from '../../entities/row-shape';
import { row, rows, rowsPlannedAnew, type Statement, type Transaction } from '../../entities/sql';
import { DatabaseConfig } from '../../platform/config/database';
import { openPostgres } from '../../platform/postgres';
import { withTransaction } from '../../platform/transaction';
import { barrier } from '../support/barrier';
import { createTestDatabase, type TestDatabase } from '../support/database';

const POOL_SIZE = 8;
let home: TestDatabase;
let database: DataSource;

beforeAll(async () => {
  home = await createTestDatabase();
});
beforeEach(async () => {
  database = await open(POOL_SIZE);
  await database.query('DROP TABLE IF EXISTS shelf');
  await database.query('CREATE TABLE shelf (id int, amount int)');
  await database.query('INSERT INTO shelf VALUES (1, 5)');
});
afterEach(() => database.destroy());
afterAll(() => home.drop());

function open(databasePoolSize: number): Promise<DataSource> {
  const config = Object.assign(new DatabaseConfig(), { databaseUrl: home.url, databasePoolSize });
  return openPostgres(config, { entities: [], migrations: [] }, 'prepared-test');
}

const READ: Statement<{ amount: unknown }> = {
  text: 'SELECT amount FROM shelf WHERE id = $1',
  shape: { amount: json() },
};
const INSERT: Statement<object> = { text: 'INSERT INTO shelf VALUES ($1, $2)', shape: {} };
const read = () => row(database.manager, READ, [1]);

function timesPlanned(transaction: Transaction): Promise<{ name: string; uses: number }[]> {
  return rowsPlannedAnew(
    transaction,
    {
      text: 'SELECT name, generic_plans + custom_plans AS uses FROM pg_prepared_statements WHERE statement = $1',
      shape: { name: text, uses: integer },
    },
    [READ.text],
  );
}

/** Has every connection of the pool prepare the text. */
async function readOnEveryConnection(): Promise<void> {
  const allHaveRead = barrier(POOL_SIZE);
  await Promise.all(
    Array.from({ length: POOL_SIZE }, () =>
      withTransaction(database, async (transaction) => {
        await rows(transaction, READ, [1]);
        await allHaveRead();
      }),
    ),
  );
}

/** Runs on a connection of its own, as a migration does while the shop serves. */
async function migrate(statement: string): Promise<void> {
  const other = await open(1);
  await other.query(statement).finally(() => other.destroy());
}

test('a connection prepares a text once, however often it is used', async () => {
  await withTransaction(database, async (transaction) => {
    for (let use = 0; use < 4; use++) expect(await row(transaction, READ, [1])).toEqual({ amount: 5 });

    expect(await timesPlanned(transaction)).toEqual([
      { name: expect.stringMatching(/^asoud_[0-9a-f]{32}_\d+$/), uses: 4 },
    ]);
  });
});

test('a text whose plan depends on its values is not prepared', async () => {
  await withTransaction(database, async (transaction) => {
    expect(await rowsPlannedAnew(transaction, READ, [1])).toEqual([{ amount: 5 }]);
    expect(await timesPlanned(transaction)).toEqual([]);
  });
});

test('a text that Postgres refuses is thrown with its values and leaves the connection usable', async () => {
  const refused = rows(database.manager, { text: 'SELECT 1 / $1::int', shape: {} }, [0]);

  await expect(refused).rejects.toMatchObject({
    query: 'SELECT 1 / $1::int',
    parameters: [0],
    driverError: { code: '22012' },
  });
  expect(await read()).toEqual({ amount: 5 });
});

test('a row that is not what its type says is refused', async () => {
  const renamed = { text: 'SELECT amount AS units FROM shelf', shape: { amount: integer } };

  await expect(rows(database.manager, renamed)).rejects.toThrow('"amount" is missing or of another type');
  await expect(rowsPlannedAnew(database.manager, renamed)).rejects.toThrow(
    '"amount" is missing or of another type',
  );
});

test('a value that cannot be sent leaves the statement usable', async () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const single = await open(1);

  await expect(rows(single.manager, READ, [circular])).rejects.toThrow('circular');
  expect(await row(single.manager, READ, [1])).toEqual({ amount: 5 });
  expect(await row(single.manager, READ, [1])).toEqual({ amount: 5 });
  await single.destroy();
});

test('a connection without its prepared statements, as a pooler may give one, prepares them again', async () => {
  const single = await open(1);
  await row(single.manager, READ, [1]);
  await single.query('DISCARD ALL');

  expect(await row(single.manager, READ, [1])).toEqual({ amount: 5 });
  await single.destroy();
});

test('a migration that changes what a text returns fails no read, on whichever connection', async () => {
  await readOnEveryConnection();
  await migrate('ALTER TABLE shelf ALTER amount TYPE text');

  const answers = await Promise.all(Array.from({ length: 3 * POOL_SIZE }, read));

  expect(answers).toEqual(Array.from(answers, () => ({ amount: '5' })));
});

test('transactions that meet such a migration run again and do their work once', async () => {
  await readOnEveryConnection();
  await migrate('ALTER TABLE shelf ALTER amount TYPE text');

  const work = (id: number) =>
    withTransaction(database, async (transaction) => {
      await rows(transaction, INSERT, [id, 7]);
      return row(transaction, READ, [1]);
    });
  const answers = await Promise.all([11, 12, 13].map(work));

  expect(answers).toEqual(Array.from(answers, () => ({ amount: '5' })));
  expect(await database.query('SELECT id FROM shelf ORDER BY id')).toEqual(
    [1, 11, 12, 13].map((id) => ({ id })),
  );
});

test('a statement that was not awaited never runs in another transaction', async () => {
  let late: Promise<unknown> = Promise.resolve();
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));

  await withTransaction(database, async (transaction) => {
    late = gate.then(() => rows(transaction, INSERT, [99, 1]));
    late.catch(() => {});
  });
  goOn();

  await expect(late).rejects.toThrow('already released');
  expect(await database.query('SELECT 1 FROM shelf WHERE id = 99')).toEqual([]);
});
