import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { lastLines, rotateLog } from '../../../sandbox/stack/log-file';
import { followLog, type LogTail } from '../../../sandbox/stack/log-tail';
import { PATIENCE } from '../../support/patience';

let folder: string;
let file: string;
let tail: LogTail | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asoud-log-'));
  file = join(folder, 'api.log');
});

afterEach(() => {
  tail?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a followed log passes on appended lines, also after it was rotated', async () => {
  writeFileSync(file, 'before\n');
  const lines: string[] = [];
  tail = followLog(file, (line) => lines.push(line));
  appendFileSync(file, 'one\ntw');
  await vi.waitFor(() => expect(lines).toEqual(['one']), PATIENCE);
  appendFileSync(file, 'o\n');
  await vi.waitFor(() => expect(lines).toEqual(['one', 'two']), PATIENCE);
  renameSync(file, `${file}.1`);
  writeFileSync(file, '3\n');
  await vi.waitFor(() => expect(lines).toEqual(['one', 'two', '3']), PATIENCE);
});

test('the end of a log is short, even if its lines are long', () => {
  writeFileSync(file, `${'first\n'.repeat(20)}${'x'.repeat(5_000)}\nlast\n`);
  const end = lastLines(file, 2).split('\n');
  expect(end).toHaveLength(2);
  expect(end[0]!.length).toBeLessThan(400);
  expect(end[1]).toBe('  last');
  expect(lastLines(join(folder, 'nothing.log'), 2)).toBe('(no output)');
});

test('a log is rotated only when it is large', () => {
  writeFileSync(file, 'small');
  rotateLog(file);
  expect(existsSync(`${file}.1`)).toBe(false);
  truncateSync(file, 10_000_001);
  rotateLog(file);
  expect(existsSync(file)).toBe(false);
  expect(existsSync(`${file}.1`)).toBe(true);
});

test('following a log does not keep a process alive', () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();

  tail = followLog(file, () => {});

  expect(timers()).toBe(before);
});
