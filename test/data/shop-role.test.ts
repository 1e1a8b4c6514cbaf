import { randomBytes } from 'node:crypto';

import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { allowShopRole } from '../../entities/shop-role';
import { listenToStatements } from '../../platform/statement-log';
import { createTestDatabase, type TestDatabase } from '../support/database';

let home: TestDatabase;
let shop: Client;

beforeAll(async () => {
  home = await createTestDatabase({ seeded: true });
  shop = new Client({ connectionString: home.shopUrl });
  await shop.connect();
});
afterAll(async () => {
  await shop.end();
  await home.drop();
});

async function refusal(sql: string): Promise<string | undefined> {
  try {
    await shop.query(sql);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

test.each([
  'CREATE TABLE intruder (id int)',
  'CREATE FUNCTION intruder() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
  'ALTER TABLE orders ADD COLUMN intruder int',
  'ALTER TABLE orders DISABLE TRIGGER ALL',
  'ALTER TABLE orders DROP CONSTRAINT pk_orders',
  'DROP TRIGGER events_are_never_changed ON events',
  'CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
  'DROP TABLE orders CASCADE',
  'TRUNCATE ledger_entries',
  'SET session_replication_role = replica',
  'DELETE FROM migrations',
  "INSERT INTO migrations (timestamp, name) VALUES (1, 'intruder')",
  'CREATE ROLE intruder SUPERUSER',
  "COPY stock_movements TO PROGRAM 'cat'",
])('the role of the processes may not: %s', async (sql) => {
  expect(await refusal(sql)).toBe('42501');
});

test('it reads and writes the rows of every table', async () => {
  const { rows } = await shop.query(
    `SELECT tablename, p.privilege FROM pg_tables,
       unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p(privilege)
     WHERE schemaname = 'public' AND tablename <> 'migrations'
       AND NOT has_table_privilege(format('%I.%I', schemaname, tablename), p.privilege)`,
  );
  expect(rows).toEqual([]);
  expect(await refusal('UPDATE variants SET sku = sku')).toBeUndefined();
});

test('it makes and drops days of tracking by functions that can do nothing else', async () => {
  expect(await refusal('SELECT make_tracking_partition(current_date)')).toBeUndefined();
  expect(await refusal('SELECT drop_tracking_partitions(current_date - 90)')).toBeUndefined();
  expect(await refusal('SELECT make_tracking_partition(current_date + 400)')).toBe('22008');
  expect(await refusal('SELECT drop_tracking_partitions(current_date)')).toBe('22008');
  const name = `events_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
  expect(await refusal(`DROP TABLE tracking.${name}`)).toBe('42501');
  expect(await refusal('CREATE TABLE tracking.intruder (id int)')).toBe('42501');
});

/** Fails when it is run, and says with whose rights. */
const EVIL = `CREATE FUNCTION pg_temp.evil() RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'run as %', current_user; END $$`;
const CALL = {
  make: 'SELECT make_tracking_partition(current_date + 1)',
  drop: 'SELECT drop_tracking_partitions(current_date - 90)',
  leftover: `SELECT drop_leftover_index('none_ccnew')`,
};

const view = (name: string) => ({
  make: `CREATE TEMP VIEW ${name} AS SELECT * FROM pg_catalog.${name} WHERE pg_temp.evil()`,
  trap: `SELECT FROM pg_temp.${name}`,
});
const domain = (name: string, value: string) => ({
  make: `CREATE DOMAIN pg_temp.${name} AS pg_catalog.${name} CHECK (pg_temp.evil())`,
  trap: `SELECT '${value}'::pg_temp.${name}`,
});

test.each([
  ['view pg_inherits', view('pg_inherits'), 'drop'],
  ['view pg_class', view('pg_class'), 'drop'],
  ['view pg_index', view('pg_index'), 'leftover'],
  ['domain date', domain('date', '2026-11-27'), 'make'],
  ['domain text', domain('text', ''), 'make'],
] as const)('a temporary %s does nothing in a function of the owner', async (_what, { make, trap }, call) => {
  const { templates } = inject('stack');
  const role = call === 'leftover' ? templates.maintenanceRole : templates.role;
  const url = Object.assign(new URL(home.shopUrl), { username: role.name, password: role.password });
  const intruder = new Client({ connectionString: url.href });
  await intruder.connect();
  try {
    await intruder.query(EVIL);
    await intruder.query(make);
    await expect(intruder.query(trap)).rejects.toThrow(`run as ${role.name}`);
    const answer = await intruder.query(CALL[call]).then(
      () => 'done',
      (error: Error) => error.message,
    );
    expect(answer).toBe(call === 'leftover' ? 'none_ccnew is no index that a rebuild has left' : 'done');
  } finally {
    await intruder.end();
  }
});

test('every function with the rights of the owner looks into temporary tables last', async () => {
  const { rows } = await shop.query(
    `SELECT proname, proconfig::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace`,
  );
  expect(rows).toHaveLength(3);
  for (const { proconfig } of rows) expect(proconfig).toContain('search_path=pg_catalog, pg_temp');
});

test('the guards of the tables hold for it', async () => {
  const { rows } = await shop.query('SELECT 1 FROM stock_movements LIMIT 1');
  expect(rows).toHaveLength(1);
  expect(await refusal('DELETE FROM stock_movements')).toBe('23000');
});

test('a role that is more than that is reported', async () => {
  const owner = await new DataSource({ type: 'postgres', url: home.url }).initialize();
  try {
    const { role } = inject('stack').templates;
    expect(await allowShopRole(owner, role)).toEqual({ hasTooManyRights: false });
    expect(await refusal('CREATE TEMP TABLE intruder (id int)')).toBe('42501');
    const { username, password } = new URL(home.url);
    expect(await allowShopRole(owner, { name: username, password })).toEqual({ hasTooManyRights: true });
  } finally {
    await owner.destroy();
  }
});

test('its password never reaches Postgres, which logs the statements that fail, and opens the database all the same', async () => {
  const role = { name: `made_${randomBytes(4).toString('hex')}`, password: `pass'word ${newSecret()}` };
  const sent: unknown[] = [];
  const logger = {
    ...listenToStatements(),
    logQuery: (...query: unknown[]) => void sent.push(query.slice(0, 2)),
  };
  const owner = await new DataSource({ type: 'postgres', url: home.url, logger }).initialize();
  const address = Object.assign(new URL(home.url), {
    username: role.name,
    password: encodeURIComponent(role.password),
  });
  const made = new Client({ connectionString: address.href });
  try {
    await allowShopRole(owner, role);

    expect(JSON.stringify(sent)).toContain('CREATE ROLE');
    expect(JSON.stringify(sent)).not.toContain('pass');
    await made.connect();
    expect((await made.query('SELECT count(*) FROM variants')).rowCount).toBe(1);
  } finally {
    await made.end();
    await owner.query(`DROP OWNED BY ${role.name}`);
    await owner.query(`DROP ROLE ${role.name}`);
    await owner.destroy();
  }
});

function newSecret(): string {
  return randomBytes(12).toString('hex');
}
