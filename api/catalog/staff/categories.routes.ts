import type { EntityManager } from 'typeorm';

import { changeCategory, createCategory, removeCategory } from '../../../entities/catalog/change-category';
import { assertThat } from '../../../entities/errors';
import { derivedId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import type { Dependencies } from '../../dependencies';
import { describeRoute } from '../../describe-route';
import { requireIdempotencyKey } from '../../middleware/idempotency-key';
import { requireIfMatch, versionTag } from '../../middleware/if-match';
import { may } from '../../middleware/may';
import { validate, validateParams } from '../../middleware/validate';
import type { StaffRouter } from '../../router-kinds';
import { actorOf } from '../../staff/acting';
import { ChangeCategoryInput, CreateCategoryInput } from './categories.input';
import { IdParams } from './staff-catalog.input';
import { StaffCategoriesView, StaffCategoryView } from './staff-catalog.view';
import { readStaffCategories, readStaffCategory } from './staff-category.queries';

/** Categories as staff keep them. */
export function staffCategoriesRoutes(
  router: StaffRouter,
  { database }: Pick<Dependencies, 'database'>,
): void {
  router.get(
    '/catalog/categories',
    [
      describeRoute({
        operation: 'listStaffCategories',
        tag: 'catalog',
        summary: 'All categories with their versions',
        answers: { 200: StaffCategoriesView },
      }),
      may('catalog.read'),
    ],
    async () => ({ status: 200, body: { items: await readStaffCategories(database.manager) } }),
  );

  router.post(
    '/catalog/categories',
    [
      describeRoute({
        operation: 'createCategory',
        tag: 'catalog',
        summary: 'Make a category, the last of its siblings',
        description: 'A repetition with the same key is answered with the category as it is now.',
        answers: { 201: StaffCategoryView, 200: StaffCategoryView },
        errors: [
          'catalog.slug_taken',
          'catalog.category_unknown',
          'catalog.category_too_deep',
          'catalog.category_limit',
          'request.idempotency_key_reused',
        ],
      }),
      may('catalog.change'),
      requireIdempotencyKey(),
      validate(CreateCategoryInput),
    ],
    async (ctx) => {
      const { caller, idempotencyKey, input } = ctx.state;
      const { slug, title, titleEn = null, parentId = null } = input;
      const categoryId = derivedId('category', caller.accountId, idempotencyKey);
      const category = { categoryId, parentId, texts: { slug, title, titleEn } };
      return withTransaction(database, async (transaction) => {
        const isNew = await createCategory(transaction, actorOf(ctx.state), category);
        return { status: isNew ? 201 : 200, ...(await show(transaction, categoryId)) };
      });
    },
  );

  router.patch(
    '/catalog/categories/:id',
    [
      describeRoute({
        operation: 'changeCategory',
        tag: 'catalog',
        summary: 'Rename a category, or move it with all that is below it',
        answers: { 200: StaffCategoryView },
        errors: [
          'catalog.category_changed',
          'catalog.slug_taken',
          'catalog.category_unknown',
          'catalog.category_cycle',
          'catalog.category_too_deep',
        ],
      }),
      may('catalog.change'),
      validateParams(IdParams, 'catalog.category_not_found'),
      requireIfMatch(),
      validate(ChangeCategoryInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const { parentId, position: place, ...texts } = input;
      const change = { categoryId: params.id, seen, texts, parentId, place };
      return withTransaction(database, async (transaction) => {
        await changeCategory(transaction, actorOf(ctx.state), change);
        return { status: 200 as const, ...(await show(transaction, params.id)) };
      });
    },
  );

  router.delete(
    '/catalog/categories/:id',
    [
      describeRoute({
        operation: 'removeCategory',
        tag: 'catalog',
        summary: 'Remove a category without products and subcategories',
        answers: { 204: 'The category is removed.' },
        errors: ['catalog.category_changed', 'catalog.category_not_empty'],
      }),
      may('catalog.change'),
      validateParams(IdParams, 'catalog.category_not_found'),
      requireIfMatch(),
    ],
    async (ctx) => {
      const { params, seen } = ctx.state;
      await withTransaction(database, (transaction) =>
        removeCategory(transaction, actorOf(ctx.state), { categoryId: params.id, seen }),
      );
      return { status: 204 };
    },
  );
}

/** A category with its version as the tag that the next change names. */
async function show(manager: EntityManager, categoryId: string) {
  const body = await readStaffCategory(manager, categoryId);
  assertThat(body, 'catalog.category_not_found');
  return { headers: { ETag: versionTag(body.version) }, body };
}
