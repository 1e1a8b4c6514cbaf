import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { Client } from 'pg';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';

import { isRunning } from '../../sandbox/stack/process-identity';
import { allGone, startLauncher, type Launcher, type LauncherOptions } from '../support/launcher';
import { PATIENCE } from '../support/patience';
import { removeFolder, scratchFolder } from '../support/scratch-folder';

const READY = 'Ctrl-C stops the servers.';

let folder: string;
let launchers: Launcher[];

beforeEach(() => {
  folder = scratchFolder('launcher');
  launchers = [];
});

afterEach(async () => {
  for (const launcher of launchers) launcher.kill('SIGKILL');
  await Promise.all(launchers.map((it) => it.ended));
  await removeFolder(folder);
});

function launch(more: Partial<LauncherOptions> = {}): Launcher {
  const launcher = startLauncher({
    state: join(folder, 'state'),
    ...more,
    options: ['--servers', ...(more.options ?? [])],
  });
  launchers.push(launcher);
  return launcher;
}

async function started(more: Partial<LauncherOptions> = {}): Promise<Launcher> {
  const launcher = launch(more);
  await launcher.prints(READY);
  return launcher;
}

function variable(launcher: Launcher, name: string): string {
  const [, value] = new RegExp(`export ${name}='(.*)'`).exec(launcher.output()) ?? [];
  if (value === undefined)
    throw new Error(`${name} is not among the printed variables:\n${launcher.output()}`);
  return value;
}

async function query(launcher: Launcher, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: variable(launcher, 'DATABASE_OWNER_URL') });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

test('a killed launcher leaves no process behind, and the next start finds the data', async () => {
  const first = await started();
  await query(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const processes = first.processes();
  expect(processes.map((it) => it.name).toSorted()).toEqual(['Postgres', 'Redis', 'Temporal']);

  first.kill('SIGKILL');
  await allGone(processes);

  const second = await started();
  expect(await query(second, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  expect(variable(second, 'DATABASE_URL')).toBe(variable(first, 'DATABASE_URL'));
  expect(variable(second, 'TEMPORAL_ADDRESS')).toBe(variable(first, 'TEMPORAL_ADDRESS'));
});

test('what a launcher and its watchdog, killed together, leave running does not block the next start', async () => {
  const first = await started();
  const processes = first.processes();
  process.kill(first.watchdog().pid, 'SIGSTOP'); // Else it would be quicker than the second kill.
  first.kill('SIGKILL');
  await first.ended;
  process.kill(first.watchdog().pid, 'SIGKILL');
  await allGone([first.watchdog()]);
  expect(processes.every(({ pid, identity }) => isRunning(pid, identity))).toBe(true);

  await started();
  await allGone(processes);
});

test('a killed server, and even a killed watchdog, is replaced while the launcher runs', async () => {
  const launcher = await started();
  const before = launcher.processes();
  const watchdog = launcher.watchdog();
  process.kill(watchdog.pid, 'SIGKILL');
  for (const { pid } of before) process.kill(pid, 'SIGKILL');

  for (const name of ['Postgres', 'Redis', 'Temporal']) await launcher.prints(`${name} is back`);
  expect(await query(launcher, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await vi.waitFor(() => expect(launcher.watchdog().pid).not.toBe(watchdog.pid), PATIENCE);

  const after = launcher.processes();
  launcher.kill('SIGKILL');
  await allGone([...after, launcher.watchdog()]);
});

test('Ctrl-C stops everything in order and ends without an error', async () => {
  const launcher = await started();
  const processes = launcher.processes();
  launcher.kill('SIGINT');
  expect(await launcher.ended).toBe(0);
  await allGone(processes);
  expect(existsSync(join(folder, 'state/lock'))).toBe(false);
  expect(readFileSync(join(folder, 'state/logs/postgres.log'), 'utf8')).toContain(
    'database system is shut down',
  );
});

test('Ctrl-C that arrives twice at once, from the terminal and from npm, still stops in order', async () => {
  const launcher = await started();
  const processes = launcher.processes();
  launcher.kill('SIGINT');
  launcher.kill('SIGTERM');
  expect(await launcher.ended).toBe(0);
  expect(processes.some(({ pid, identity }) => isRunning(pid, identity))).toBe(false);
});

test('kill -9 of npm stops the shop', async () => {
  const launcher = startLauncher({ state: join(folder, 'state'), options: ['--servers'], below: 'npm' });
  launchers.push(launcher);
  await launcher.prints(READY);
  const processes = [...launcher.processes(), launcher.watchdog()];
  launcher.kill('SIGKILL');
  await allGone(processes);
});

test('a launcher whose npm was ended stops too', async () => {
  const state = join(folder, 'state');
  const launcher = startLauncher({ state, options: ['--servers'], below: 'shell' });
  launchers.push(launcher);
  await launcher.prints(READY);
  const processes = [...launcher.processes(), launcher.watchdog()];
  launcher.kill('SIGTERM');
  expect(await launcher.ended).toBe('SIGTERM');
  expect(launcher.output()).toContain('stopping');
  await allGone(processes);
});

test('Ctrl-C during the start leaves no process behind', async () => {
  const launcher = launch();
  await launcher.prints('is up');
  const processes = launcher.processes();
  launcher.kill('SIGINT');
  expect(await launcher.ended).toBe(0);
  await allGone(processes);
  await started();
});

test('a launcher killed while Postgres makes its data folder leaves nobody who writes there', async () => {
  const launcher = launch();
  const making = await vi.waitUntil(
    () =>
      existsSync(join(folder, 'state', 'processes.json')) &&
      launcher.processes().find(({ name }) => name.startsWith('Creating Postgres')),
    { ...PATIENCE, interval: 5 },
  );
  const processes = [...launcher.processes(), making];
  launcher.kill('SIGKILL');
  expect(await launcher.ended).toBe('SIGKILL');
  await allGone(processes);
  await started();
});

test('a second launcher in the same folder says who is there and leaves the first alone', async () => {
  const first = await started();
  const second = launch();
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`process ${first.pid}`);
  expect(second.output()).toContain('--state');
  expect(await query(first, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a busy port is passed over, and the choice stays when the port is free again', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const { port: busy } = occupant.address() as AddressInfo;
  const environment = { EMBEDDED_POSTGRES_PORT: String(busy) };
  const first = await started({ environment });
  const chosen = new URL(variable(first, 'DATABASE_URL')).port;
  expect(Number(chosen)).toBeGreaterThan(busy);
  first.kill('SIGTERM');
  await first.ended;
  await new Promise((resolve) => occupant.close(resolve));

  const second = await started({ environment });
  expect(new URL(variable(second, 'DATABASE_URL')).port).toBe(chosen);
});

test('--reset removes the data and makes up new secrets', async () => {
  const first = await started();
  await query(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
  first.kill('SIGTERM');
  await first.ended;

  const second = await started({ options: ['--reset'] });
  expect(await query(second, `SELECT to_regclass('kept') AS kept`)).toEqual([{ kept: null }]);
  expect(variable(second, 'TOKEN_SECRET')).not.toBe(variable(first, 'TOKEN_SECRET'));
});

test('data that a newer Redis has left does not stop the start', async () => {
  const redis = join(folder, 'state/redis');
  mkdirSync(redis, { recursive: true });
  writeFileSync(join(redis, 'dump.rdb'), 'REDIS9999');
  const first = await started();
  first.kill('SIGTERM');
  await first.ended;
  expect(readdirSync(redis)).toEqual([]);
});

test('secrets are readable by their owner only', async () => {
  await started();
  expect(statSync(join(folder, 'state/secrets.json')).mode & 0o077).toBe(0);
});

test('servers of the environment are used instead of embedded ones', async () => {
  const { postgresUrl, redisUrl, temporalAddress } = inject('stack');
  const launcher = await started({
    environment: { DATABASE_URL: postgresUrl, REDIS_URL: redisUrl, TEMPORAL_ADDRESS: temporalAddress },
  });
  expect(launcher.processes()).toEqual([]);
  expect(variable(launcher, 'DATABASE_URL')).toBe(postgresUrl);
  expect(readdirSync(join(folder, 'state'))).not.toContain('postgres');
});

test('a server of the environment that does not answer is named, without its password', async () => {
  const launcher = launch({ environment: { DATABASE_URL: 'postgres://shop:hidden@127.0.0.1:9/asoud' } });
  expect(await launcher.ended).toBe(1);
  expect(launcher.output()).toContain(
    'DATABASE_URL is set, but no Postgres answers at postgres://…@127.0.0.1:9/asoud',
  );
  expect(launcher.output()).not.toContain('hidden');
});

test('a program that cannot be had is explained with what was tried and what to do', async () => {
  const launcher = launch({ environment: { TEMPORAL_CLI_PATH: join(folder, 'no-such-temporal') } });
  expect(await launcher.ended).toBe(1);
  expect(launcher.output()).toMatch(
    /Temporal dev server could not be found\. Tried:\n.*no-such-temporal: not found/,
  );
  expect(launcher.output()).toContain('What to do:');
});

test('a throw-away stack goes with the process that started it, even when that is killed', async () => {
  const state = join(folder, 'state');
  const program = `
    const { startStack } = require(${JSON.stringify(join(__dirname, '../../dist/sandbox/stack/start-stack'))});
    const cache = ${JSON.stringify(join(__dirname, '../../.asoud/cache'))};
    startStack({ directory: ${JSON.stringify(state)}, cache, ephemeral: true }).then((stack) => console.log(stack.directory));
  `;
  const child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const directory = await new Promise<string>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())),
  );
  const { processes } = JSON.parse(readFileSync(join(directory, 'processes.json'), 'utf8')) as {
    processes: { pid: number; identity: string }[];
  };
  expect(processes).toHaveLength(3);
  child.kill('SIGKILL');
  await allGone(processes);
  await vi.waitFor(() => expect(existsSync(directory)).toBe(false), PATIENCE);
});
