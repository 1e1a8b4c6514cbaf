import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { createMetrics } from '../../platform/metrics';
import { openPostgres } from '../../platform/postgres';
import { isPostgresAway, postgresCode } from '../../platform/postgres-errors';
import { observePostgres } from '../../platform/postgres-metrics';
import { withSnapshot } from '../../platform/snapshot';
import { withTransaction } from '../../platform/transaction';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { row } from '../support/sql';
import { openTcpGate } from '../support/tcp-gate';

let home: TestDatabase;
const opened: DataSource[] = [];

beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(opened.map((database) => database.destroy()));
  await home.drop();
});

async function open(environment: Record<string, string> = {}): Promise<DataSource> {
  const { database: config } = loadConfig(
    { database: DatabaseConfig },
    { DATABASE_URL: home.url, ...environment },
  );
  const database = await openPostgres(config, { entities: [], migrations: [] }, 'postgres-test');
  opened.push(database);
  return database;
}

async function failureOf(work: Promise<unknown>): Promise<{ code: string | undefined; isAway: boolean }> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { code: postgresCode(error), isAway: isPostgresAway(error) };
}

test('a connection begins with the time-outs, the isolation and the name of its configuration', async () => {
  const database = await open({
    DATABASE_STATEMENT_TIMEOUT_MS: '1234',
    DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: '2345',
    DATABASE_LOCK_TIMEOUT_MS: '345',
  });

  const settings = await row(
    database.manager,
    `SELECT current_setting('statement_timeout') AS statement,
            current_setting('idle_in_transaction_session_timeout') AS idle,
            current_setting('lock_timeout') AS lock,
            current_setting('default_transaction_isolation') AS isolation,
            current_setting('timezone') AS zone,
            current_setting('application_name') AS name`,
  );

  expect(settings).toEqual({
    statement: '1234ms',
    idle: '2345ms',
    lock: '345ms',
    isolation: 'read committed',
    zone: 'UTC',
    name: 'postgres-test',
  });
});

test('a statement that takes too long is cancelled and counts as Postgres being away', async () => {
  const database = await open({ DATABASE_STATEMENT_TIMEOUT_MS: '30' });

  expect(await failureOf(database.query('SELECT pg_sleep(5)'))).toEqual({ code: '57014', isAway: true });
});

test('waiting for a row lock ends with its time-out', async () => {
  const database = await open({ DATABASE_LOCK_TIMEOUT_MS: '30', DATABASE_POOL_SIZE: '2' });
  await database.query('CREATE TABLE locked AS SELECT 1 AS id');

  const failure = await withTransaction(database, async (holder) => {
    await holder.query('SELECT * FROM locked FOR UPDATE');
    return failureOf(database.query('UPDATE locked SET id = 2'));
  });

  expect(failure).toEqual({ code: '55P03', isAway: true });
});

test('Postgres ends a transaction that is idle for too long', async () => {
  const database = await open({ DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: '30' });
  const watcher = await open();

  const outcome = withTransaction(database, async (transaction) => {
    const { pid } = (await row<{ pid: number }>(transaction, 'SELECT pg_backend_pid() AS pid'))!;
    await expect
      .poll(() => watcher.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid]))
      .toEqual([]);
    await transaction.query('SELECT 1');
  });

  await expect(outcome).rejects.toThrow(/terminat|released|not queryable/i);
});

test.each([
  ['alone', (database: DataSource, statement: string) => database.query(statement)],
  [
    'in a transaction',
    (database: DataSource, statement: string) =>
      withTransaction(database, (transaction) => transaction.query(statement)),
  ],
  ['as a declared statement', (database: DataSource, statement: string) => row(database.manager, statement)],
])(
  'a statement %s that Postgres never answers fails, and its connection is replaced',
  async (_how, run) => {
    const { host } = new URL(home.url);
    const gate = await openTcpGate(host);
    const url = new URL(home.url);
    url.host = gate.address;
    const database = await open({
      DATABASE_URL: url.href,
      DATABASE_STATEMENT_TIMEOUT_MS: '500',
      DATABASE_CONNECT_TIMEOUT_MS: '2000',
      DATABASE_POOL_SIZE: '1',
    });
    await run(database, 'SELECT 1 AS before');
    gate.swallow();

    const since = Date.now();
    const failure = await failureOf(run(database, 'SELECT 2 AS hung'));
    const next = await failureOf(run(database, 'SELECT 3 AS also_hung'));

    expect([failure.isAway, next.isAway]).toEqual([true, true]);
    expect(Date.now() - since).toBeLessThan(20_000);
    gate.open();
    expect(
      await eventually(
        () => failureOf(run(database, 'SELECT 4 AS after')),
        ({ isAway }) => !isAway,
      ),
    ).toEqual({
      code: undefined,
      isAway: false,
    });
    await gate.close();
  },
  40_000,
);

test('a snapshot waits longer for an answer, as long as it lets Postgres work', async () => {
  const database = await open({ DATABASE_STATEMENT_TIMEOUT_MS: '10', DATABASE_POOL_SIZE: '1' });

  const slow = withSnapshot(database, { statementTimeoutMs: 60_000 }, (snapshot) =>
    snapshot.query('SELECT pg_sleep(1.2)'),
  );

  expect(await failureOf(slow)).toEqual({ code: undefined, isAway: false });
  expect(await failureOf(database.query('SELECT pg_sleep(1)'))).toEqual({ code: '57014', isAway: true });
});

test('an int8 is a number, and one beyond the safe integers is refused instead of rounded', async () => {
  const database = await open();

  expect(await row(database.manager, 'SELECT 9007199254740991::int8 AS n, count(*) AS c')).toEqual({
    n: Number.MAX_SAFE_INTEGER,
    c: 1,
  });
  await expect(row(database.manager, 'SELECT 9007199254740992::int8 AS n')).rejects.toThrow(
    'not a safe integer',
  );
  expect(await row(database.manager, 'SELECT 1 AS after')).toEqual({ after: 1 });
});

test('a database that is not there counts as away, a refused statement does not', async () => {
  const closed = loadConfig(
    { database: DatabaseConfig },
    { DATABASE_URL: 'postgres://asoud@127.0.0.1:1/asoud', DATABASE_CONNECT_TIMEOUT_MS: '500' },
  ).database;
  const database = await open();

  const gone = await failureOf(openPostgres(closed, { entities: [], migrations: [] }, 'test'));
  expect(gone).toEqual({ code: 'ECONNREFUSED', isAway: true });
  expect(await failureOf(database.query('SELECT nothing'))).toEqual({ code: '42703', isAway: false });
});

test('a pool with no free connection counts as away', async () => {
  const database = await open({ DATABASE_POOL_SIZE: '1', DATABASE_CONNECT_TIMEOUT_MS: '500' });

  const failure = await withTransaction(database, () => failureOf(database.query('SELECT 1')));

  expect(failure.isAway).toBe(true);
});

test('statements and connections are measured', async () => {
  const database = await open({ DATABASE_POOL_SIZE: '3' });
  const metrics = createMetrics();
  observePostgres({ shop: database }, metrics);

  await withTransaction(database, async (transaction) => {
    await transaction.query('SELECT 1');
    expect(await metrics.registry.metrics()).toContain('postgres_connections{pool="shop",state="busy"} 1');
  });

  expect(await metrics.registry.metrics()).toContain('postgres_statements_total 3');
});
