import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { findRedis, findTemporal, MissingProgramError } from '../../../sandbox/stack/find-programs';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asoud-programs-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that answers --version with this line. */
function buildProgram(name: string, line: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho '${line}'\n`);
  chmodSync(file, 0o755);
  return file;
}

function options(configured: string) {
  return { cache: join(folder, 'cache'), configured, report: () => undefined };
}

test.each([
  ['temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', findTemporal],
  ['temporal version 1.10.0 (Server 1.33.0, UI 2.60.0)', findTemporal],
  ['temporal version 2.0.0', findTemporal],
  ['Redis server v=6.2.14 sha=40305114:0 malloc=libc bits=64', findRedis],
  ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', findRedis],
  ['Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', findRedis],
])('"%s" is new enough', async (line, find) => {
  const executable = buildProgram('good', line);
  expect(await find(options(executable))).toEqual({ executable, version: line });
});

test.each([
  ['temporal version 1.8.3 (Server 1.31.0, UI 2.49.1)', findTemporal, 'is not 1.9 or newer'],
  ['temporal version 0.13.2', findTemporal, 'is not 1.9 or newer'],
  ['Redis server v=5.0.3 sha=00000000:0', findRedis, 'is not 6.2 or newer'],
  ['something else', findRedis, 'is not 6.2 or newer'],
])('"%s" is refused with its version', async (line, find, why) => {
  const executable = buildProgram('old', line);
  await expect(find(options(executable))).rejects.toThrow(`${executable}: "${line}" ${why}`);
});

test('a missing program is explained: what was tried, what to do, which variable to set', async () => {
  const missing = join(folder, 'nothing');
  const error = await findRedis(options(missing)).catch((it: unknown) => it);
  expect(error).toBeInstanceOf(MissingProgramError);
  const { message } = error as MissingProgramError;
  expect(message).toContain(`${missing}: not found`);
  expect(message).toContain('What to do:');
  expect(message).toContain('REDIS_URL');
});
