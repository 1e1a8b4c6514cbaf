import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { hasFreshBundle } from '../../../sandbox/stack/workflow-bundle-file';

let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'asoud-bundle-'));
  write('node_modules/.package-lock.json', 100);
  write('dist/workflows/checkout/checkout.workflow.js', 200);
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

function write(path: string, second: number): string {
  const file = join(clone, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  utimesSync(file, second, second);
  return file;
}

test('a bundle that is newer than workflows and packages is fresh', () => {
  utimesSync(join(clone, 'dist/workflows/checkout'), 200, 200);
  const bundle = write('dist/workers/workflow-bundle.js', 300);
  expect(hasFreshBundle(join(clone, 'dist'))).toBe(true);
  expect(existsSync(bundle)).toBe(true);
});

test.each(['dist/workflows/checkout/checkout.workflow.js', 'node_modules/.package-lock.json'])(
  'a bundle that is older than %s is removed',
  (path) => {
    const bundle = write('dist/workers/workflow-bundle.js', 300);
    write(path, 400);
    expect(hasFreshBundle(join(clone, 'dist'))).toBe(false);
    expect(existsSync(bundle)).toBe(false);
  },
);

test('without a bundle nothing is fresh', () => {
  expect(hasFreshBundle(join(clone, 'dist'))).toBe(false);
});
