import { createHash } from 'node:crypto';

import {
  importReceived,
  MOST_IMPORT_LINES,
  MOST_LINE_UNITS,
  refuseProblems,
  type ImportLine,
  type LineProblem,
} from '../../entities/inventory/import-stock';
import { MOST_LEVEL_UNITS } from '../../entities/inventory/refuse-shortages';
import type { OwnApproval } from '../../entities/stocktaking/approve-count';
import { importCounted, type CountedImportLine } from '../../entities/stocktaking/import-counted';
import {
  lineCell,
  readCells,
  slugCell,
  wholeNumberCell,
  type CellReaders,
} from '../../entities/values/csv-cells';
import { derivedId } from '../../entities/values/uuid';
import { readCsv } from '../../platform/csv';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { csvBody } from '../middleware/csv-body';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { ImportView } from './levels.view';
import { ImportQuery } from './stock.input';

const MOST_BYTES = 512 * 1024;

const CELLS = { sku: lineCell(64), location: slugCell(40) };
/** How a table of goods that have arrived is read. */
const RECEIVED: CellReaders<Row<ImportLine>> = { ...CELLS, quantity: wholeNumberCell(1, MOST_LINE_UNITS) };
/** How a table of what was counted is read. */
const COUNTED: CellReaders<Row<CountedImportLine>> = {
  ...CELLS,
  expected: wholeNumberCell(0, 2 * MOST_LEVEL_UNITS),
  quantity: wholeNumberCell(0, MOST_LINE_UNITS),
};

type Row<Line extends ImportLine> = Omit<Line, 'line'>;

/** Tables of stock. */
export function stockImportsRoutes(
  router: StaffRouter,
  { database, stockConfig }: Pick<Dependencies, 'database' | 'stockConfig'>,
): void {
  const own: OwnApproval = {
    mostUnits: stockConfig.countOwnApprovalUnits,
    mostValue: stockConfig.countOwnApprovalValue,
  };

  router.post(
    '/stock/imports',
    [
      describeRoute({
        operation: 'importStock',
        tag: 'stock',
        summary: `Import a table of stock of at most ${MOST_IMPORT_LINES.toLocaleString('en')} lines, all of it or nothing`,
        description:
          'A CSV table in UTF-8 with the columns `sku`, `location` (its code), `quantity`, and for `mode=set` also `expected`. `add` books what has arrived. `set` makes a count of each location: `quantity` is what lay on the shelf, and `expected` what the shop believed then, `onHand` and `unshipped` of the level together. Small differences are booked at once, large ones once somebody else has approved the counts. Problems are named by line and column, at most 1,000; split a larger table.',
        answers: { 200: ImportView },
        errors: [
          'import.refused',
          'count.location_busy',
          'stock.too_many_units',
          'request.idempotency_key_reused',
        ],
      }),
      may('stock.import'),
      requireIdempotencyKey(),
      validateQuery(ImportQuery),
      csvBody({
        mostBytes: MOST_BYTES,
        example: 'sku,location,expected,quantity\r\nMOB-GA55-128-NVY,main,14,12\r\n',
      }),
    ],
    async (ctx) => {
      const { caller, query, csv, idempotencyKey } = ctx.state;
      const id = derivedId('stock import', caller.accountId, idempotencyKey);
      const digest = createHash('sha256').update(csv).digest('hex');
      const actor = actorOf(ctx.state);
      if (query.mode === 'add') {
        const table = { id, digest, lines: await readLines(csv, RECEIVED) };
        const body = await withTransaction(database, (transaction) =>
          importReceived(transaction, actor, table),
        );
        return { status: 200, body };
      }
      const table = { id, digest, lines: await readLines(csv, COUNTED) };
      const body = await withTransaction(database, (transaction) =>
        importCounted(transaction, actor, { table, own }),
      );
      return { status: 200, body };
    },
  );
}

/** @throws AppError `import.refused` with everything that is wrong with the form of the table */
async function readLines<Line extends object>(
  csv: Buffer,
  readers: CellReaders<Line>,
): Promise<(Line & { readonly line: number })[]> {
  const lines: (Line & { readonly line: number })[] = [];
  const problems: LineProblem[] = [];
  const columns = Object.keys(readers) as (keyof Line & string)[];
  const terms = { columns, required: columns, mostRows: MOST_IMPORT_LINES, mostBytes: MOST_BYTES };
  for await (const read of readCsv(chunksOf(csv), terms)) {
    if ('problem' in read) {
      problems.push(read.problem);
      continue;
    }
    const { line } = read;
    const cells = readCells<Line>(read.cells as Partial<Record<keyof Line, string>>, readers);
    if ('row' in cells) lines.push({ ...cells.row, line });
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
