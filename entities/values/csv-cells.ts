import { asciiDigits } from './ascii-digits';
import { isPlainLine, plainLine } from './plain-line';

/** Why a cell of a table is refused. */
export type CellFault =
  | 'cell_empty'
  | 'formula'
  | 'not_a_choice'
  | 'not_a_line'
  | 'not_a_number'
  | 'not_a_slug'
  | 'out_of_range'
  | 'too_long';

/** Reads one cell: its value, or why it is refused. */
export type CellReader<Value> = (text: string) => { readonly value: Value } | { readonly fault: CellFault };

/** How to read each column of a table. */
export type CellReaders<Row extends object> = { readonly [Column in keyof Row]: CellReader<Row[Column]> };

/** What a table says in a line, or all that is wrong with it. */
export type ReadRow<Row extends object> =
  | { readonly row: Row }
  | { readonly faults: readonly { readonly column: keyof Row & string; readonly code: CellFault }[] };

/** Reads the cells of a line. A column that the table lacks is read as an empty cell. */
export function readCells<Row extends object>(
  cells: Readonly<Partial<Record<keyof Row, string>>>,
  readers: CellReaders<Row>,
): ReadRow<Row> {
  const columns = Object.keys(readers) as (keyof Row & string)[];
  const row: Partial<Row> = {};
  const faults: { column: keyof Row & string; code: CellFault }[] = [];
  for (const column of columns) {
    const read = readers[column](cells[column] ?? '');
    if ('fault' in read) faults.push({ column, code: read.fault });
    else row[column] = read.value;
  }
  return faults.length > 0 ? { faults } : { row: row as Row };
}

/** A reader for which an empty cell is null. */
export function orNull<Value>(read: CellReader<Value>): CellReader<Value | null> {
  return (text) => (text.trim() === '' ? { value: null } : read(text));
}

/** One line of text of at most so many characters. Text that a spreadsheet would run as a formula is refused. */
export function lineCell(longest: number): CellReader<string> {
  return (text) => {
    const line = plainLine(text);
    if (line === '') return { fault: 'cell_empty' };
    if (FORMULA.test(line)) return { fault: 'formula' };
    if ([...line].length > longest) return { fault: 'too_long' };
    return isPlainLine(line, longest) ? { value: line.replace(ESCAPED, '') } : { fault: 'not_a_line' };
  };
}

/** Text of several lines and at most so many characters. */
export function textCell(longest: number): CellReader<string> {
  return (text) => {
    const kept = text.normalize('NFC').replaceAll('\r\n', '\n').trim();
    if (kept === '') return { fault: 'cell_empty' };
    if (FORMULA.test(kept)) return { fault: 'formula' };
    if (kept.length > longest) return { fault: 'too_long' };
    return /[^\P{Cc}\n\t]/u.test(kept) ? { fault: 'not_a_line' } : { value: kept.replace(ESCAPED, '') };
  };
}

/** A whole number in Persian, Arabic or ASCII digits: `1e9`, `1.5` and `1,000` are refused. */
export function wholeNumberCell(least: number, most: number): CellReader<number> {
  return (text) => {
    const digits = asciiDigits(text).trim();
    if (digits === '') return { fault: 'cell_empty' };
    if (!/^-?\d{1,15}$/.test(digits)) return { fault: 'not_a_number' };
    const value = Number(digits);
    return value < least || value > most ? { fault: 'out_of_range' } : { value };
  };
}

/** One of some words. */
export function choiceCell<const Choice extends string>(choices: readonly Choice[]): CellReader<Choice> {
  return (text) => {
    const word = text.trim().toLowerCase();
    if (word === '') return { fault: 'cell_empty' };
    const value = choices.find((it) => it === word);
    return value === undefined ? { fault: 'not_a_choice' } : { value };
  };
}

/** The name of something in an address: letters and digits of any script in words joined by hyphens. */
export function slugCell(longest: number): CellReader<string> {
  return (text) => {
    const value = text.trim();
    if (value === '') return { fault: 'cell_empty' };
    if (value.length > longest) return { fault: 'too_long' };
    return /^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*$/u.test(value) ? { value } : { fault: 'not_a_slug' };
  };
}

/** Spreadsheets run what begins like this. */
const FORMULA = /^[=+@]/;
/** What a table that the shop wrote puts before a text that begins like a formula. */
const ESCAPED = /^'(?='*[=+\-@])/;
