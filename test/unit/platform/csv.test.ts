import { expect, test } from 'vitest';

import { csvHead, csvLine, readCsv, type CsvRow } from '../../../platform/csv';

const TERMS = {
  columns: ['sku', 'title', 'price'],
  required: ['sku'],
  mostRows: 3,
  mostBytes: 100_000,
} as const;

async function* chunked(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string | Uint8Array, terms: object = {}, size = 7): Promise<CsvRow<string>[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const found: CsvRow<string>[] = [];
  for await (const row of readCsv(chunked(bytes, size), { ...TERMS, ...terms })) found.push(row);
  return found;
}

const problems = async (text: string | Uint8Array, terms: object = {}) =>
  (await read(text, terms)).flatMap((row) => ('problem' in row ? [row.problem] : []));

test.each([
  ['commas', 'sku,title\nA-1,مداد\n'],
  ['semicolons', 'sku;title\r\nA-1;مداد\r\n'],
  ['line breaks of both kinds', 'sku,title\r\nA-1,مداد\n'],
  ['tabs', 'sku\ttitle\nA-1\tمداد'],
  ['a BOM', '\ufeffsku,title\nA-1,مداد\n'],
  ['capitals and spaces in the first line', ' SKU , Title \n"A-1",مداد\n'],
])('reads a table with %s', async (_name, text) => {
  expect(await read(text)).toEqual([{ line: 2, cells: { sku: 'A-1', title: 'مداد' } }]);
});

test('a line is named by where it begins, whatever line breaks and blank lines come before it', async () => {
  const text = 'sku,title\n\nA,"one\ntwo"\n,\nB\nC,three\n';
  expect(await read(text)).toEqual([
    { line: 3, cells: { sku: 'A', title: 'one\ntwo' } },
    { line: 6, problem: { line: 6, column: null, code: 'wrong_cell_count' } },
    { line: 7, cells: { sku: 'C', title: 'three' } },
  ]);
});

test.each([
  ['nothing', '', [{ line: 1, column: null, code: 'no_header' }]],
  ['a BOM', '\ufeff', [{ line: 1, column: null, code: 'no_header' }]],
  ['another name', 'sku,colour\n', [{ line: 1, column: 'colour', code: 'column_unknown' }]],
  ['a name twice', 'sku,title,title\n', [{ line: 1, column: 'title', code: 'column_repeated' }]],
  ['no SKU', 'title\n', [{ line: 1, column: 'sku', code: 'column_missing' }]],
  ['an open quote', 'sku,title\nA,b\nB,"c\nd\ne\n', [{ line: 3, column: null, code: 'quote_open' }]],
  ['a quote within', 'sku,title\nA,b"c"\n', [{ line: 2, column: null, code: 'quote_misplaced' }]],
  ['a quote and more', 'sku,title\nA,"b"c\n', [{ line: 2, column: null, code: 'quote_misplaced' }]],
  ['too many lines', 'sku\n1\n2\n3\n4\n5\n', [{ line: 5, column: null, code: 'too_many_rows' }]],
  ['UTF-16', Buffer.from('\ufeffsku\n1\n', 'utf16le'), [{ line: 1, column: null, code: 'not_utf8' }]],
])('%s is a problem with its place', async (_name, text, expected) => {
  expect(await problems(text)).toEqual(expected);
});

test('the lines before a fault are read also when all arrives at once', async () => {
  const text = 'sku,title\nA,one\nB,t"wo\nC,three\n';
  expect(await read(text, {}, text.length)).toEqual([
    { line: 2, cells: { sku: 'A', title: 'one' } },
    { line: 3, problem: { line: 3, column: null, code: 'quote_misplaced' } },
  ]);
});

test('what is too large is refused before it is held', async () => {
  const endless = async function* () {
    for (;;) yield Buffer.from('sku\n'.repeat(1_000));
  };
  const found: CsvRow<string>[] = [];
  for await (const row of readCsv(endless(), { ...TERMS, mostRows: 1_000_000 })) found.push(row);
  expect(found.at(-1)).toMatchObject({ problem: { code: 'too_large' } });

  const open = `sku\n"${'a\n'.repeat(40_000)}`;
  expect(await problems(open)).toEqual([{ line: 2, column: null, code: 'row_too_long' }]);
});

test('a hundred thousand lines are read without holding up anybody', async () => {
  const text = Buffer.from(`sku,title\n${'A-1,مداد\n'.repeat(100_000)}`);
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const rows = await read(text, { mostRows: 100_000, mostBytes: 10_000_000 }, 65_536);
  clearInterval(timer);
  expect(rows).toHaveLength(100_000);
  expect(rows.at(-1)).toMatchObject({ line: 100_001 });
  expect(turns).toBeGreaterThan(3);
});

test('a connection that breaks is no fault of the table', async () => {
  const broken = async function* () {
    yield Buffer.from('sku\nA\n');
    throw new Error('gone');
  };
  await expect(
    (async () => {
      for await (const row of readCsv(broken(), TERMS)) expect(row.line).toBe(2);
    })(),
  ).rejects.toThrow('gone');
});

test('a line that is written is read again, and no spreadsheet runs it', async () => {
  expect(csvHead(['sku', 'title'])).toBe('\ufeffsku,title\r\n');
  expect(csvLine(['a', 5, 'b,c', 'say "d"', '=1+1', '-5'])).toBe(`a,5,"b,c","say ""d""",'=1+1,'-5\r\n`);
});
