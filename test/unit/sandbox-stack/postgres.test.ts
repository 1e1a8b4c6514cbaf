import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { preparePostgres, type PostgresOptions } from '../../../sandbox/stack/postgres';
import { removeFolder, scratchFolder } from '../../support/scratch-folder';

/** Options for a data folder of this test. `initdb` is played by `runToEnd`. */
function optionsFor(runToEnd: PostgresOptions['runToEnd']): PostgresOptions {
  const folder = scratchFolder('postgres');
  onTestFinished(() => removeFolder(folder));
  return {
    binaries: { initdb: 'initdb', postgres: 'postgres' },
    user: undefined,
    data: join(folder, 'postgres'),
    port: 1,
    password: 'secret',
    logFile: join(folder, 'postgres.log'),
    ephemeral: true,
    runToEnd,
  };
}

test('a cluster appears under its name when it is complete, and its password file is gone', async () => {
  const options = optionsFor(async ({ arguments: given }) => {
    expect(existsSync(options.data)).toBe(false);
    const folder = given.find((it) => it.startsWith('--pgdata='))!.slice('--pgdata='.length);
    writeFileSync(join(folder, 'PG_VERSION'), '18\n');
  });

  await preparePostgres(options);

  expect(existsSync(join(options.data, 'PG_VERSION'))).toBe(true);
  expect(existsSync(`${options.data}.password`)).toBe(false);
});

test.each([true, false])(
  'initdb waits for the disk unless the data is thrown away (%s)',
  async (ephemeral) => {
    let given: readonly string[] = [];
    const options = optionsFor(async (spec) => void (given = spec.arguments));

    await preparePostgres({ ...options, ephemeral });

    expect(given.includes('--no-sync')).toBe(ephemeral);
  },
);

test('what is left of a cluster whose removal was interrupted is named, with the way out, and stays as it is', async () => {
  const options = optionsFor(() => Promise.reject(new Error('initdb must not run')));
  mkdirSync(join(options.data, 'base'), { recursive: true });

  await expect(preparePostgres(options)).rejects.toThrow(/is no whole cluster.*--reset/s);

  expect(existsSync(join(options.data, 'base'))).toBe(true);
});
