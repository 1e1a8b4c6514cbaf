import { describe, expect, it } from 'vitest';

import {
  anything,
  duration,
  flag,
  instant,
  oneOf,
  orNull,
  readChange,
  readFields,
  readQuery,
  text,
  texts,
  wholeNumber,
  type Field,
} from '../../../sandbox/kit/fields';

const SCHEMA = { kind: oneOf('a', 'b', null), count: wholeNumber(1, { least: 1 }), name: orNull(text()) };

describe('a field', () => {
  it.each<[string, Field<unknown>, unknown[], unknown[]]>([
    ['one of', oneOf<string | number | null>('a', 2, null), ['a', 2, null], ['2', undefined, 'toString']],
    ['whole number', wholeNumber(1, { least: 1, most: 3 }), [1, 3], [0, 4, 1.5, '2', null, NaN]],
    ['duration', duration(5), [0, 1_000], [-1, Number.MAX_SAFE_INTEGER]],
    ['flag', flag(), [true, false], ['true', 1, null]],
    ['text', text(), ['', 'x'], [1, null]],
    ['texts', texts(), [[], ['x']], [['x', 1], 'x']],
    ['instant', instant(), ['2026-03-21T00:00:00Z', 0], ['yesterday', 1e20, NaN, true]],
    ['anything', anything(), [null, {}, 'x'], []],
    ['or null', orNull(text()), [null, 'x'], [1]],
  ])('%s accepts what it says', (_, field, right, wrong) => {
    expect(right.map((value) => field.read(value) !== undefined)).toEqual(right.map(() => true));
    expect(wrong.map((value) => field.read(value))).toEqual(wrong.map(() => undefined));
  });
});

describe('an input', () => {
  it('has the fallbacks of what is absent', () => {
    expect(readFields(SCHEMA, { count: 3 })).toEqual({ kind: 'a', count: 3, name: null });
    expect(readChange(SCHEMA, { kind: null })).toEqual({ kind: null });
  });

  it.each([
    [{ cuont: 1 }, 'unknown: cuont; known: kind, count, name'],
    [{ constructor: 1 }, 'unknown: constructor; known: kind, count, name'],
    [{ count: 0, name: 7 }, 'count is a whole number from 1; name is a text, or null'],
    [{ kind: 'c' }, 'kind is one of a, b, null'],
  ])('%j is refused with what is known', (body, message) => {
    expect(() => readFields(SCHEMA, body)).toThrow(message);
  });

  it('may come as a query, in which numbers are texts', () => {
    expect(readQuery(SCHEMA, new URLSearchParams('count=3&name=7'))).toEqual({
      kind: 'a',
      count: 3,
      name: '7',
    });
    expect(() => readQuery(SCHEMA, new URLSearchParams('count=many'))).toThrow('count is a whole number');
  });
});
