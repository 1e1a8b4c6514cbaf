import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { FolderInUseError, holderOf, lockFolder } from '../../../sandbox/stack/folder-lock';
import { identityOf, isRunning } from '../../../sandbox/stack/process-identity';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asoud-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeHolder(pid: number, identity: string): void {
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid, identity }));
}

test('a folder is locked once, and free again after unlocking', () => {
  const unlock = lockFolder(folder);
  expect(holderOf(folder)?.pid).toBe(process.pid);
  expect(() => lockFolder(folder)).toThrow(FolderInUseError);
  unlock();
  lockFolder(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock whose process has ended is ignored', async () => {
  const child = spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' });
  const identity = identityOf(child.pid!);
  expect(identity).toBeDefined();
  writeHolder(child.pid!, identity!);
  await new Promise((resolve) => child.once('exit', resolve));
  expect(isRunning(child.pid!, identity!)).toBe(false);
  lockFolder(folder)();
});

test('a lock whose number another process has now is ignored', () => {
  writeHolder(process.pid, 'the process that had this number before');
  const unlock = lockFolder(folder);
  expect(holderOf(folder)?.identity).toBe(identityOf(process.pid));
  unlock();
});

test('a truncated lock file is ignored', () => {
  writeFileSync(join(folder, 'lock'), '{"pid":');
  const unlock = lockFolder(folder);
  expect(holderOf(folder)?.identity).toBe(identityOf(process.pid));
  unlock();
});
