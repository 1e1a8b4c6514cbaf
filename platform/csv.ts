import { finished } from 'node:stream/promises';

import { CsvError as ParseError, parse, type Parser } from 'csv-parse';

/** What a table must look like. */
export interface CsvTerms<Column extends string> {
  /** The names that the first line may have, in any order. */
  readonly columns: readonly Column[];
  /** The names that it must have. */
  readonly required: readonly Column[];
  readonly mostRows: number;
  readonly mostBytes: number;
}

/** Why a table cannot be read, or a line of it. */
export type CsvFault =
  | 'column_missing'
  | 'column_repeated'
  | 'column_unknown'
  | 'no_header'
  | 'not_utf8'
  | 'quote_misplaced'
  | 'quote_open'
  | 'row_too_long'
  | 'too_large'
  | 'too_many_rows'
  | 'wrong_cell_count';

/** What is wrong, and where. Lines count from 1, as an editor shows them; a column is named as the first line names it. */
export interface CsvProblem {
  readonly line: number;
  readonly column: string | null;
  readonly code: CsvFault;
}

/** A line of the table: its cells, or what is wrong with it. Columns that the table lacks are absent. */
export type CsvRow<Column extends string> =
  | { readonly line: number; readonly cells: Readonly<Partial<Record<Column, string>>> }
  | { readonly line: number; readonly problem: CsvProblem };

const DELIMITERS = [',', ';', '\t'] as const;
/** A record is held in memory as a whole. Nothing honest comes near it; an open quote does. */
const LONGEST_RECORD = 64 * 1024;

/**
 * Reads a table: UTF-8 with or without BOM, separated by commas, semicolons or tabs, whichever the first line has most of.
 * Blank lines are left out. A problem of one line is a row, and reading goes on; after a problem of the whole table the iteration
 * ends. It yields to the event loop between chunks of the source.
 */
export async function* readCsv<Column extends string>(
  source: AsyncIterable<Uint8Array>,
  terms: CsvTerms<Column>,
): AsyncGenerator<CsvRow<Column>> {
  let line = 1;
  let header: readonly string[] | undefined;
  let rows = 0;
  const failed = (code: CsvFault, column: string | null = null, at = line): CsvRow<Column> => ({
    line: at,
    problem: { line: at, column, code },
  });
  try {
    for await (const { record, lines } of records(decoded(source, terms.mostBytes))) {
      const at = line;
      line = lines + 1;
      if (record.every((cell) => cell.trim() === '')) continue;
      if (!header) {
        header = record.map((name) => name.trim().toLowerCase());
        const problems = headerProblems(header, terms);
        for (const { code, column } of problems) yield failed(code, column, at);
        if (problems.length > 0) return;
        continue;
      }
      rows += 1;
      if (rows > terms.mostRows) {
        yield failed('too_many_rows', null, at);
        return;
      }
      if (record.length === header.length) {
        const cells = Object.fromEntries(header.map((name, place) => [name, record[place]!]));
        yield { line: at, cells: cells as Partial<Record<Column, string>> };
      } else yield failed('wrong_cell_count', null, at);
    }
    if (!header) yield failed('no_header');
  } catch (error) {
    yield failed(faultOf(error));
  }
}

/** The first line of a table that is written. Spreadsheets read UTF-8 only after the BOM. */
export function csvHead(columns: readonly string[]): string {
  return `\ufeff${csvLine(columns)}`;
}

/** A line of a table. Text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const text = /^'*[=+\-@]/.test(cell) ? `'${cell}` : cell;
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function headerProblems<Column extends string>(
  header: readonly string[],
  { columns, required }: CsvTerms<Column>,
): { readonly code: CsvFault; readonly column: string }[] {
  const known: readonly string[] = columns;
  return [
    ...header
      .filter((name) => !known.includes(name))
      .map((column) => ({ code: 'column_unknown' as const, column: column.slice(0, 40) })),
    ...header
      .filter((name, place) => known.includes(name) && header.indexOf(name) !== place)
      .map((column) => ({ code: 'column_repeated' as const, column })),
    ...required
      .filter((name) => !header.includes(name))
      .map((column) => ({ code: 'column_missing' as const, column })),
  ];
}

/** A fault of the whole table. */
class CsvRefused extends Error {
  override readonly name = 'CsvRefused';

  constructor(readonly fault: CsvFault) {
    super(fault);
  }
}

/** @throws CsvRefused */
async function* decoded(source: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<string> {
  // It also takes the BOM away.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new CsvRefused('not_utf8');
    }
  };
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new CsvRefused('too_large');
    yield decode(chunk);
  }
  yield decode();
}

interface Parsed {
  readonly record: string[];
  /** Where the record ends. */
  readonly lines: number;
}

/** The records of a text, as the parser finds them. */
async function* records(text: AsyncIterable<string>): AsyncGenerator<Parsed> {
  const { first, rest } = await firstLine(text);
  const found: Parsed[] = [];
  const parser = parse({
    delimiter: delimiterOf(first),
    // Otherwise the first line break would decide for all of them.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST_RECORD,
    on_record(record: string[], { lines }) {
      found.push({ record, lines });
      return null;
    },
  });
  // Read as a stream, the parser would drop the records before a fault.
  const ended = finished(parser, { readable: false });
  ended.catch(() => undefined);
  for await (const chunk of rest) {
    const outcome = await written(parser, chunk).catch((error: unknown) => ({ error }));
    yield* found.splice(0);
    if (outcome) throw outcome.error;
  }
  parser.end();
  await ended;
  yield* found;
}

/** Resolves when the parser has read the chunk, in another turn of the event loop. */
function written(parser: Parser, chunk: string): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(chunk, (error) => (error ? reject(error) : setImmediate(resolve)));
  });
}

/** Reads until the first line is there. The rest begins with what was read. */
async function firstLine(text: AsyncIterable<string>) {
  const chunks = text[Symbol.asyncIterator]();
  let begun = '';
  for (let isOver = false; !isOver && !/[\r\n]/.test(begun) && begun.length < LONGEST_RECORD;) {
    const { done, value } = await chunks.next();
    isOver = done === true;
    begun += done === true ? '' : value;
  }
  async function* rest() {
    yield begun;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return { first: begun.split(/[\r\n]/, 1)[0]!, rest: rest() };
}

/** The delimiter that the line has most of. */
function delimiterOf(line: string): string {
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, it) => (count(it) > count(best) ? it : best));
}

const FAULTS: Readonly<Record<string, CsvFault>> = {
  CSV_QUOTE_NOT_CLOSED: 'quote_open',
  CSV_INVALID_CLOSING_QUOTE: 'quote_misplaced',
  INVALID_OPENING_QUOTE: 'quote_misplaced',
  CSV_MAX_RECORD_SIZE: 'row_too_long',
};

/** What the parser says as one of our faults. Other errors, such as of the connection, are thrown on. */
function faultOf(error: unknown): CsvFault {
  if (error instanceof CsvRefused) return error.fault;
  const fault = error instanceof ParseError ? FAULTS[error.code] : undefined;
  if (!fault) throw error;
  return fault;
}
