import { createHash } from 'node:crypto';

import {
  importStock,
  MOST_IMPORT_LINES,
  MOST_LINE_UNITS,
  refuseProblems,
  type ImportLine,
  type LineProblem,
} from '../../entities/inventory/import-stock';
import type { ImportMode } from '../../entities/inventory/stock-import';
import { lineCell, readCells, slugCell, wholeNumberCell } from '../../entities/values/csv-cells';
import { readCsv } from '../../platform/csv';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { csvBody } from '../middleware/csv-body';
import { may } from '../middleware/may';
import { validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { ImportView } from './levels.view';
import { ImportQuery } from './stock.input';

const COLUMNS = ['sku', 'location', 'quantity'] as const;
const MOST_BYTES = 512 * 1024;

/** Tables of stock. */
export function stockImportsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.post(
    '/stock/imports',
    [
      describeRoute({
        operation: 'importStock',
        tag: 'stock',
        summary: `Import a table of stock of at most ${MOST_IMPORT_LINES.toLocaleString('en')} lines, all of it or nothing`,
        description:
          'A CSV table in UTF-8 with the columns `sku`, `location` (its code) and `quantity`. The same table is imported once in each mode. Problems are named by line and column, at most 1,000; split a larger table.',
        answers: { 200: ImportView },
        errors: ['import.refused', 'stock.too_many_units'],
      }),
      may('stock.import'),
      validateQuery(ImportQuery),
      csvBody({ mostBytes: MOST_BYTES, example: 'sku,location,quantity\r\nMOB-GA55-128-NVY,main,12\r\n' }),
    ],
    async (ctx) => {
      const { query, csv } = ctx.state;
      const { mode } = query;
      const lines = await readLines(csv, mode);
      const digest = createHash('sha256').update(csv).digest('hex');
      const body = await withTransaction(database, (transaction) =>
        importStock(transaction, actorOf(ctx.state), { digest, mode, lines }),
      );
      return { status: 200, body };
    },
  );
}

/** @throws AppError `import.refused` with everything that is wrong with the form of the table */
async function readLines(csv: Buffer, mode: ImportMode): Promise<ImportLine[]> {
  const readers = {
    sku: lineCell(64),
    location: slugCell(40),
    quantity: wholeNumberCell(mode === 'set' ? 0 : 1, MOST_LINE_UNITS),
  };
  const lines: ImportLine[] = [];
  const problems: LineProblem[] = [];
  const terms = { columns: COLUMNS, required: COLUMNS, mostRows: MOST_IMPORT_LINES, mostBytes: MOST_BYTES };
  for await (const read of readCsv(chunksOf(csv), terms)) {
    if ('problem' in read) {
      problems.push(read.problem);
      continue;
    }
    const { line } = read;
    const cells = readCells(read.cells, readers);
    if ('row' in cells) lines.push({ line, ...cells.row });
    else problems.push(...cells.faults.map((fault) => ({ line, ...fault })));
  }
  if (lines.length === 0 && problems.length === 0) problems.push({ line: 1, column: null, code: 'no_lines' });
  refuseProblems(problems);
  return lines;
}

const CHUNK_BYTES = 64 * 1024;

/** In parts, between which other requests are served. */
async function* chunksOf(csv: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < csv.length; at += CHUNK_BYTES) yield csv.subarray(at, at + CHUNK_BYTES);
}
