import { addVariant, changeVariant, setVariantStatus } from '../../../entities/catalog/change-variant';
import { derivedId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import type { Dependencies } from '../../dependencies';
import { describeRoute } from '../../describe-route';
import { requireIdempotencyKey } from '../../middleware/idempotency-key';
import { requireIfMatch } from '../../middleware/if-match';
import { may } from '../../middleware/may';
import { validate, validateParams } from '../../middleware/validate';
import type { StaffRouter } from '../../router-kinds';
import { actorOf } from '../../staff/acting';
import { changeOfProduct, showProduct } from './product-changes';
import { IdParams } from './staff-catalog.input';
import { StaffProductView } from './staff-catalog.view';
import { AddVariantInput, ChangeVariantInput, VariantStatusInput } from './variants.input';

/** Variants as staff keep them. Their version is that of their product. */
export function staffVariantsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.post(
    '/catalog/products/:id/variants',
    [
      describeRoute({
        operation: 'addVariant',
        tag: 'catalog',
        summary: 'Add an active variant after the others of its product',
        description: 'A repetition with the same key is answered with the product as it is now.',
        answers: { 201: StaffProductView, 200: StaffProductView },
        errors: [
          'catalog.product_changed',
          'catalog.variant_limit',
          'catalog.sku_taken',
          'request.idempotency_key_reused',
        ],
      }),
      may('catalog.change'),
      validateParams(IdParams, 'catalog.product_not_found'),
      requireIfMatch(),
      requireIdempotencyKey(),
      validate(AddVariantInput),
    ],
    async (ctx) => {
      const { caller, params, seen, idempotencyKey, input } = ctx.state;
      const productId = params.id;
      const { sku, title, titleEn = null, price } = input;
      const variantId = derivedId('variant', caller.accountId, productId, idempotencyKey);
      const variant = { sku, title, titleEn, price: price.amount };
      return withTransaction(database, async (transaction) => {
        const change = { productId, seen, variantId, variant };
        const isNew = await addVariant(transaction, actorOf(ctx.state), change);
        return { status: isNew ? 201 : 200, ...(await showProduct(transaction, productId)) };
      });
    },
  );

  router.patch(
    '/catalog/variants/:id',
    [
      describeRoute({
        operation: 'changeVariant',
        tag: 'catalog',
        summary: 'Change the names, the SKU or the place of a variant',
        description: 'Orders keep the names and the SKU that they were placed with.',
        answers: { 200: StaffProductView },
        errors: ['catalog.product_changed', 'catalog.sku_taken'],
      }),
      may('catalog.change'),
      validateParams(IdParams, 'catalog.variant_not_found'),
      requireIfMatch(),
      validate(ChangeVariantInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const { position: place, ...variant } = input;
      const change = { variantId: params.id, seen, variant, place };
      const shown = await changeOfProduct(database, ctx.state, (transaction, actor) =>
        changeVariant(transaction, actor, change),
      );
      return { status: 200, ...shown };
    },
  );

  router.put(
    '/catalog/variants/:id/status',
    [
      describeRoute({
        operation: 'setVariantStatus',
        tag: 'catalog',
        summary: 'Retire a variant, or restore it',
        description:
          'Nobody can buy a retired variant. Carts say so, and orders that were placed are served. A published product keeps an active variant.',
        answers: { 200: StaffProductView },
        errors: ['catalog.product_changed', 'catalog.no_active_variant'],
      }),
      may('catalog.change'),
      validateParams(IdParams, 'catalog.variant_not_found'),
      requireIfMatch(),
      validate(VariantStatusInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const change = { variantId: params.id, seen, status: input.status };
      const shown = await changeOfProduct(database, ctx.state, (transaction, actor) =>
        setVariantStatus(transaction, actor, change),
      );
      return { status: 200, ...shown };
    },
  );
}
