import { changeProduct, createProduct, moveProduct } from '../../../entities/catalog/change-product';
import { derivedId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import type { Dependencies } from '../../dependencies';
import { describeRoute } from '../../describe-route';
import { requireIdempotencyKey } from '../../middleware/idempotency-key';
import { requireIfMatch } from '../../middleware/if-match';
import { may } from '../../middleware/may';
import { validate, validateParams, validateQuery } from '../../middleware/validate';
import type { StaffRouter } from '../../router-kinds';
import { actorOf } from '../../staff/acting';
import { listStaffProducts } from './list-staff-products';
import { changeOfProduct, showProduct } from './product-changes';
import {
  ChangeProductInput,
  CreateProductInput,
  MoveProductInput,
  StaffProductsQuery,
} from './products.input';
import { IdParams } from './staff-catalog.input';
import { StaffProductsView, StaffProductView } from './staff-catalog.view';

/** Products as staff keep them, whatever their status. */
export function staffProductsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/catalog/products',
    [
      describeRoute({
        operation: 'listStaffProducts',
        tag: 'catalog',
        summary: 'Products of every status, the newest first',
        description: 'A search finds whole words and their beginnings, never by sound.',
        answers: { 200: StaffProductsView },
        errors: ['catalog.category_not_found', 'catalog.cursor_invalid'],
      }),
      may('catalog.read'),
      validateQuery(StaffProductsQuery),
    ],
    async (ctx) => ({ status: 200, body: await listStaffProducts(database.manager, ctx.state.query) }),
  );

  router.post(
    '/catalog/products',
    [
      describeRoute({
        operation: 'createProduct',
        tag: 'catalog',
        summary: 'Make a product, as a draft without variants',
        description: 'A repetition with the same key is answered with the product as it is now.',
        answers: { 201: StaffProductView, 200: StaffProductView },
        errors: ['catalog.slug_taken', 'catalog.category_unknown', 'request.idempotency_key_reused'],
      }),
      may('catalog.change'),
      requireIdempotencyKey(),
      validate(CreateProductInput),
    ],
    async (ctx) => {
      const { caller, idempotencyKey, input } = ctx.state;
      const { titleEn = null, brand = '', keywords = '', description = '', ...rest } = input;
      const texts = { ...rest, titleEn, brand, keywords, description };
      const productId = derivedId('product', caller.accountId, idempotencyKey);
      return withTransaction(database, async (transaction) => {
        const isNew = await createProduct(transaction, actorOf(ctx.state), { productId, texts });
        return { status: isNew ? 201 : 200, ...(await showProduct(transaction, productId)) };
      });
    },
  );

  router.get(
    '/catalog/products/:id',
    [
      describeRoute({
        operation: 'getStaffProduct',
        tag: 'catalog',
        summary: 'One product with all its variants, prices and planned prices',
        answers: { 200: StaffProductView },
      }),
      may('catalog.read'),
      validateParams(IdParams, 'catalog.product_not_found'),
    ],
    async (ctx) => ({ status: 200, ...(await showProduct(database.manager, ctx.state.params.id)) }),
  );

  router.patch(
    '/catalog/products/:id',
    [
      describeRoute({
        operation: 'changeProduct',
        tag: 'catalog',
        summary: 'Change the texts of a product, or its category',
        answers: { 200: StaffProductView },
        errors: ['catalog.product_changed', 'catalog.slug_taken', 'catalog.category_unknown'],
      }),
      may('catalog.change'),
      validateParams(IdParams, 'catalog.product_not_found'),
      requireIfMatch(),
      validate(ChangeProductInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const shown = await changeOfProduct(database, ctx.state, async (transaction, actor) => {
        await changeProduct(transaction, actor, { productId: params.id, seen, texts: { ...input } });
        return params.id;
      });
      return { status: 200, ...shown };
    },
  );

  router.put(
    '/catalog/products/:id/status',
    [
      describeRoute({
        operation: 'moveProduct',
        tag: 'catalog',
        summary: 'Publish a product, or archive it',
        description:
          'Who publishes needs an active variant. What is archived is in no list and in no search, its page is gone, and carts say that it is not sold any more. It may be published again.',
        answers: { 200: StaffProductView },
        errors: ['catalog.product_changed', 'catalog.move_refused', 'catalog.no_active_variant'],
      }),
      may('catalog.change'),
      validateParams(IdParams, 'catalog.product_not_found'),
      requireIfMatch(),
      validate(MoveProductInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const shown = await changeOfProduct(database, ctx.state, async (transaction, actor) => {
        await moveProduct(transaction, actor, { productId: params.id, seen, status: input.status });
        return params.id;
      });
      return { status: 200, ...shown };
    },
  );
}
