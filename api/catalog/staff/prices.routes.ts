import { changePrice, planPrice, withdrawPlannedPrice } from '../../../entities/catalog/change-price';
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
import { PlanPriceInput, PriceInput } from './variants.input';

/** Prices of variants, usual and planned. Their version is that of their product. */
export function staffPricesRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.put(
    '/catalog/variants/:id/price',
    [
      describeRoute({
        operation: 'changePrice',
        tag: 'catalog',
        summary: 'Set the usual price of a variant',
        description:
          'It holds at once, unless a planned price does. Orders keep their prices. Checkout tells a buyer who saw another total.',
        answers: { 200: StaffProductView },
        errors: ['catalog.product_changed'],
      }),
      may('price.change'),
      validateParams(IdParams, 'catalog.variant_not_found'),
      requireIfMatch(),
      validate(PriceInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const change = { variantId: params.id, seen, price: input.amount };
      const shown = await changeOfProduct(database, ctx.state, (transaction, actor) =>
        changePrice(transaction, actor, change),
      );
      return { status: 200, ...shown };
    },
  );

  router.post(
    '/catalog/variants/:id/planned-prices',
    [
      describeRoute({
        operation: 'planPrice',
        tag: 'catalog',
        summary: 'Plan a price from one instant to another',
        description:
          'It holds for buyers from the first instant on, and no longer than to the second. A repetition with the same key is answered with the product as it is now.',
        answers: { 201: StaffProductView, 200: StaffProductView },
        errors: [
          'catalog.product_changed',
          'catalog.planned_price_limit',
          'catalog.planned_price_never',
          'catalog.planned_price_overlaps',
          'request.idempotency_key_reused',
        ],
      }),
      may('price.change'),
      validateParams(IdParams, 'catalog.variant_not_found'),
      requireIfMatch(),
      requireIdempotencyKey(),
      validate(PlanPriceInput),
    ],
    async (ctx) => {
      const { caller, params, seen, idempotencyKey, input } = ctx.state;
      const variantId = params.id;
      const planned = {
        plannedPriceId: derivedId('planned-price', caller.accountId, variantId, idempotencyKey),
        price: input.price.amount,
        startsAt: input.startsAt ? new Date(input.startsAt) : null,
        endsAt: new Date(input.endsAt),
      };
      return withTransaction(database, async (transaction) => {
        const change = { variantId, seen, ...planned };
        const { isNew, productId } = await planPrice(transaction, actorOf(ctx.state), change);
        return { status: isNew ? 201 : 200, ...(await showProduct(transaction, productId)) };
      });
    },
  );

  router.delete(
    '/catalog/planned-prices/:id',
    [
      describeRoute({
        operation: 'withdrawPlannedPrice',
        tag: 'catalog',
        summary: 'Withdraw a planned price',
        description: 'One that holds already ends now.',
        answers: { 200: StaffProductView },
        errors: ['catalog.product_changed', 'catalog.planned_price_over'],
      }),
      may('price.change'),
      validateParams(IdParams, 'catalog.planned_price_not_found'),
      requireIfMatch(),
    ],
    async (ctx) => {
      const { params, seen } = ctx.state;
      const shown = await changeOfProduct(database, ctx.state, (transaction, actor) =>
        withdrawPlannedPrice(transaction, actor, { plannedPriceId: params.id, seen }),
      );
      return { status: 200, ...shown };
    },
  );
}
