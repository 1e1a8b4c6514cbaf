import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Addresses } from '../../sandbox/stack/running-file';
import { eventually } from '../support/eventually';
import { allGone, startLauncher, type Launcher } from '../support/launcher';
import { removeFolder, scratchFolder } from '../support/scratch-folder';

const CLONE = join(__dirname, '../..');
const SOURCES = [
  'activities',
  'api',
  'commands',
  'entities',
  'platform',
  'realtime',
  'sandbox',
  'temporal',
  'test',
  'workers',
  'workflows',
];

let clone: string;
let launcher: Launcher;

/** A clone whose sources the test may change. With all of them, the compiler goes on from what it has built. */
beforeAll(async () => {
  clone = scratchFolder('reload');
  for (const name of [...SOURCES, 'dist', 'package.json', 'tsconfig.json']) {
    cpSync(join(CLONE, name), join(clone, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(CLONE, 'node_modules'), join(clone, 'node_modules'));
  mkdirSync(join(clone, '.asoud'));
  symlinkSync(join(CLONE, '.asoud/cache'), join(clone, '.asoud/cache'));
  launcher = startLauncher({ clone, state: join(clone, 'state'), reload: true });
  await launcher.prints('Asoud is up after');
});

afterAll(async () => {
  const processes = launcher.processes();
  launcher.kill('SIGTERM');
  await launcher.ended;
  await allGone(processes);
  await removeFolder(clone);
});

function change(file: string, from: string, to: string): void {
  const path = join(clone, file);
  const source = readFileSync(path, 'utf8');
  expect(source).toContain(from);
  writeFileSync(path, source.replace(from, to));
}

function pidOf(name: string): number {
  return launcher.processes().find((it) => it.name === name)!.pid;
}

async function liveAnswer(): Promise<string> {
  const { apiUrl } = JSON.parse(readFileSync(join(clone, 'state/running.json'), 'utf8')) as Addresses;
  return fetch(`${apiUrl}/health/live`).then((answer) => answer.text(), String);
}

test('a change of the API is served without a new start, and a mistake leaves the running one alone', async () => {
  const [worker, sandbox] = [pidOf('worker'), pidOf('sandbox')];
  change('api/health/health.routes.ts', "body: { status: 'live' }", "body: { status: 'alive' }");
  await launcher.prints(/not reloaded: .*\n?[^]*health\.routes\.ts/);
  expect(await liveAnswer()).toBe('{"status":"live"}');

  change('api/health/health.view.ts', "status!: 'live'", "status!: 'alive'");
  await launcher.prints('api is back');
  expect(await eventually(liveAnswer, (text) => text.includes('alive'))).toBe('{"status":"alive"}');
  expect([pidOf('worker'), pidOf('sandbox')]).toEqual([worker, sandbox]);
});

test('a change of a workflow reaches the worker with its bundle', async () => {
  const worker = pidOf('worker');
  writeFileSync(join(clone, 'workflows/greeting.ts'), "export const GREETING = 'salam-salam';\n");
  change('workflows/index.ts', '\n', "\nexport { GREETING } from './greeting';\n");
  await launcher.prints('worker is back');

  expect(pidOf('worker')).not.toBe(worker);
  expect(readFileSync(join(clone, 'dist/workers/workflow-bundle.js'), 'utf8')).toContain('salam-salam');
});
