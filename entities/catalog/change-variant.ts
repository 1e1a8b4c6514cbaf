import { AppError, assertThat } from '../errors';
import { refuseBreach } from '../refuse-breach';
import { integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { Actor } from '../staff/audited';
import { claimRequest } from '../steps/claim-request';
import { differences, type ProductChange } from './change-product';
import { inPlace } from './in-place';
import { lockProduct } from './lock-product';
import { Product } from './product';
import type { VariantStatus } from './product-status';
import { recordProductChange } from './record-change';
import { SKU_BREACHES, Variant } from './variant';

export const VARIANTS_AT_MOST = 100;

/** A change of a variant, based on a version of its product. */
export interface VariantChange {
  readonly variantId: string;
  /** The version of the product that whoever changes it has seen. */
  readonly seen: number;
}

/** A variant to add. */
export type NewVariant = Pick<Variant, 'sku' | 'title' | 'titleEn' | 'price'>;

const COUNT = statement<{ variants: number; next: number }>(
  `SELECT count(*) AS variants, coalesce(max(position), -1) + 1 AS next FROM variants WHERE product_id = $1`,
  { variants: integer, next: integer },
);

/**
 * Adds a variant after the others of its product, once per id.
 *
 * @returns whether there was none with this id
 * @throws AppError `catalog.product_not_found`, `catalog.product_changed`, `catalog.variant_limit`, `catalog.sku_taken`,
 * `request.idempotency_key_reused`, `auth.session_over`
 */
export async function addVariant(
  transaction: Transaction,
  actor: Actor,
  input: ProductChange & { readonly variantId: string; readonly variant: NewVariant },
): Promise<boolean> {
  const { productId, seen, variantId, variant } = input;
  await claimRequest(transaction, variantId, variant);
  await lockProduct(transaction, productId, null);
  if (await transaction.existsBy(Variant, { id: variantId, productId })) return false;
  await lockProduct(transaction, productId, seen);
  const { variants, next } = (await row(transaction, COUNT, [productId]))!;
  if (variants >= VARIANTS_AT_MOST) throw new AppError('catalog.variant_limit', { limit: VARIANTS_AT_MOST });
  await refuseBreach(SKU_BREACHES, () =>
    transaction.insert(Variant, { id: variantId, productId, position: next, ...variant }),
  );
  const { sku, price } = variant;
  await recordProductChange(
    transaction,
    actor,
    productId,
    { type: 'variant.added', payload: { variantId } },
    { details: { sku, price } },
  );
  return true;
}

const ORDER = statement<{ id: string }>('SELECT id FROM variants WHERE product_id = $1 ORDER BY position', {
  id: uuid,
});

/** No two variants of a product may have one place, not even for a moment. */
const LEAVE_PLACES = statement('UPDATE variants SET position = -1 - position WHERE product_id = $1');

const TAKE_PLACES = statement(
  `UPDATE variants v SET position = wanted.place - 1
   FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted(id, place) WHERE v.id = wanted.id`,
);

/**
 * Changes names, SKU or place of a variant. Orders keep the names and the SKU that they were placed with. The variants behind a new
 * place make way.
 *
 * @returns the id of the product
 * @throws AppError `catalog.variant_not_found`, `catalog.product_changed`, `catalog.sku_taken`, `auth.session_over`
 */
export async function changeVariant(
  transaction: Transaction,
  actor: Actor,
  {
    variantId,
    seen,
    variant,
    place,
  }: VariantChange & {
    readonly variant: Partial<Pick<Variant, 'sku' | 'title' | 'titleEn'>>;
    /** Among the variants of its product, from 0. */
    readonly place?: number | undefined;
  },
): Promise<string> {
  const present = await lockVariant(transaction, variantId, seen);
  const { productId } = present;
  const changes = differences(present, variant);
  // A checkout may hold the row. It wants the product at its end, which a new title locks, so the places come first.
  const hasMoved = place !== undefined && (await move(transaction, present, place));
  const fields = Object.keys(changes);
  if (fields.length > 0)
    await refuseBreach(SKU_BREACHES, () => transaction.update(Variant, { id: variantId }, changes));
  if (!hasMoved && fields.length === 0) return productId;
  await recordProductChange(
    transaction,
    actor,
    productId,
    { type: 'variant.changed', payload: { variantId } },
    { details: { fields: [...fields, ...(hasMoved ? ['position'] : [])].join(' ') } },
  );
  return productId;
}

async function move(
  transaction: Transaction,
  { id, productId }: Pick<Variant, 'id' | 'productId'>,
  place: number,
): Promise<boolean> {
  const present = (await rows(transaction, ORDER, [productId])).map((variant) => variant.id);
  const wanted = inPlace(present, id, place);
  if (wanted.indexOf(id) === present.indexOf(id)) return false;
  await rows(transaction, LEAVE_PLACES, [productId]);
  await rows(transaction, TAKE_PLACES, [wanted]);
  return true;
}

/**
 * Retires a variant, so that nobody can buy it any more, or restores it. Carts keep it as a line that is not sellable, orders that
 * were placed are served. A published product keeps an active variant.
 *
 * @returns the id of the product
 * @throws AppError `catalog.variant_not_found`, `catalog.product_changed`, `catalog.no_active_variant`, `auth.session_over`
 */
export async function setVariantStatus(
  transaction: Transaction,
  actor: Actor,
  { variantId, seen, status }: VariantChange & { readonly status: VariantStatus },
): Promise<string> {
  const present = await lockVariant(transaction, variantId, seen);
  const { productId } = present;
  if (present.status === status) return productId;
  if (status === 'retired') {
    const active = await transaction.countBy(Variant, { productId, status: 'active' });
    const isPublic = await transaction.existsBy(Product, { id: productId, status: 'published' });
    assertThat(active > 1 || !isPublic, 'catalog.no_active_variant');
  }
  await transaction.update(Variant, { id: variantId }, { status });
  const type = status === 'retired' ? 'variant.retired' : 'variant.restored';
  await recordProductChange(transaction, actor, productId, { type, payload: { variantId } });
  return productId;
}

/**
 * Locks the product of a variant.
 *
 * @param seen the version of the product that the change is based on; null where it does not matter
 * @throws AppError `catalog.variant_not_found`, `catalog.product_changed`
 */
export async function lockVariant(
  transaction: Transaction,
  variantId: string,
  seen: number | null,
): Promise<Variant> {
  const found = await transaction.findOne(Variant, {
    select: { id: true, productId: true },
    where: { id: variantId },
  });
  assertThat(found, 'catalog.variant_not_found', { variantId });
  await lockProduct(transaction, found.productId, seen);
  return transaction.findOneByOrFail(Variant, { id: variantId });
}
