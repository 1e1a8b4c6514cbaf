import { createHash } from 'node:crypto';

import { AppError } from '../../entities/errors';
import type { LineProblem } from '../../entities/imports/catalog-import';
import {
  CATALOG_CELLS,
  CATALOG_COLUMNS,
  type CatalogLine,
  type CatalogRow,
} from '../../entities/imports/catalog-row';
import { LINES_AT_MOST, PROBLEMS_AT_MOST, type SentCatalog } from '../../entities/imports/import-catalog';
import { readCells } from '../../entities/values/csv-cells';
import { readCsv, type CsvRow } from '../../platform/csv';

const LARGEST_FILE = 10 * 1024 * 1024;

/**
 * Reads a table of the catalogue, cell by cell.
 *
 * @throws AppError `import.refused` with all problems of the table, at most a thousand
 */
export async function readCatalog(body: AsyncIterable<Uint8Array>): Promise<Omit<SentCatalog, 'id'>> {
  const hash = createHash('sha256');
  const lines: CatalogLine[] = [];
  const problems: LineProblem[] = [];
  const terms = { columns: CATALOG_COLUMNS, required: CATALOG_COLUMNS, mostRows: LINES_AT_MOST };
  for await (const found of readCsv(hashed(body, hash), { ...terms, mostBytes: LARGEST_FILE })) {
    const read = readLine(found);
    if ('problems' in read) problems.push(...read.problems);
    else lines.push(read);
    if (problems.length >= PROBLEMS_AT_MOST) break;
  }
  if (problems.length > 0)
    throw new AppError('import.refused', { problems: problems.slice(0, PROBLEMS_AT_MOST) });
  return { digest: hash.digest('hex'), lines };
}

function readLine(
  found: CsvRow<keyof CatalogRow>,
): CatalogLine | { readonly problems: readonly LineProblem[] } {
  if ('problem' in found) return { problems: [found.problem] };
  const { line, cells } = found;
  const read = readCells(cells, CATALOG_CELLS);
  if ('row' in read) return { line, row: read.row };
  return { problems: read.faults.map((fault) => ({ line, ...fault })) };
}

async function* hashed(body: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
}
