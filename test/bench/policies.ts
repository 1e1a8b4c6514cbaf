import { join } from 'node:path';

import type { DataSource } from 'typeorm';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { computePolicies } from '../../entities/replenishment/compute-policies';
import { computeProfile } from '../../entities/replenishment/compute-profile';
import type { Transaction } from '../../entities/sql';
import { DatabaseConfig } from '../../platform/config/database';
import { openPostgres } from '../../platform/postgres';
import { withTransaction } from '../../platform/transaction';
import { startStack } from '../../sandbox/stack/start-stack';
import { buildSupplier } from '../support/factories/suppliers';
import type { SyntheticShop } from '../support/replenishment/synthetic-shop';

/** What a night's computation of all policies costs, in seconds. */
export interface MeasuredPolicies {
  readonly policies: number;
  readonly demandRows: number;
  /** Of the shop's profile, reading included. */
  readonly profile: number;
  /** Waiting for Postgres and parsing what it says. */
  readonly read: number;
  /** CPU time of this process outside statements: series, forecasts and bands. Others on the machine hardly change it. */
  readonly compute: number;
  readonly write: number;
}

/** As the nightly job has it. */
const POLICIES_AT_ONCE = 200;
/** Filling takes long on a busy machine. */
const LIMIT_MS = 900_000;

/** Computes so many policies on Postgres, over three years of demand of the synthetic SKUs, which repeat. */
export async function measurePolicies(
  shop: SyntheticShop,
  policies: number,
  say: (line: string) => void,
): Promise<MeasuredPolicies> {
  const root = join(process.cwd(), '.asoud');
  const stack = await startStack({
    ...{ directory: join(root, 'bench'), cache: join(root, 'cache'), reset: true, report: say },
  });
  const config = new DatabaseConfig();
  Object.assign(config, { databaseUrl: stack.databaseOwnerUrl, databasePoolSize: 2 });
  Object.assign(config, { databaseStatementTimeoutMs: LIMIT_MS, databaseLockTimeoutMs: LIMIT_MS });
  Object.assign(config, { databaseIdleTransactionTimeoutMs: LIMIT_MS });
  try {
    const database = await openPostgres(
      config,
      { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
      'asoud-bench',
    );
    try {
      await database.runMigrations({ transaction: 'each' });
      say('filling');
      const demandRows = await fill(database, shop, policies);
      return { policies, demandRows, ...(await measure(database, shop)) };
    } finally {
      await database.destroy();
    }
  } finally {
    await stack.stop();
  }
}

async function measure(database: DataSource, shop: SyntheticShop) {
  const today = shop.calendar[shop.historyDays]!.day;
  const began = performance.now();
  await withTransaction(database, (transaction) => computeProfile(transaction, today));
  const profile = (performance.now() - began) / 1_000;
  const spent: Spent = { read: 0, write: 0, cpu: 0 };
  let cpu = 0;
  for (let after: string | null = null; ;) {
    const { last } = await withTransaction(database, async (transaction) => {
      const stop = await timeStatements(transaction, spent);
      const before = process.cpuUsage();
      const page = { after, variantId: null, limit: POLICIES_AT_ONCE, today };
      const computed = await computePolicies(transaction, page);
      cpu += cpuSince(before);
      stop();
      return computed;
    });
    if (last === null) break;
    after = last;
  }
  return {
    profile,
    read: spent.read / 1_000,
    compute: (cpu - spent.cpu) / 1_000,
    write: spent.write / 1_000,
  };
}

/** What statements took, in milliseconds: by the clock, and CPU time of this process. */
interface Spent {
  read: number;
  write: number;
  cpu: number;
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Adds up what the statements of a transaction take, until the returned function is called. */
async function timeStatements({ queryRunner }: Transaction, spent: Spent): Promise<() => void> {
  const connection = (await queryRunner!.connect()) as {
    query: (statement: { text: string }) => Promise<unknown>;
  };
  const { query } = connection;
  connection.query = async (statement) => {
    const [started, before] = [performance.now(), process.cpuUsage()];
    try {
      return await query.call(connection, statement);
    } finally {
      spent[/\bUPDATE\b/.test(statement.text) ? 'write' : 'read'] += performance.now() - started;
      spent.cpu += cpuSince(before);
    }
  };
  return () => {
    connection.query = query;
  };
}

/** @returns how many rows of demand there are */
async function fill(database: DataSource, shop: SyntheticShop, policies: number): Promise<number> {
  const run = (sql: string, parameters?: unknown[]) => database.query(sql, parameters);
  const firstDay = shop.calendar[0]!.day;
  await run(`
    CREATE TABLE synthetic (sku integer, day date, units integer);
    CREATE TABLE synthetic_suppliers (sku integer, supplier_id uuid);
    ALTER TABLE demand_daily DROP CONSTRAINT fk_demand_daily_variant;
    DROP INDEX ix_demand_daily_day`);
  const supplierIds = new Map<object, string>();
  for (const [sku, { demand, supplier }] of shop.skus.entries()) {
    if (!supplierIds.has(supplier)) {
      const weekdays = [...supplier.weekdays];
      supplierIds.set(supplier, await buildSupplier(database, { ...supplier, weekdays }));
    }
    await run('INSERT INTO synthetic_suppliers VALUES ($1, $2)', [sku, supplierIds.get(supplier)]);
    await run(
      `INSERT INTO synthetic SELECT $1, $2::date + (at - 1)::integer, units
       FROM unnest($3::integer[]) WITH ORDINALITY AS d(units, at) WHERE units > 0`,
      [sku, firstDay, demand.slice(0, shop.historyDays)],
    );
  }
  await run(`
    INSERT INTO categories (id, slug, title) SELECT gen_random_uuid(), 'c-' || n, 'دسته' FROM generate_series(0, 19) AS n`);
  await run(
    `INSERT INTO products (id, slug, title, category_id, status)
     SELECT gen_random_uuid(), 'p-' || n, 'کالا', c.id, 'published'
     FROM generate_series(1, $1::integer) AS n JOIN categories c ON c.slug = 'c-' || n % 20`,
    [policies],
  );
  await run(
    `INSERT INTO variants (id, product_id, sku, title, price, position, created_at)
     SELECT gen_random_uuid(), id, upper(slug), 'نوع', 1000000, 0, $1::date FROM products`,
    [firstDay],
  );
  await run(
    `INSERT INTO stock_levels (variant_id, location_id, on_hand) SELECT id, $1, 50 FROM variants ORDER BY id`,
    [DEFAULT_LOCATION_ID],
  );
  await run(
    `INSERT INTO supplier_items (supplier_id, variant_id, supplier_sku, preferred)
     SELECT s.supplier_id, v.id, v.sku, true FROM variants v
       JOIN synthetic_suppliers s ON s.sku = substr(v.sku, 3)::integer % $1`,
    [shop.skus.length],
  );
  await run(
    `INSERT INTO replenishment_policies (id, variant_id, policy) SELECT gen_random_uuid(), id, $1 FROM variants`,
    [{ kind: 'forecast', service: { kind: 'cycle', level: 0.95 }, coverDays: 21 }],
  );
  // By day, as the nightly roll-ups write them.
  await run(
    `INSERT INTO demand_daily (variant_id, day, units, lines, in_stock_share)
     SELECT v.id, d.day, d.units, d.units, 1 FROM variants v
       JOIN synthetic d ON d.sku = substr(v.sku, 3)::integer % $1 ORDER BY d.day, v.id`,
    [shop.skus.length],
  );
  await run('CREATE INDEX ix_demand_daily_day ON demand_daily (day)');
  await run('VACUUM ANALYZE');
  const [{ rows }] = (await run('SELECT count(*)::integer AS rows FROM demand_daily')) as [{ rows: number }];
  return rows;
}
