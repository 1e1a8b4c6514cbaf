import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { loadConfig, type ConfigError } from '../../../platform/config/load-config';
import { LocalStorageConfig, S3Config, StorageConfig } from '../../../platform/config/storage';
import { openStorage } from '../../../platform/storage/open-storage';

const SECTIONS = { storage: StorageConfig, localStorage: LocalStorageConfig, s3: S3Config };
const folder = mkdtempSync(join(tmpdir(), 'open-storage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = `products/${'0'.repeat(64)}.webp`;

/** Which variables a production refuses. */
function refusedInProduction(variables: Readonly<Record<string, string>>): string[] {
  try {
    loadConfig(SECTIONS, { NODE_ENV: 'production', ...variables });
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((problem) => problem.split(' ')[0]!);
  }
}

it('opens the folder by default, whose addresses lead to the API', async () => {
  const config = loadConfig(SECTIONS, { STORAGE_FOLDER: folder });
  const { kind, storage } = await openStorage(config, 'http://127.0.0.1:3000/files');
  expect(kind).toBe('local');
  expect(storage.signRead(KEY, { expiresInMs: 1_000 })).toMatch(
    new RegExp(`^http://127\\.0\\.0\\.1:3000/files/${KEY}\\?token=`),
  );
});

it('opens the bucket when it is told so', async () => {
  const { kind, storage } = await openStorage(
    loadConfig(SECTIONS, { STORAGE: 's3' }),
    'http://127.0.0.1:3000',
  );
  expect(kind).toBe('s3');
  expect(storage.signRead(KEY, { expiresInMs: 1_000 })).toMatch(
    new RegExp(`^http://127\\.0\\.0\\.1:4030/asoud/${KEY}\\?X-Amz-`),
  );
});

it('refuses in production what only suits this machine, of the store that is used', () => {
  expect(refusedInProduction({})).toEqual(['STORAGE_FOLDER', 'STORAGE_SECRETS']);
  expect(
    refusedInProduction({
      STORAGE_FOLDER: '/var/lib/asoud',
      STORAGE_SECRETS: '0f3ac1b9d25e47688b1d9c06e7f2a354',
    }),
  ).toEqual([]);
  expect(refusedInProduction({ STORAGE: 's3' })).toEqual(['S3_ENDPOINT', 'S3_ACCESS_KEY', 'S3_SECRET_KEY']);
  expect(
    refusedInProduction({
      STORAGE: 's3',
      S3_ENDPOINT: 'https://s3.ir-thr-at1.arvanstorage.ir',
      S3_ACCESS_KEY: '8f1e2d3c-4b5a-4968-b7a6-95847362514f',
      S3_SECRET_KEY: '7d1f0c9be2a34856',
    }),
  ).toEqual([]);
});
