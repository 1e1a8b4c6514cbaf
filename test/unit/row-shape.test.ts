import { expect, test } from 'vitest';

import {
  array,
  boolean,
  bytes,
  instant,
  integer,
  json,
  jsonList,
  jsonObject,
  nullable,
  shapeProblem,
  text,
  uuid,
  type RowShape,
} from '../../entities/row-shape';

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

interface Found {
  readonly id: string;
  readonly status: 'open' | 'closed';
  readonly note: string | null;
  readonly paid: boolean;
  readonly at: Date;
  readonly salt: Buffer;
  readonly tags: string[];
  readonly first: Line | null;
  readonly lines: readonly Line[];
  readonly payload: Record<string, unknown>;
}

const LINE: RowShape<Line> = { sku: text, quantity: integer };
const FOUND: RowShape<Found> = {
  id: uuid,
  status: text,
  note: nullable(text),
  paid: boolean,
  at: instant,
  salt: bytes,
  tags: array(text),
  first: nullable(jsonObject(LINE)),
  lines: jsonList(jsonObject(LINE)),
  payload: json(),
};

const row: Found = {
  id: 'a',
  status: 'open',
  note: null,
  paid: false,
  at: new Date(0),
  salt: Buffer.alloc(1),
  tags: ['new'],
  first: { sku: 'A', quantity: 1 },
  lines: [],
  payload: { anything: 1 },
};

test('a row of its type has no problem', () => {
  expect(shapeProblem(row, FOUND)).toBeUndefined();
  expect(shapeProblem({ ...row, note: 'x', first: null, lines: [row.first] }, FOUND)).toBeUndefined();
});

test.each<[string, object, string]>([
  ['a missing column', { id: undefined }, '"id" is missing or of another type'],
  ['a null that is not expected', { status: null }, '"status" is missing or of another type'],
  [
    'a number that is no safe integer',
    { first: { sku: 'A', quantity: 2 ** 53 } },
    '"first" is missing or of another type',
  ],
  ['a number as a text', { first: { sku: 'A', quantity: '1' } }, '"first" is missing or of another type'],
  [
    'a renamed field inside JSON',
    { lines: [{ code: 'A', quantity: 1 }] },
    '"lines" is missing or of another type',
  ],
  [
    'a further field inside JSON',
    { lines: [{ ...row.first, price: 1 }] },
    '"lines" is missing or of another type',
  ],
  ['a time as a text', { at: '2026-01-01' }, '"at" is missing or of another type'],
  ['bytes as a text', { salt: 'x' }, '"salt" is missing or of another type'],
  ['an array of another type', { tags: [1] }, '"tags" is missing or of another type'],
  ['a further column', { extra: 1 }, '"extra" is not expected'],
])('%s is named', (_what, change, problem) => {
  expect(shapeProblem({ ...row, ...change }, FOUND)).toBe(problem);
});

test('the compiler wants a column of the right type for every field', () => {
  // @ts-expect-error The quantity is a number.
  const wrongType: RowShape<Line> = { sku: text, quantity: text };
  // @ts-expect-error The quantity is never null.
  const wrongNull: RowShape<Line> = { sku: text, quantity: nullable(integer) };
  // @ts-expect-error The quantity is missing.
  const incomplete: RowShape<Line> = { sku: text };
  expect([wrongType, wrongNull, incomplete]).toHaveLength(3);
});
