import { SKU_BREACHES } from '../catalog/variant';
import { AppError, assertThat } from '../errors';
import { refuseBreach } from '../refuse-breach';
import { integer, json, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { bookLines, checkLines } from './book-import';
import type { CatalogLine } from './catalog-row';

/** Imports of so many lines are booked at once, all or nothing. */
export const LINES_AT_ONCE = 2_000;
/** No import has more. */
export const LINES_AT_MOST = 20_000;
/** An import names no more problems. */
export const PROBLEMS_AT_MOST = 1_000;
/** A transaction of a long import books at most so many lines. A product, which has fewer, is booked as a whole. */
const CHUNK = 500;

/** A table that staff have sent. */
export interface SentCatalog {
  /** The name of this import, the same for every repetition. */
  readonly id: string;
  /** The SHA-256 of the file, in hexadecimal. */
  readonly digest: string;
  readonly lines: readonly CatalogLine[];
}

const FIND = statement<{ digest: string }>('SELECT digest FROM catalog_imports WHERE id = $1', {
  digest: text,
});

const BEGIN = statement<{ id: string }>(
  `INSERT INTO catalog_imports (id, digest, status, line_count, booked, ended_at)
   VALUES ($1, $2, $3::text, $4, CASE $3::text WHEN 'done' THEN $4 ELSE 0 END, CASE $3::text WHEN 'done' THEN now() END)
   ON CONFLICT (id) DO NOTHING RETURNING id`,
  { id: uuid },
);

/** Only another transaction can have added them since the lines were compared with the catalogue. */
const TAKEN = { uq_products_slug: 'catalog.slug_taken', ...SKU_BREACHES } as const;

const KEEP_LINES = statement(
  `INSERT INTO catalog_import_lines (import_id, line, row)
   SELECT $1, line, row FROM jsonb_to_recordset($2) AS l(line integer, row jsonb)`,
);

/**
 * Books a table of up to {@link LINES_AT_ONCE} lines, all or nothing, or keeps a longer one for its workflow. A repetition with the
 * same id changes nothing.
 *
 * @returns the id of the import, and whether its workflow is to be started
 * @throws AppError `import.refused` with the problems, `request.idempotency_key_reused`, `catalog.slug_taken` and
 * `catalog.sku_taken` when somebody else adds the same meanwhile, `auth.session_over`
 */
export async function importCatalog(
  transaction: Transaction,
  actor: Actor,
  { id: importId, digest, lines }: SentCatalog,
): Promise<{ readonly importId: string; readonly isLong: boolean; readonly isNew: boolean }> {
  const isLong = lines.length > LINES_AT_ONCE;
  const status = isLong ? 'checking' : 'done';
  const begun = await row(transaction, BEGIN, [importId, digest, status, lines.length]);
  if (!begun) {
    const known = await row(transaction, FIND, [importId]);
    assertThat(known?.digest === digest, 'request.idempotency_key_reused');
    return { importId, isLong, isNew: false };
  }
  if (isLong) await rows(transaction, KEEP_LINES, [importId, JSON.stringify(lines)]);
  else {
    const faults = await refuseBreach(TAKEN, () =>
      bookLines(transaction, lines, (found) => found.length === 0),
    );
    if (faults.length > 0)
      throw new AppError('import.refused', { problems: faults.slice(0, PROBLEMS_AT_MOST) });
  }
  await audited(transaction, actor, {
    action: 'catalog.import',
    object: { type: 'catalog_import', id: importId },
    details: { lines: lines.length },
  });
  return { importId, isLong, isNew: true };
}

/** Whether an import failed because somebody made one of its new products or SKUs meanwhile. Run again, it finds them. */
export function metNewProduct(error: unknown): boolean {
  return (
    error instanceof AppError && (error.code === 'catalog.slug_taken' || error.code === 'catalog.sku_taken')
  );
}

const LINES = statement<CatalogLine>(
  'SELECT line, row FROM catalog_import_lines WHERE import_id = $1 ORDER BY line LIMIT $2',
  { line: integer, row: json() },
);

/** The first products that are left, each with all of its lines: its variants are sorted by all of them. */
const NEXT_LINES = statement<CatalogLine>(
  `WITH waiting AS (
     SELECT line, row, row ->> 'product' AS product FROM catalog_import_lines WHERE import_id = $1
   ), products AS (
     SELECT product, count(*) AS lines, sum(count(*)) OVER (ORDER BY min(line)) AS total FROM waiting GROUP BY product
   )
   SELECT line, row FROM waiting JOIN products USING (product) WHERE total <= $2 OR total = lines ORDER BY line`,
  { line: integer, row: json() },
);

const LOCK = statement<{ problems: number }>(
  `SELECT jsonb_array_length(problems) AS problems FROM catalog_imports
   WHERE id = $1 AND status = $2 FOR NO KEY UPDATE`,
  { problems: integer },
);

const REFUSE = statement(
  `UPDATE catalog_imports SET status = 'refused', problems = $2, ended_at = now() WHERE id = $1`,
);

const ACCEPT = statement(`UPDATE catalog_imports SET status = 'booking' WHERE id = $1`);

const FORGET_LINES = statement('DELETE FROM catalog_import_lines WHERE import_id = $1 AND line = ANY ($2)');

/**
 * Compares a long import with the catalogue as a whole. One line that cannot be booked refuses it. A repetition changes nothing.
 *
 * @returns whether it is to be booked
 */
export async function checkCatalogImport(
  transaction: Transaction,
  { importId }: { readonly importId: string },
): Promise<boolean> {
  if (!(await row(transaction, LOCK, [importId, 'checking'])))
    return (await row(transaction, LOCK, [importId, 'booking'])) !== undefined;
  const lines = await rows(transaction, LINES, [importId, LINES_AT_MOST]);
  const faults = await checkLines(transaction, lines);
  if (faults.length === 0) {
    await rows(transaction, ACCEPT, [importId]);
    return true;
  }
  await rows(transaction, REFUSE, [importId, JSON.stringify(faults.slice(0, PROBLEMS_AT_MOST))]);
  await rows(transaction, FORGET_LINES, [importId, lines.map(({ line }) => line)]);
  return false;
}

const ADVANCE = statement(
  'UPDATE catalog_imports SET booked = booked + $2, problems = problems || $3::jsonb WHERE id = $1',
);

const END = statement(`UPDATE catalog_imports SET status = 'done', ended_at = now() WHERE id = $1`);

/**
 * Books the next lines of a long import, once: they are gone with the commit. A line that can no longer be booked, because something
 * has changed since the check, becomes a problem of the import and does not hold up the others.
 *
 * @returns whether all lines are done
 */
export async function bookCatalogChunk(
  transaction: Transaction,
  { importId }: { readonly importId: string },
): Promise<boolean> {
  const locked = await row(transaction, LOCK, [importId, 'booking']);
  if (!locked) return true;
  const lines = await rows(transaction, NEXT_LINES, [importId, CHUNK]);
  if (lines.length === 0) {
    await rows(transaction, END, [importId]);
    return true;
  }
  const faults = await bookLines(transaction, lines);
  const booked = lines.length - new Set(faults.map(({ line }) => line)).size;
  const told = faults.slice(0, PROBLEMS_AT_MOST - locked.problems);
  await rows(transaction, ADVANCE, [importId, booked, JSON.stringify(told)]);
  await rows(transaction, FORGET_LINES, [importId, lines.map(({ line }) => line)]);
  return false;
}
