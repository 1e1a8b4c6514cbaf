import { CATALOG_COLUMNS, type CatalogLine, type CatalogRow } from '../../../entities/imports/catalog-row';
import { csvHead, csvLine } from '../../../platform/csv';

let made = 0;

/** A line of the catalogue: a new product with one variant, unless told. */
export function buildRow(overrides: Partial<CatalogRow> & Pick<CatalogRow, 'category'>): CatalogRow {
  made += 1;
  return {
    ...{
      product: `imported-${made}`,
      title_fa: `کالای ${made}`,
      title_en: null,
      brand: 'برند',
      keywords: null,
    },
    ...{ description: 'یک\nدو', status: 'published', sku: `IMP-${made}`, variant_title_fa: 'ساده' },
    ...{ variant_title_en: null, price: 120_000, position: null },
    ...overrides,
  };
}

/** The rows as the file that staff send. */
export function tableOf(rows: readonly CatalogRow[]): string {
  const lines = rows.map((row) => csvLine(CATALOG_COLUMNS.map((column) => row[column] ?? '')));
  return csvHead(CATALOG_COLUMNS) + lines.join('');
}

/** The rows as the lines of a file. */
export function linesOf(rows: readonly CatalogRow[]): CatalogLine[] {
  return rows.map((row, at) => ({ line: at + 2, row }));
}
