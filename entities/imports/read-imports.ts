import type { EntityManager } from 'typeorm';

import { instant, integer, json, nullable, text, uuid } from '../row-shape';
import { row, rows, statement } from '../sql';
import type { CatalogImport, LineProblem } from './catalog-import';
import type { CatalogRow } from './catalog-row';

/** An import, and how far it is. */
export type ImportProgress = Omit<CatalogImport, 'digest'>;

const READ = statement<ImportProgress>(
  `SELECT id, status, line_count AS "lineCount", booked, problems, created_at AS "createdAt", ended_at AS "endedAt"
   FROM catalog_imports WHERE id = $1`,
  {
    ...{ id: uuid, status: text, lineCount: integer, booked: integer, problems: json<LineProblem[]>() },
    ...{ createdAt: instant, endedAt: nullable(instant) },
  },
);

/** An import, if there is one. */
export function readImport(manager: EntityManager, importId: string): Promise<ImportProgress | undefined> {
  return row(manager, READ, [importId]);
}

const OVERDUE = statement<{ id: string }>(
  `SELECT id FROM catalog_imports WHERE status IN ('checking', 'booking') AND created_at < now() - $1 * interval '1 millisecond'
   ORDER BY created_at LIMIT $2`,
  { id: uuid },
);

/** Imports that should be over by now: their workflow may be missing. */
export async function findOverdueImports(
  manager: EntityManager,
  { overdueByMs, limit }: { readonly overdueByMs: number; readonly limit: number },
): Promise<string[]> {
  return (await rows(manager, OVERDUE, [overdueByMs, limit])).map(({ id }) => id);
}

/** A line of an export, with the key of the next page. */
export interface ExportedRow extends CatalogRow {
  readonly variantId: string;
  readonly productId: string;
}

const EXPORT = statement<ExportedRow>(
  `SELECT p.slug AS product, p.title AS title_fa, p.title_en, p.brand, p.keywords, p.description, c.slug AS category,
     p.status, v.sku, v.title AS variant_title_fa, v.title_en AS variant_title_en, v.price, v.position,
     v.id AS "variantId", v.product_id AS "productId"
   FROM variants v JOIN products p ON p.id = v.product_id JOIN categories c ON c.id = p.category_id
   WHERE $1::uuid IS NULL OR (v.product_id, v.position) > ($1::uuid, $2::integer)
   ORDER BY v.product_id, v.position LIMIT $3`,
  {
    ...{
      product: text,
      title_fa: text,
      title_en: nullable(text),
      brand: nullable(text),
      keywords: nullable(text),
      description: nullable(text),
    },
    ...{ category: text, status: text, sku: text, variant_title_fa: text, variant_title_en: nullable(text) },
    ...{ price: integer, position: nullable(integer), variantId: uuid, productId: uuid },
  },
);

/** A page of the catalogue as a table, in the order of products and the places of their variants. */
export function exportPage(
  manager: EntityManager,
  after: Pick<ExportedRow, 'productId' | 'position'> | undefined,
  limit: number,
): Promise<ExportedRow[]> {
  return rows(manager, EXPORT, [after?.productId ?? null, after?.position ?? null, limit]);
}
