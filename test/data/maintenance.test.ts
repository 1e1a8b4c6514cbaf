import { Client } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';

import {
  maintainDatabase,
  MAINTENANCE_LIMITS,
  type MaintenanceLimits,
} from '../../entities/maintenance/maintain-database';
import { DatabaseConfig } from '../../platform/config/database';
import { openPostgres } from '../../platform/postgres';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { databaseUrl } from '../support/templates';

let home: TestDatabase;
let owner: Client;
let maintenance: DataSource;
let runner: QueryRunner;

beforeAll(async () => {
  home = await createTestDatabase({ seeded: true });
  owner = new Client({ connectionString: home.url });
  await owner.connect();
});
beforeEach(async () => {
  maintenance = await openMaintenance();
  runner = maintenance.createQueryRunner();
});
afterEach(() => maintenance.destroy());
afterAll(async () => {
  await owner.end();
  await home.drop();
});

/** As the job connects, for the role that the set-up makes. */
function openMaintenance(): Promise<DataSource> {
  const { postgresUrl, templates } = inject('stack');
  const url = databaseUrl(postgresUrl, new URL(home.url).pathname.slice(1), templates.maintenanceRole);
  return openPostgres(
    Object.assign(new DatabaseConfig(), {
      databaseUrl: url,
      databasePoolSize: 1,
      databaseStatementTimeoutMs: 120_000,
      databaseLockTimeoutMs: 120_000,
    }),
    { entities: [], migrations: [] },
    'asoud-maintenance',
  );
}

/** Measures even the smallest index. */
const THOROUGH: MaintenanceLimits = { ...MAINTENANCE_LIMITS, leastBytes: 0, measured: 1_000, rebuilt: 1_000 };

const maintain = (limits: Partial<MaintenanceLimits> = {}, on = runner) =>
  maintainDatabase(on.manager, { ...MAINTENANCE_LIMITS, ...limits }, () => undefined);

const invalidIndexes = async () =>
  (
    await owner.query<{ name: string }>(
      'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid ORDER BY 1',
    )
  ).rows.map(({ name }) => name);

/** Fills a table and empties it again but for every hundredth row: its primary key is mostly empty pages. */
async function bloatStepKeys(): Promise<void> {
  await owner.query(`DELETE FROM processed_steps WHERE key LIKE 'bloat %'`);
  await owner.query(
    `INSERT INTO processed_steps (key, created_at) SELECT 'bloat ' || n, now() FROM generate_series(1, 20000) AS n`,
  );
  await owner.query(`DELETE FROM processed_steps WHERE key LIKE 'bloat %' AND right(key, 2) <> '00'`);
  await owner.query('VACUUM processed_steps');
}

/** Keeps a rebuild in its middle: it waits for transactions that have written to the table. */
async function holdTable(table: string): Promise<() => Promise<void>> {
  const holder = new Client({ connectionString: home.url });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query(`LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
  return () => holder.end();
}

test('the role maintains every table, and reads no row', async () => {
  const refused = async (sql: string) =>
    runner.query(sql).then(
      () => 'allowed',
      (error: { code?: string }) => error.code,
    );
  const { rows } = await owner.query<{ table: string }>(
    `SELECT tablename AS table FROM pg_tables WHERE schemaname = 'public'`,
  );
  for (const { table } of rows) expect(await refused(`ANALYZE ${table}`), table).toBe('allowed');
  expect(await refused('SELECT 1 FROM orders')).toBe('42501');
  expect(await refused('DROP INDEX ix_orders_cart')).toBe('42501');
  expect(await refused(`SELECT drop_leftover_index('ix_orders_cart')`)).toBe('42704');
  const shop = new Client({ connectionString: home.shopUrl });
  await shop.connect();
  await expect(shop.query(`SELECT drop_leftover_index('any_ccnew')`)).rejects.toMatchObject({
    code: '42501',
  });
  await shop.end();
});

test('tables with many changed rows get new statistics, and no others', async () => {
  await owner.query('ANALYZE');
  await owner.query(
    `INSERT INTO processed_steps (key, created_at) SELECT 'stale ' || n, now() FROM generate_series(1, 3000) AS n`,
  );
  await eventually(
    async () =>
      (
        await owner.query<{ changed: number }>(
          `SELECT n_mod_since_analyze::integer AS changed FROM pg_stat_user_tables WHERE relname = 'processed_steps'`,
        )
      ).rows[0]!.changed,
    (changed) => changed >= 3_000,
  );

  expect((await maintain()).analyzed).toEqual(['processed_steps']);
});

test('an index whose pages are mostly empty is rebuilt, at most so many a night and none that is too large', async () => {
  await bloatStepKeys();
  const kept = await maintain({ ...THOROUGH, rebuilt: 0 });
  const tooLarge = await maintain({ ...THOROUGH, mostBytes: 0 });
  const { bloated, rebuilt } = await maintain(THOROUGH);

  expect(kept.bloated).toContainEqual({
    name: 'pk_processed_steps',
    bytes: expect.any(Number),
    density: expect.any(Number),
  });
  expect(kept.rebuilt).toEqual([]);
  expect(tooLarge.notRebuilt).toMatchObject({ pk_processed_steps: 'it is too large for a night' });
  expect(rebuilt).toContain('pk_processed_steps');
  expect(bloated).toEqual(kept.bloated);
  const after = await maintain({ ...THOROUGH, rebuilt: 0 });
  expect(after.bloated).not.toContainEqual(expect.objectContaining({ name: 'pk_processed_steps' }));
  expect(await invalidIndexes()).toEqual([]);
});

describe('a rebuild that is killed', () => {
  test('leaves an index without effect, which the next run drops before it rebuilds', async () => {
    await bloatStepKeys();
    const release = await holdTable('processed_steps');
    const killed = maintain(THOROUGH);
    killed.catch(() => undefined);
    await eventually(invalidIndexes, (names) => names.includes('pk_processed_steps_ccnew'));
    await owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'asoud-maintenance'`,
    );
    await killed.catch(() => undefined);
    await release();
    expect(await invalidIndexes()).toEqual(['pk_processed_steps_ccnew']);

    const next = await openMaintenance();
    const report = await maintain(THOROUGH, next.createQueryRunner());
    await next.destroy();

    expect(report.droppedLeftovers).toEqual(['pk_processed_steps_ccnew']);
    expect(report.rebuilt).toContain('pk_processed_steps');
    expect(await invalidIndexes()).toEqual([]);
  });

  test('is not touched by a second run while the first still works', async () => {
    await bloatStepKeys();
    const release = await holdTable('processed_steps');
    const first = maintain(THOROUGH);
    await eventually(invalidIndexes, (names) => names.includes('pk_processed_steps_ccnew'));
    const second = await openMaintenance();

    await expect(maintain(THOROUGH, second.createQueryRunner())).rejects.toThrow(
      'another connection maintains the database',
    );

    await second.destroy();
    await release();
    expect((await first).rebuilt).toContain('pk_processed_steps');
  });
});

test('an index that an interrupted migration has left is reported and made whole', async () => {
  await owner.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_carts_updated'::regclass`);

  const report = await maintain();

  expect(report).toMatchObject({
    invalid: ['ix_carts_updated'],
    rebuilt: ['ix_carts_updated'],
    notRebuilt: {},
  });
  expect(await invalidIndexes()).toEqual([]);
});

describe('slow statements', () => {
  test('are told without their values', async () => {
    await owner.query(`SELECT count(*) FROM variants WHERE sku = 'nobody-shall-see-this'`);

    const { slowStatements } = await maintain({ slowStatements: 1_000 });

    expect(slowStatements).toMatchObject({ since: expect.any(Date) });
    const text = JSON.stringify(slowStatements);
    expect(text).toContain('SELECT count(*) FROM variants WHERE sku = $1');
    expect(text).not.toContain('nobody-shall-see-this');
  });

  test('and sizes that nobody can know are said to be unknown', async () => {
    await owner.query('DROP EXTENSION pg_stat_statements');
    await owner.query('DROP EXTENSION pgstattuple');

    expect(await maintain()).toMatchObject({
      slowStatements: { unavailable: 'the extension pg_stat_statements is not installed' },
      bloated: { unavailable: 'the extension pgstattuple is not installed' },
    });

    await owner.query('CREATE EXTENSION pg_stat_statements');
    await owner.query('CREATE EXTENSION pgstattuple');
  });
});
