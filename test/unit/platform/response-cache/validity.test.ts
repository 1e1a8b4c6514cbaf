import { describe, expect, test } from 'vitest';

import { parseSnapshot, sees, seesAllOf } from '../../../../platform/response-cache/snapshot';
import { createValidity, matchesPattern } from '../../../../platform/response-cache/validity';

const at = (text: string) => parseSnapshot(text)!;

function following(snapshot = '100:100:', since = 90) {
  const clock = { now: 0 };
  const validity = createValidity({ keepMs: 1_000, now: () => clock.now });
  validity.start({ snapshot, since });
  const isValid = (stamp: string, tags = ['a'], name = 'list?q=1') =>
    validity.isValid({ name, tags, stamp: at(stamp) });
  return { clock, validity, isValid };
}

describe('a snapshot', () => {
  test.each([
    ['10:20:12,15', 9, true],
    ['10:20:12,15', 10, true],
    ['10:20:12,15', 12, false],
    ['10:20:12,15', 13, true],
    ['10:20:12,15', 15, false],
    ['10:20:12,15', 19, true],
    ['10:20:12,15', 20, false],
    ['7:7:', 6, true],
    ['7:7:', 7, false],
    ['4294967300:4294967310:4294967305', 4_294_967_305, false],
    ['4294967300:4294967310:4294967305', 4_294_967_299, true],
    ['4294967290:4294967310:4294967290,4294967301', 4_294_967_300, true],
  ])('%s sees transaction %d: %s', (text, xid, seen) => {
    expect(sees(at(text), xid)).toBe(seen);
  });

  test.each(['', '1:2', '1:2:3,', 'x:2:', '1:2:-3', '1:2: 3', '1:2:3;4', '99999999999999999:1:'])(
    'is not read from %j',
    (text) => {
      expect(parseSnapshot(text)).toBeUndefined();
    },
  );

  test.each([
    ['10:20:12', '10:20:12', true],
    ['12:20:', '10:20:10', true],
    ['10:20:10', '20:20:', false],
    ['10:30:10,25', '10:20:10', true],
    ['10:30:10,15', '10:20:10', false],
    ['10:19:10', '10:20:10', false],
  ])('%s sees all of %s: %s', (text, other, all) => {
    expect(seesAllOf(at(text), at(other))).toBe(all);
  });
});

describe('an entry', () => {
  test('is valid until a transaction of one of its tags is noted that it did not see', () => {
    const { validity, isValid } = following();
    expect(isValid('100:100:', ['a', 'b'])).toBe(true);
    validity.note(100, { tags: ['b'] });
    expect(isValid('100:100:', ['a', 'b'])).toBe(false);
    expect(isValid('100:100:', ['a'])).toBe(true);
    expect(isValid('101:101:', ['a', 'b'])).toBe(true);
  });

  test('of a transaction that stays open is loaded again once, when it commits', () => {
    const { validity, isValid } = following('100:110:100');
    validity.note(105, { tags: ['a'] });
    expect(isValid('100:110:100')).toBe(true);
    validity.note(110, { tags: ['a'] });
    expect(isValid('100:110:100')).toBe(false);
    expect(isValid('100:111:100')).toBe(true);
    validity.note(100, { tags: ['a'] });
    expect(isValid('100:111:100')).toBe(false);
    expect(isValid('111:111:')).toBe(true);
  });

  test('from before the process followed the journal is valid only where the notes reach back', () => {
    const { isValid } = following('100:100:', 90);
    expect(isValid('90:95:90')).toBe(true);
    expect(isValid('89:95:89')).toBe(false);
    expect(isValid('89:101:89')).toBe(false);
    const late = following('89:100:89', 90);
    expect(late.isValid('89:100:89')).toBe(true);
    expect(late.isValid('89:99:89')).toBe(false);
  });

  test('is not valid before the journal is followed', () => {
    const validity = createValidity({ keepMs: 1_000 });
    expect(validity.isValid({ name: 'x', tags: [], stamp: at('5:5:') })).toBe(false);
    expect(validity.stamp).toBeUndefined();
  });

  test('is made invalid by a pattern that fits its name', () => {
    const { validity, isValid } = following();
    validity.note(100, { tags: [], pattern: 'list?*q=1' });
    expect(isValid('100:100:')).toBe(false);
    expect(isValid('100:100:', ['a'], 'list?q=2')).toBe(true);
    expect(isValid('101:101:')).toBe(true);
  });

  test('stays invalid where more was noted than there is room for', () => {
    const { validity, isValid } = following();
    validity.note(100, { tags: ['a'] });
    for (let xid = 101; xid <= 50_101; xid += 1) validity.note(xid, { tags: ['b'] });
    expect(isValid('100:100:')).toBe(false);
    expect(isValid('100:50102:100')).toBe(false);
    expect(isValid('50102:50102:', ['a', 'b'])).toBe(true);
  });

  test('is valid although more was noted than there is room for, when it was loaded later beside a transaction that stays open', () => {
    const { validity, isValid } = following();
    for (let xid = 101; xid <= 50_101; xid += 1) validity.note(xid, { tags: ['b'] });
    expect(isValid('100:50102:100', ['b'])).toBe(false);
    validity.moveTo('100:50102:100');
    expect(isValid('100:50102:100', ['b'])).toBe(true);
    expect(isValid('100:50110:100,50105', ['b'])).toBe(true);
    expect(isValid('100:50110:100,25000', ['b'])).toBe(false);
    expect(isValid('100:50101:100', ['b'])).toBe(false);
    validity.note(100, { tags: ['b'] });
    expect(isValid('100:50102:100', ['b'])).toBe(false);
    expect(isValid('100:50102:100', ['a'])).toBe(true);
  });

  test('notes are forgotten when no entry can be as old', () => {
    const { clock, validity, isValid } = following();
    validity.note(100, { tags: ['a'] });
    clock.now = 1_001;
    validity.note(101, { tags: ['b'] });
    expect(isValid('100:100:')).toBe(true);
    expect(isValid('100:100:', ['b'])).toBe(false);
  });
});

test.each([
  ['abc', 'abc', true],
  ['abc', 'ab', false],
  ['abc', '*', true],
  ['abc', 'a*c', true],
  ['abc', 'abc*', true],
  ['abc', '*abc*', true],
  ['ab', 'ab*ab', false],
  ['a.c', 'a.c', true],
  ['abc', 'a.c', false],
  ['aXbXc', 'a*b*c', true],
  ['aXcXb', 'a*b*c', false],
])('%s fits the pattern %s: %s', (text, pattern, fits) => {
  expect(matchesPattern(text, pattern)).toBe(fits);
});
