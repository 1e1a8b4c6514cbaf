import { join } from 'node:path';

import { expect, onTestFinished, test, vi } from 'vitest';

import { shopEnvironment } from '../../../commands/shop-environment';
import { announce } from '../../../sandbox/stack/running-file';
import { removeFolder, scratchFolder } from '../../support/scratch-folder';

/** The folder of a shop that runs in this process, at another port than the usual one. */
function runningShop(): string {
  const folder = scratchFolder('running');
  onTestFinished(() => removeFolder(folder));
  announce(folder, {
    pid: process.pid,
    apiUrl: 'http://127.0.0.1:3007',
    realtimeUrl: 'http://127.0.0.1:3008',
    zarinpalUrl: 'http://127.0.0.1:4010',
    smsIrUrl: 'http://127.0.0.1:4011',
    kavenegarUrl: 'http://127.0.0.1:4012',
    twilioUrl: 'http://127.0.0.1:4013',
    s3Url: 'http://127.0.0.1:4030',
    supplierUrl: 'http://127.0.0.1:4040',
    smsInboxUrl: 'http://127.0.0.1:4020',
    temporalUiUrl: undefined,
    temporalAddress: '127.0.0.1:7233',
    temporalNamespace: 'asoud',
    databaseUrl: 'postgres://shop@127.0.0.1:5433/asoud',
    databaseOwnerUrl: 'postgres://owner@127.0.0.1:5433/asoud',
    databaseMaintenanceUrl: 'postgres://maintenance@127.0.0.1:5433/asoud',
    redisUrl: 'redis://127.0.0.1:6380',
  });
  return folder;
}

function without(...variables: string[]): void {
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const variable of variables) vi.stubEnv(variable, undefined);
}

test('a command finds the running shop with the address at which it is reached, which the pictures get', () => {
  without('DATABASE_URL', 'DATABASE_URL_FILE', 'PUBLIC_URL');

  expect(shopEnvironment(['--state', runningShop()])).toMatchObject({
    DATABASE_URL: 'postgres://shop@127.0.0.1:5433/asoud',
    DATABASE_OWNER_URL: 'postgres://owner@127.0.0.1:5433/asoud',
    DATABASE_MAINTENANCE_URL: 'postgres://maintenance@127.0.0.1:5433/asoud',
    TEMPORAL_NAMESPACE: 'asoud',
    PUBLIC_URL: 'http://127.0.0.1:3007',
  });
});

test('a public address that was given stays', () => {
  without('DATABASE_URL', 'DATABASE_URL_FILE');
  vi.stubEnv('PUBLIC_URL', 'https://shop.example');

  expect(shopEnvironment(['--state', runningShop()])).toMatchObject({ PUBLIC_URL: 'https://shop.example' });
});

test('without a running shop the command says how to start one', () => {
  without('DATABASE_URL', 'DATABASE_URL_FILE');

  expect(() => shopEnvironment(['--state', join(runningShop(), 'empty')])).toThrow('npm run dev');
});
