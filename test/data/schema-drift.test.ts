import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { openPostgres } from '../../platform/postgres';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { rows } from '../support/sql';

let home: TestDatabase;
let database: DataSource;

beforeAll(async () => {
  home = await createTestDatabase();
  const { database: config } = loadConfig({ database: DatabaseConfig }, { DATABASE_URL: home.url });
  database = await openPostgres(config, { entities: SHOP_ENTITIES, migrations: MIGRATIONS }, 'schema-drift');
});
afterAll(async () => {
  await database.destroy();
  await home.drop();
});

const run = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
  rows<Row>(database.manager, sql, values);

/** The expressions that generate columns, as the entities state them. */
function statedExpressions() {
  return database.entityMetadatas.flatMap(({ tableName, columns }) =>
    columns
      .filter(({ asExpression }) => asExpression !== undefined)
      .map(({ databaseName, asExpression }) => ({
        table: tableName,
        column: databaseName,
        stated: asExpression!,
      })),
  );
}

/** The expression as Postgres prints it. */
async function printed(table: string, column: string): Promise<string | undefined> {
  const [found] = await run<{ expression: string }>(
    `SELECT pg_get_expr(d.adbin, d.adrelid) AS expression
     FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
     WHERE d.adrelid = $1::regclass AND a.attname = $2 AND a.attgenerated = 's'`,
    [table, column],
  );
  return found?.expression;
}

test('generated columns are generated as their entities say', async () => {
  for (const { table, column, stated } of statedExpressions()) {
    await run(`CREATE TABLE drift_probe (LIKE ${table})`);
    await run(`ALTER TABLE drift_probe DROP COLUMN ${column}`);
    const [type] = await run<{ name: string }>(
      `SELECT format_type(atttypid, atttypmod) AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2`,
      [table, column],
    );
    await run(
      `ALTER TABLE drift_probe ADD COLUMN ${column} ${type!.name} GENERATED ALWAYS AS (${stated}) STORED`,
    );
    expect([table, column, await printed(table, column)]).toEqual([
      table,
      column,
      await printed('drift_probe', column),
    ]);
    await run('DROP TABLE drift_probe');
  }
});

test('migrations and entities agree', async () => {
  // TypeORM compares generated columns with notes of its own, which a migration in SQL does not make. The test before
  // this one compared them with Postgres itself, so the notes may be taken from the entities here.
  for (const { table, column, stated } of statedExpressions()) {
    await run(
      `INSERT INTO typeorm_metadata (type, database, schema, "table", name, value)
       VALUES ('GENERATED_COLUMN', current_database(), 'public', $1, $2, $3)`,
      [table, column, stated],
    );
  }
  const { upQueries } = await database.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

/** Everything that our migrations make: columns, constraints, indexes, triggers, functions. */
async function schema(): Promise<string[]> {
  const found = await run<{ thing: string }>(
    `SELECT format('column %s.%s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid)) AS thing
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
     UNION ALL
     SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
     FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
     UNION ALL
     SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL
     SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
     UNION ALL
     SELECT pg_get_functiondef(p.oid) FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND NOT EXISTS (
       SELECT 1 FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
     ORDER BY 1`,
  );
  // TypeORM's own two tables stay.
  return found.map(({ thing }) => thing).filter((thing) => !/\b(migrations|typeorm_metadata)\b/.test(thing));
}

test('every migration goes down to what was there before it, and up again', async () => {
  const after: string[][] = [await schema()];
  for (const _ of MIGRATIONS) {
    await database.undoLastMigration({ transaction: 'each' });
    after.unshift(await schema());
  }
  expect(after[0]).toEqual([]);
  const migrate = async () => (await database.runMigrations({ transaction: 'each' })).length;
  expect(await migrate()).toBe(MIGRATIONS.length);
  expect(await schema()).toEqual(after.at(-1));
  for (const [index] of MIGRATIONS.entries()) {
    await database.undoLastMigration({ transaction: 'each' });
    expect(await schema()).toEqual(after.at(-2 - index));
  }
  expect(await migrate()).toBe(MIGRATIONS.length);
});

test('the list of migrations is in the order in which they run', () => {
  const times = MIGRATIONS.map(({ name }) => Number(/\d{13}$/.exec(name)![0]));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});
