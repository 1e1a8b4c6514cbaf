import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { TEXTS_AT_MOST } from '../../entities/prepared-statement';
import type { Column } from '../../entities/row-shape';
import { integer, text } from '../../entities/row-shape';
import { declaredStatements, type Statement } from '../../entities/sql';
import { ROOT } from '../architecture/planted-tree';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { describeStatement } from '../support/describe-statement';

let home: TestDatabase;
let client: Client;

beforeAll(async () => {
  home = await createTestDatabase();
  client = new Client({ connectionString: home.url });
  await client.connect();
  const declaring = sources().filter(([, source]) => /\bstatement(<[^(]*>)?\(/.test(source));
  for (const [file] of declaring) await import(path.join(ROOT, file));
});
afterAll(async () => {
  await client.end();
  await home.drop();
});

/** The source files of the rooms that read or write rows, by their path. */
function sources(): [file: string, source: string][] {
  return ['entities', 'api', 'activities', 'workers', 'commands']
    .flatMap((room) =>
      readdirSync(path.join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((file) =>
        path.join(room, file),
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, readFileSync(path.join(ROOT, file), 'utf8')]);
}

/** How the result of a statement differs from its shape. */
async function differences({ text, shape }: Statement<object>): Promise<string[]> {
  const columns = Object.entries(shape) as [string, Column<unknown>][];
  const described = new Map((await describeStatement(client, text)).map(({ name, type }) => [name, type]));
  return [
    ...columns
      .filter(([name, { types }]) => !types.includes(described.get(name) ?? ''))
      .map(
        ([name, { types }]) =>
          `${name}: ${types.join(' or ')} is declared, ${described.get(name)} is returned`,
      ),
    ...[...described.keys()].filter((name) => !(name in shape)).map((name) => `${name}: not declared`),
  ];
}

test('every declared statement returns the columns of its type', async () => {
  const statements = declaredStatements();
  expect(statements.length).toBeGreaterThan(25);
  for (const statement of statements) expect(await differences(statement), statement.text).toEqual([]);
});

test('each declared statement can be prepared, and there is room for as many', () => {
  expect(declaredStatements().length).toBeLessThan(TEXTS_AT_MOST / 2);
});

test('a renamed, missing, undeclared or retyped column is noticed', async () => {
  const differencesOf = (sql: string) => differences({ text: sql, shape: { number: integer, status: text } });

  expect(await differencesOf('SELECT number, status FROM orders')).toEqual([]);
  expect(await differencesOf('SELECT number AS "orderNumber", status FROM orders')).toEqual([
    'number: int2 or int4 or int8 is declared, undefined is returned',
    'orderNumber: not declared',
  ]);
  expect(await differencesOf('SELECT number FROM orders')).toHaveLength(1);
  expect(await differencesOf('SELECT number, status, total FROM orders')).toEqual(['total: not declared']);
  expect(await differencesOf('SELECT sum(number) AS number, status FROM orders GROUP BY status')).toEqual([
    'number: int2 or int4 or int8 is declared, numeric is returned',
  ]);
});

test('a statement without a result declares none', async () => {
  expect(await differences({ text: 'DELETE FROM events', shape: {} })).toEqual([]);
});

test('no raw SQL runs past the door', () => {
  const around = sources()
    .filter(([file, source]) => !file.startsWith('entities/migrations/') && /\.query\(/.test(source))
    .map(([file]) => file);
  // Roles and rights cannot be prepared: that is the set-up's, as the owner.
  expect(around).toEqual([
    'entities/maintenance-role.ts',
    'entities/prepared-statement.ts',
    'entities/shop-role.ts',
    'entities/sql.ts',
    'api/health/health-check.ts',
  ]);
});
