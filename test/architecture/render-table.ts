import { existsSync } from 'node:fs';
import path from 'node:path';

import { ALL_PLACES, shapeOf, TABLE, type Place, type Row } from './import-table';

const ROOT = path.join(__dirname, '../..');
const START = '<!-- npm run fences writes this table -->\n';
const END = '\n<!-- until here -->';

/** A page with its import table as it must be. */
export function withTable(page: string): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start === -1 || end < start) throw new Error('the page has no place for the import table');
  return page.slice(0, start + START.length) + renderTable() + page.slice(end);
}

function renderTable(): string {
  const rows = TABLE.map((row) => line(nameOf(row), listOf(row.value), listOf(row.type), packagesOf(row)));
  return [line('room', 'by value', 'types only', 'packages'), '|---|---|---|---|', ...rows].join('\n');
}

const line = (...cells: string[]): string =>
  `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`;

function nameOf({ name }: Row): string {
  if (name.includes('/')) return `\`${name}\``;
  return existsSync(path.join(ROOT, name)) ? name : `${name} (to come)`;
}

function listOf(places: readonly Place[]): string {
  if (places.length === ALL_PLACES.length) return 'everything';
  // A part needs no mention where the whole room is allowed alike.
  const shown = places.filter((place) => {
    const { room, part } = shapeOf(place);
    return (
      part === undefined || !places.some((other) => shapeOf(other).room === room && !shapeOf(other).part)
    );
  });
  return shown.map((place) => shapeOf(place).label).join(', ');
}

function packagesOf({ packages }: Row): string {
  if (packages === 'any') return 'any';
  if ('only' in packages) return packages.only.join(', ').replace('node:*', 'Node');
  const except = packages.except ? `; of those ${packages.except.join(', ')}` : '';
  return `any but ${packages.anyBut}${except}`;
}
