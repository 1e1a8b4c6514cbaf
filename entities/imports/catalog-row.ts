import { PRODUCT_STATUSES, type ProductStatus } from '../catalog/product-status';
import {
  choiceCell,
  lineCell,
  orNull,
  slugCell,
  textCell,
  wholeNumberCell,
  type CellReaders,
} from '../values/csv-cells';

/** A line of the catalogue as a table: a variant, with the texts of its product. */
export interface CatalogRow {
  /** The slug. */
  readonly product: string;
  readonly title_fa: string;
  readonly title_en: string | null;
  readonly brand: string | null;
  readonly keywords: string | null;
  readonly description: string | null;
  /** The slug. */
  readonly category: string;
  readonly status: ProductStatus;
  readonly sku: string;
  readonly variant_title_fa: string;
  readonly variant_title_en: string | null;
  /** Rials. */
  readonly price: number;
  /** The variants of a product are sorted by it. Those without keep their places after them. */
  readonly position: number | null;
}

/** The columns in the order in which an export has them. */
export const CATALOG_COLUMNS = [
  'product',
  'title_fa',
  'title_en',
  'brand',
  'keywords',
  'description',
  'category',
  'status',
  'sku',
  'variant_title_fa',
  'variant_title_en',
  'price',
  'position',
] as const satisfies readonly (keyof CatalogRow)[];

const HIGHEST_PRICE = 1_000_000_000_000;
const LAST_POSITION = 10_000;

/** How each cell is read. */
export const CATALOG_CELLS: CellReaders<CatalogRow> = {
  product: slugCell(120),
  title_fa: lineCell(250),
  title_en: orNull(lineCell(250)),
  brand: orNull(lineCell(120)),
  keywords: orNull(lineCell(500)),
  description: orNull(textCell(20_000)),
  category: slugCell(120),
  status: choiceCell(PRODUCT_STATUSES),
  sku: lineCell(64),
  variant_title_fa: lineCell(140),
  variant_title_en: orNull(lineCell(140)),
  price: wholeNumberCell(0, HIGHEST_PRICE),
  position: orNull(wholeNumberCell(0, LAST_POSITION)),
};

/** A row and where it is in its file. */
export interface CatalogLine {
  readonly line: number;
  readonly row: CatalogRow;
}
