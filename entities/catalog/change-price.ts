import { AppError, assertThat } from '../errors';
import { refuseBreach } from '../refuse-breach';
import { integer, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { Actor } from '../staff/audited';
import { claimRequest } from '../steps/claim-request';
import { SHOP_CURRENCY } from '../values/money';
import { lockVariant, type VariantChange } from './change-variant';
import { lockProduct } from './lock-product';
import { PlannedPrice } from './planned-price';
import { recordProductChange } from './record-change';
import { Variant } from './variant';

/** For one variant, without those that are over. */
export const PLANNED_PRICES_AT_MOST = 50;

const AS_PRICE_CHANGE = { action: 'price.change' } as const;

/**
 * Sets the usual price of a variant, which holds whenever no planned one does. Orders keep the prices that they were placed with. A
 * buyer who saw another total is told by checkout.
 *
 * @returns the id of the product
 * @throws AppError `catalog.variant_not_found`, `catalog.product_changed`, `auth.session_over`
 */
export async function changePrice(
  transaction: Transaction,
  actor: Actor,
  { variantId, seen, price }: VariantChange & { /** Rials. */ readonly price: number },
): Promise<string> {
  const { productId, price: was } = await lockVariant(transaction, variantId, seen);
  if (price === was) return productId;
  await transaction.update(Variant, { id: variantId }, { price });
  const payload = { variantId, price, currency: SHOP_CURRENCY, was };
  await recordProductChange(
    transaction,
    actor,
    productId,
    { type: 'price.changed', payload },
    AS_PRICE_CHANGE,
  );
  return productId;
}

/** A price to plan. */
export interface NewPlannedPrice {
  readonly plannedPriceId: string;
  /** Rials. */
  readonly price: number;
  /** Null, or an instant that is over: from now on. */
  readonly startsAt: Date | null;
  readonly endsAt: Date;
}

const COUNT = statement<{ planned: number }>(
  'SELECT count(*) AS planned FROM planned_prices WHERE variant_id = $1 AND ends_at > now()',
  { planned: integer },
);

const PLAN = statement<{ id: string }>(
  `INSERT INTO planned_prices (id, variant_id, price, starts_at, ends_at)
   SELECT $1::uuid, $2::uuid, $3::bigint, starts_at, $5::timestamptz
   FROM (SELECT greatest($4::timestamptz, now()) AS starts_at) AS span WHERE starts_at < $5 RETURNING id`,
  { id: uuid },
);

/**
 * Plans a price from one instant to another, once per id.
 *
 * @returns whether there was none with this id, and the id of the product
 * @throws AppError `catalog.variant_not_found`, `catalog.product_changed`, `catalog.planned_price_limit`,
 * `catalog.planned_price_never`, `catalog.planned_price_overlaps`, `request.idempotency_key_reused`, `auth.session_over`
 */
export async function planPrice(
  transaction: Transaction,
  actor: Actor,
  { variantId, seen, ...planned }: VariantChange & NewPlannedPrice,
): Promise<{ readonly isNew: boolean; readonly productId: string }> {
  const { plannedPriceId, price, startsAt, endsAt } = planned;
  await claimRequest(transaction, plannedPriceId, { price, startsAt, endsAt });
  const { productId } = await lockVariant(transaction, variantId, null);
  const isKnown = await transaction.existsBy(PlannedPrice, { id: plannedPriceId, variantId });
  if (isKnown) return { isNew: false, productId };
  await lockProduct(transaction, productId, seen);
  const { planned: count } = (await row(transaction, COUNT, [variantId]))!;
  if (count >= PLANNED_PRICES_AT_MOST)
    throw new AppError('catalog.planned_price_limit', { limit: PLANNED_PRICES_AT_MOST });
  const made = await refuseBreach({ ex_planned_prices_overlap: 'catalog.planned_price_overlaps' }, () =>
    row(transaction, PLAN, [plannedPriceId, variantId, price, startsAt, endsAt]),
  );
  assertThat(made, 'catalog.planned_price_never');
  await recordProductChange(
    transaction,
    actor,
    productId,
    { type: 'price.planned', payload: { variantId, plannedPriceId } },
    {
      ...AS_PRICE_CHANGE,
      details: { price, startsAt: startsAt?.toISOString() ?? null, endsAt: endsAt.toISOString() },
    },
  );
  return { isNew: true, productId };
}

const FORGET = statement<{ id: string }>(
  'DELETE FROM planned_prices WHERE id = $1 AND starts_at >= now() RETURNING id',
  { id: uuid },
);

const END = statement<{ id: string }>(
  'UPDATE planned_prices SET ends_at = now() WHERE id = $1 AND ends_at > now() RETURNING id',
  { id: uuid },
);

/**
 * Withdraws a planned price. One that holds already ends now.
 *
 * @returns the id of the product
 * @throws AppError `catalog.planned_price_not_found`, `catalog.product_changed`, `catalog.planned_price_over`, `auth.session_over`
 */
export async function withdrawPlannedPrice(
  transaction: Transaction,
  actor: Actor,
  { plannedPriceId, seen }: { readonly plannedPriceId: string; readonly seen: number },
): Promise<string> {
  const planned = await transaction.findOneBy(PlannedPrice, { id: plannedPriceId });
  assertThat(planned, 'catalog.planned_price_not_found');
  const { variantId } = planned;
  const { productId } = await lockVariant(transaction, variantId, seen);
  const isWithdrawn =
    (await row(transaction, FORGET, [plannedPriceId])) ?? (await row(transaction, END, [plannedPriceId]));
  assertThat(isWithdrawn, 'catalog.planned_price_over');
  const payload = { variantId, plannedPriceId };
  await recordProductChange(
    transaction,
    actor,
    productId,
    { type: 'price.plan_withdrawn', payload },
    AS_PRICE_CHANGE,
  );
  return productId;
}
