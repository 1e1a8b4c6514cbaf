import { AppError, assertThat } from '../errors';
import { refuseBreach } from '../refuse-breach';
import { array, integer, nullable, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { Actor } from '../staff/audited';
import { claimRequest } from '../steps/claim-request';
import type { CategoryEvent } from './catalog.events';
import { Category } from './category';
import { differences } from './change-product';
import { inPlace } from './in-place';
import { Product } from './product';
import { recordCategoryChange } from './record-change';

export const CATEGORIES_AT_MOST = 1_000;
/** The page of a product shows as many. */
export const CATEGORY_LEVELS_AT_MOST = 20;

/** What staff write about a category. */
export type CategoryTexts = Pick<Category, 'slug' | 'title' | 'titleEn'>;

/** A change of a category, based on a version of it. */
export interface CategoryChange {
  readonly categoryId: string;
  readonly seen: number;
}

/** Changes of the tree follow each other: two that are right by themselves may make a circle together. */
const LOCK_TREE = statement(`SELECT FROM pg_advisory_xact_lock(hashtextextended('categories', 0))`);

const INSERT = statement(
  `INSERT INTO categories (id, slug, title, title_en, parent_id, position)
   SELECT $1::uuid, $2, $3, $4, $5::uuid, coalesce(max(position), -1) + 1
   FROM categories WHERE parent_id IS NOT DISTINCT FROM $5`,
);

/**
 * Makes a category, the last of its siblings, once per id.
 *
 * @returns whether there was none with this id
 * @throws AppError `catalog.category_limit`, `catalog.category_unknown`, `catalog.category_too_deep`, `catalog.slug_taken`,
 * `request.idempotency_key_reused`, `auth.session_over`
 */
export async function createCategory(
  transaction: Transaction,
  actor: Actor,
  input: { readonly categoryId: string; readonly parentId: string | null; readonly texts: CategoryTexts },
): Promise<boolean> {
  const { categoryId, parentId, texts } = input;
  await claimRequest(transaction, categoryId, { parentId, texts });
  await rows(transaction, LOCK_TREE);
  if (await transaction.existsBy(Category, { id: categoryId })) return false;
  const count = await transaction.count(Category);
  if (count >= CATEGORIES_AT_MOST)
    throw new AppError('catalog.category_limit', { limit: CATEGORIES_AT_MOST });
  await requireRoom(transaction, parentId, { categoryId, height: 1 });
  await refuseBreach({ uq_categories_slug: 'catalog.slug_taken' }, () =>
    rows(transaction, INSERT, [categoryId, texts.slug, texts.title, texts.titleEn, parentId]),
  );
  await recordCategoryChange(transaction, actor, categoryId, { type: 'category.created', payload: {} });
  return true;
}

const ORDER = statement<{ id: string }>(
  'SELECT id FROM categories WHERE parent_id IS NOT DISTINCT FROM $1 ORDER BY position, slug',
  { id: uuid },
);

const TAKE_PLACES = statement(
  `UPDATE categories c SET position = wanted.place - 1
   FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted(id, place) WHERE c.id = wanted.id AND c.position <> wanted.place - 1`,
);

/**
 * Changes names of a category, its parent, or its place among its siblings, which make way. All that is below it moves along.
 *
 * @param change `parentId` null moves it to the top. Without a `place` it becomes the last child of a new parent
 * @throws AppError `catalog.category_not_found`, `catalog.category_changed`, `catalog.category_unknown`, `catalog.category_cycle`,
 * `catalog.category_too_deep`, `catalog.slug_taken`, `auth.session_over`
 */
export async function changeCategory(
  transaction: Transaction,
  actor: Actor,
  change: CategoryChange & {
    readonly texts: Partial<CategoryTexts>;
    readonly parentId?: string | null | undefined;
    /** Among its siblings, from 0. */
    readonly place?: number | undefined;
  },
): Promise<void> {
  const { categoryId, texts, place } = change;
  const present = await lockCategory(transaction, change);
  const { parentId = present.parentId } = change;
  const isMoved = parentId !== present.parentId;
  if (isMoved) {
    const height = await heightOf(transaction, categoryId);
    await requireRoom(transaction, parentId, { categoryId, height });
  }
  const changes = { ...differences(present, texts), ...(isMoved ? { parentId } : {}) };
  if (Object.keys(changes).length > 0)
    await refuseBreach({ uq_categories_slug: 'catalog.slug_taken' }, () =>
      transaction.update(Category, { id: categoryId }, changes),
    );

  const siblings = (await rows(transaction, ORDER, [parentId])).map(({ id }) => id);
  const wanted = inPlace(
    siblings,
    categoryId,
    place ?? (isMoved ? siblings.length : siblings.indexOf(categoryId)),
  );
  const isPlaced = wanted.indexOf(categoryId) !== siblings.indexOf(categoryId);
  if (isMoved || isPlaced) await rows(transaction, TAKE_PLACES, [wanted]);

  const { parentId: _parent, ...changedTexts } = changes;
  const isChanged = Object.keys(changedTexts).length > 0 || (isPlaced && !isMoved);
  const events: CategoryEvent[] = [
    ...(isMoved ? [{ type: 'category.moved', payload: { parentId } } as const] : []),
    ...(isChanged ? [{ type: 'category.changed', payload: {} } as const] : []),
  ];
  if (events.length > 0) await recordCategoryChange(transaction, actor, categoryId, ...events);
}

/**
 * Removes a category without products and subcategories.
 *
 * @throws AppError `catalog.category_not_found`, `catalog.category_changed`, `catalog.category_not_empty`, `auth.session_over`
 */
export async function removeCategory(
  transaction: Transaction,
  actor: Actor,
  change: CategoryChange,
): Promise<void> {
  const { categoryId } = change;
  await lockCategory(transaction, change);
  const isUsed =
    (await transaction.existsBy(Category, { parentId: categoryId })) ||
    (await transaction.existsBy(Product, { categoryId }));
  assertThat(!isUsed, 'catalog.category_not_empty');
  await recordCategoryChange(transaction, actor, categoryId, { type: 'category.removed', payload: {} });
  await refuseBreach({ fk_products_category: 'catalog.category_not_empty' }, () =>
    transaction.delete(Category, { id: categoryId }),
  );
}

const LOCK = statement<{ id: string; version: number }>(
  'SELECT id, version FROM categories WHERE id = $1 FOR NO KEY UPDATE',
  { id: uuid, version: integer },
);

async function lockCategory(
  transaction: Transaction,
  { categoryId, seen }: CategoryChange,
): Promise<Category> {
  await rows(transaction, LOCK_TREE);
  const found = await row(transaction, LOCK, [categoryId]);
  assertThat(found, 'catalog.category_not_found');
  if (found.version !== seen) throw new AppError('catalog.category_changed', { version: found.version });
  return transaction.findOneByOrFail(Category, { id: categoryId });
}

const TRAIL = statement<{ ids: string[] | null }>(
  `WITH RECURSIVE trail AS (
     SELECT id, parent_id FROM categories WHERE id = $1
     UNION SELECT up.id, up.parent_id FROM categories up JOIN trail ON up.id = trail.parent_id)
   SELECT array_agg(id) AS ids FROM trail`,
  { ids: nullable(array(uuid)) },
);

const HEIGHT = statement<{ height: number }>(
  `WITH RECURSIVE tree AS (
     SELECT id, 1 AS height FROM categories WHERE id = $1
     UNION ALL SELECT c.id, tree.height + 1 FROM categories c JOIN tree ON c.parent_id = tree.id)
   SELECT max(height) AS height FROM tree`,
  { height: integer },
);

async function heightOf(transaction: Transaction, categoryId: string): Promise<number> {
  return (await row(transaction, HEIGHT, [categoryId]))!.height;
}

/** Demands that a category with so many levels may be put below this parent. */
async function requireRoom(
  transaction: Transaction,
  parentId: string | null,
  { categoryId, height }: { readonly categoryId: string; readonly height: number },
): Promise<void> {
  const above = parentId === null ? [] : (await row(transaction, TRAIL, [parentId]))?.ids;
  assertThat(above, 'catalog.category_unknown');
  assertThat(!above.includes(categoryId), 'catalog.category_cycle');
  if (above.length + height > CATEGORY_LEVELS_AT_MOST)
    throw new AppError('catalog.category_too_deep', { limit: CATEGORY_LEVELS_AT_MOST });
}
