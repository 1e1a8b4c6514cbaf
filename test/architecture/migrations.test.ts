import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { ROOT } from './planted-tree';

const HOME = path.join(ROOT, 'entities/migrations');
/** Migrations up to this one are released. */
const RELEASED = '1797000920001';

/** The indexes that a migration builds on tables with rows while nobody can write to them. */
function blockingIndexes(sql: string): string[] {
  const made = new Set([...sql.matchAll(/CREATE TABLE (\w+)/g)].map(([, table]) => table));
  return [...sql.matchAll(/CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)(\S+) ON (\w+)/g)]
    .filter(([, , table]) => !made.has(table))
    .map(([, index]) => index!);
}

test('an index on a table with rows is built while writers go on', () => {
  const files = readdirSync(HOME).filter((name) => name > RELEASED && !name.startsWith(RELEASED));
  const found = files.flatMap((name) => blockingIndexes(readFileSync(path.join(HOME, name), 'utf8')));
  expect(files.length).toBeGreaterThan(0);
  expect(found).toEqual([]);
});

test('an index that blocks writers is found', () => {
  const own = 'CREATE TABLE a (id int); CREATE INDEX ix_a ON a (id);';
  expect(blockingIndexes(`${own} CREATE UNIQUE INDEX ix_b ON b (id)`)).toEqual(['ix_b']);
});
