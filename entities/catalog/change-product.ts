import { assertThat } from '../errors';
import { refuseBreach } from '../refuse-breach';
import { uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { Actor } from '../staff/audited';
import { claimRequest } from '../steps/claim-request';
import { lockProduct } from './lock-product';
import { Product } from './product';
import { PRODUCT_TRANSITIONS, type ProductStatus } from './product-status';
import { recordProductChange } from './record-change';
import { Variant } from './variant';

/** What staff write about a product. */
export type ProductTexts = Pick<
  Product,
  'slug' | 'title' | 'titleEn' | 'brand' | 'keywords' | 'description' | 'categoryId'
>;

/** A change of something of a product, based on a version of the product. */
export interface ProductChange {
  readonly productId: string;
  /** The version that whoever changes it has seen. */
  readonly seen: number;
}

const TEXT_BREACHES = {
  uq_products_slug: 'catalog.slug_taken',
  fk_products_category: 'catalog.category_unknown',
} as const;

const INSERT = statement<{ id: string }>(
  `INSERT INTO products (id, slug, title, title_en, brand, keywords, description, category_id)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
   ON CONFLICT ON CONSTRAINT pk_products DO NOTHING RETURNING id`,
  { id: uuid },
);

/**
 * Makes a draft of a product, once per id.
 *
 * @returns whether there was none with this id
 * @throws AppError `catalog.slug_taken`, `catalog.category_unknown`, `request.idempotency_key_reused`, `auth.session_over`
 */
export async function createProduct(
  transaction: Transaction,
  actor: Actor,
  { productId, texts }: { readonly productId: string; readonly texts: ProductTexts },
): Promise<boolean> {
  await claimRequest(transaction, productId, texts);
  const { slug, title, titleEn, brand, keywords, description, categoryId } = texts;
  const values = [productId, slug, title, titleEn, brand, keywords, description, categoryId];
  const made = await refuseBreach(TEXT_BREACHES, () => row(transaction, INSERT, values));
  if (!made) return false;
  await recordProductChange(transaction, actor, productId, { type: 'product.created', payload: {} });
  return true;
}

/**
 * Changes texts of a product, or its category. Nothing is recorded where nothing is different.
 *
 * @throws AppError `catalog.product_not_found`, `catalog.product_changed`, `catalog.slug_taken`, `catalog.category_unknown`,
 * `auth.session_over`
 */
export async function changeProduct(
  transaction: Transaction,
  actor: Actor,
  { productId, seen, texts }: ProductChange & { readonly texts: Partial<ProductTexts> },
): Promise<void> {
  await lockProduct(transaction, productId, seen);
  const present = await transaction.findOneByOrFail(Product, { id: productId });
  const changes = differences(present, texts);
  if (Object.keys(changes).length === 0) return;
  await refuseBreach(TEXT_BREACHES, () =>
    transaction.update(Product, { id: productId }, { ...changes, updatedAt: () => 'now()' }),
  );
  await recordProductChange(
    transaction,
    actor,
    productId,
    { type: 'product.changed', payload: {} },
    { details: { fields: Object.keys(changes).join(' ') } },
  );
}

/**
 * Moves a product along its transition table. What is there already stays.
 *
 * @throws AppError `catalog.product_not_found`, `catalog.product_changed`, `catalog.move_refused`, `catalog.no_active_variant`,
 * `auth.session_over`
 */
export async function moveProduct(
  transaction: Transaction,
  actor: Actor,
  { productId, seen, status }: ProductChange & { readonly status: Exclude<ProductStatus, 'draft'> },
): Promise<void> {
  await lockProduct(transaction, productId, seen);
  const present = await transaction.findOneByOrFail(Product, { id: productId });
  if (present.status === status) return;
  assertThat(PRODUCT_TRANSITIONS[present.status].includes(status), 'catalog.move_refused');
  if (status === 'published') {
    const isSold = await transaction.existsBy(Variant, { productId, status: 'active' });
    assertThat(isSold, 'catalog.no_active_variant');
  }
  await transaction.update(Product, { id: productId }, { status, updatedAt: () => 'now()' });
  await recordProductChange(transaction, actor, productId, { type: `product.${status}`, payload: {} });
}

/** The fields that would be different. */
export function differences<Row extends object>(present: Row, wanted: Partial<Row>): Partial<Row> {
  const fields = (Object.keys(wanted) as (keyof Row)[]).filter(
    (field) => wanted[field] !== undefined && wanted[field] !== present[field],
  );
  return Object.fromEntries(fields.map((field) => [field, wanted[field]])) as Partial<Row>;
}
