import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { keepSecrets } from '../../../sandbox/stack/secrets';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asoud-secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('secrets are generated once, all different, and only their owner can read them', () => {
  const secrets = keepSecrets(file);

  expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length);
  expect(keepSecrets(file)).toEqual(secrets);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('an older file is completed: its secrets stay, missing ones are generated and added', () => {
  const { hashSecret: _unknownThen, ...older } = keepSecrets(file);
  writeFileSync(file, JSON.stringify(older));

  const completed = keepSecrets(file);

  expect(completed).toMatchObject(older);
  expect(completed.hashSecret).toMatch(/^[\w-]{43}$/);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(completed);
  expect(keepSecrets(file)).toEqual(completed);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('unknown secrets of a newer version are kept', () => {
  writeFileSync(file, JSON.stringify({ ...keepSecrets(file), ofTomorrow: 'kept' }));

  keepSecrets(file);

  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ofTomorrow: 'kept' });
  expect(existsSync(`${file}.new`)).toBe(false);
});
