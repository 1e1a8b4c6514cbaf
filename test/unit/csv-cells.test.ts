import { expect, test } from 'vitest';

import {
  choiceCell,
  lineCell,
  orNull,
  readCells,
  slugCell,
  textCell,
  wholeNumberCell,
} from '../../entities/values/csv-cells';

const READERS = {
  slug: slugCell(10),
  title: lineCell(10),
  about: orNull(textCell(20)),
  price: wholeNumberCell(0, 1_000_000),
  status: choiceCell(['draft', 'published']),
};
const GOOD = {
  slug: 'pen-2',
  title: ' مداد   قرمز ',
  about: 'a\r\nb',
  price: '۱۲٬۰'.replace('٬', ''),
  status: 'Draft',
};

test('cells become values, with their digits and spaces folded', () => {
  expect(readCells(GOOD, READERS)).toEqual({
    row: { slug: 'pen-2', title: 'مداد قرمز', about: 'a\nb', price: 120, status: 'draft' },
  });
  expect(readCells({ ...GOOD, about: ' ' }, READERS)).toMatchObject({ row: { about: null } });
  expect(readCells({ ...GOOD, price: '١٢' }, READERS)).toMatchObject({ row: { price: 12 } });
});

test.each([
  ['price', '1e9', 'not_a_number'],
  ['price', '1.5', 'not_a_number'],
  ['price', '1,000', 'not_a_number'],
  ['price', '0x10', 'not_a_number'],
  ['price', '-1', 'out_of_range'],
  ['price', '۱۰۰۰۰۰۱', 'out_of_range'],
  ['price', '9'.repeat(30), 'not_a_number'],
  ['price', '', 'cell_empty'],
  ['title', '', 'cell_empty'],
  ['title', '=1+1', 'formula'],
  ['title', ' =1+1', 'formula'],
  ['title', '+98', 'formula'],
  ['title', '@SUM', 'formula'],
  ['title', 'a\nb', 'not_a_line'],
  ['title', 'ab\u202ecd', 'not_a_line'],
  ['title', '---', 'not_a_line'],
  ['title', 'a'.repeat(11), 'too_long'],
  ['about', '@SUM', 'formula'],
  ['about', 'a\u0000b', 'not_a_line'],
  ['about', 'a'.repeat(21), 'too_long'],
  ['slug', 'a pen', 'not_a_slug'],
  ['slug', '../pen', 'not_a_slug'],
  ['slug', 'a'.repeat(11), 'too_long'],
  ['status', 'gone', 'not_a_choice'],
])('%s %j is refused: %s', (column, text, code) => {
  expect(readCells({ ...GOOD, [column]: text }, READERS)).toEqual({ faults: [{ column, code }] });
});

test('all faults of a line are told, and a column that is not there is empty', () => {
  expect(readCells({ title: '=1' }, READERS)).toEqual({
    faults: [
      { column: 'slug', code: 'cell_empty' },
      { column: 'title', code: 'formula' },
      { column: 'price', code: 'cell_empty' },
      { column: 'status', code: 'cell_empty' },
    ],
  });
});

test('what the shop wrote itself comes back as it was', () => {
  expect(readCells({ ...GOOD, title: "'=1+1" }, READERS)).toMatchObject({ row: { title: '=1+1' } });
  expect(readCells({ ...GOOD, title: "'tis" }, READERS)).toMatchObject({ row: { title: "'tis" } });
});
