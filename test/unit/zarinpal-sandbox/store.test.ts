import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openStore, readRecords } from '../../../sandbox/providers/zarinpal/store';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarinpal-store-'));
  file = join(folder, 'state.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the file of the sandbox', () => {
  it('has a record as soon as it is flushed, before it is closed', () => {
    const store = openStore(file, () => []);
    store.put('a', 1);
    expect(readRecords(file)).toEqual([]);
    store.flush();
    expect(readRecords(file)).toEqual([['a', 1]]);
    store.close();
  });

  it('gets what nobody flushed at the end of the turn', async () => {
    const store = openStore(file, () => []);
    store.put('a', 1);
    await expect.poll(() => readRecords(file)).toEqual([['a', 1]]);
    store.close();
  });

  it('is rewritten with the survivors when it has grown, and goes on from there', () => {
    let newest = 0;
    const store = openStore(file, () => [['a', newest]], 1_000);
    for (newest = 1; newest <= 500; newest += 1) {
      store.put('a', newest);
      store.flush();
    }
    expect(statSync(file).size).toBeLessThan(1_100);
    expect(readRecords(file).at(-1)).toEqual(['a', 500]);
    store.close();
  });

  it('is whole again after an interrupted write', () => {
    openStore(file, () => [['a', 1]]).close();
    appendFileSync(file, '["b", {"tor');
    const remembered = readRecords(file);
    expect(remembered).toEqual([['a', 1]]);
    const store = openStore(file, () => remembered);
    store.put('c', 3);
    store.close();
    expect(readRecords(file)).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
  });

  it('that is not there is empty', () => {
    expect(readRecords(join(folder, 'nothing.jsonl'))).toEqual([]);
  });
});
