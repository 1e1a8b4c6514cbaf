import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openLogFile, readLogFile } from '../../../sandbox/kit/log-file';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-log-'));
  file = join(folder, 'state.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the file of a sandbox', () => {
  it('has a record as soon as it is flushed, before it is closed', () => {
    const log = openLogFile(file, () => []);
    log.append(['a', 1]);
    expect(readLogFile(file)).toEqual([]);
    log.flush();
    expect(readLogFile(file)).toEqual([['a', 1]]);
    log.close();
  });

  it('gets unflushed records at the end of the turn of the event loop', async () => {
    const log = openLogFile(file, () => []);
    log.append(['a', 1]);
    await expect.poll(() => readLogFile(file)).toEqual([['a', 1]]);
    log.close();
  });

  it('is rewritten with the survivors when it has grown, and goes on from there', () => {
    let newest = 0;
    const log = openLogFile(file, () => [['a', newest]], 1_000);
    for (newest = 1; newest <= 500; newest += 1) {
      log.append(['a', newest]);
      log.flush();
    }
    expect(statSync(file).size).toBeLessThan(1_100);
    expect(readLogFile(file).at(-1)).toEqual(['a', 500]);
    log.close();
  });

  it('is whole again after an interrupted write', () => {
    openLogFile(file, () => [['a', 1]]).close();
    appendFileSync(file, '["b", {"tor');
    const remembered = readLogFile(file);
    expect(remembered).toEqual([['a', 1]]);
    const log = openLogFile(file, () => remembered);
    log.append(['c', 3]);
    log.close();
    expect(readLogFile(file)).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
  });

  it('that is not there is empty', () => {
    expect(readLogFile(join(folder, 'nothing.jsonl'))).toEqual([]);
  });
});
