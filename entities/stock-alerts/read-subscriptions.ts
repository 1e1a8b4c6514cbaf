import type { EntityManager } from 'typeorm';

import { assertThat } from '../errors';
import { instant, nullable, text, uuid } from '../row-shape';
import { row, rows, statement } from '../sql';
import type { StockAlertKind, StockAudience, StockChannel } from './stock-subscription';

/** Which subscription of whom. */
export interface OwnSubscription {
  readonly id: string;
  readonly accountId: string;
  readonly audience: StockAudience;
}

/** A subscription as its person sees it. Of a category or of everything, there is no variant. */
export interface Subscription {
  readonly id: string;
  readonly kind: StockAlertKind;
  readonly channel: StockChannel;
  readonly variantId: string | null;
  readonly sku: string | null;
  readonly variantTitle: string | null;
  readonly productSlug: string | null;
  readonly productTitle: string | null;
  readonly categoryId: string | null;
  readonly categoryTitle: string | null;
  readonly createdAt: Date;
}

const READ = `SELECT s.id, s.kind, s.channel, s.variant_id AS "variantId", v.sku, v.title AS "variantTitle",
     p.slug AS "productSlug", p.title AS "productTitle", s.category_id AS "categoryId", c.title AS "categoryTitle",
     s.created_at AS "createdAt"
   FROM stock_subscriptions s LEFT JOIN variants v ON v.id = s.variant_id LEFT JOIN products p ON p.id = v.product_id
     LEFT JOIN categories c ON c.id = s.category_id
   WHERE s.account_id = $1 AND s.audience = $2`;

const SHAPE = {
  id: uuid,
  kind: text,
  channel: text,
  variantId: nullable(uuid),
  sku: nullable(text),
  variantTitle: nullable(text),
  productSlug: nullable(text),
  productTitle: nullable(text),
  categoryId: nullable(uuid),
  categoryTitle: nullable(text),
  createdAt: instant,
};

const LIST = statement<Subscription>(`${READ} ORDER BY s.created_at, s.id`, SHAPE);
const FIND = statement<Subscription>(`${READ} AND s.id = $3`, SHAPE);

/** Those of one person, the oldest first. Their number is limited. */
export function readSubscriptions(
  manager: EntityManager,
  { accountId, audience }: { readonly accountId: string; readonly audience: StockAudience },
): Promise<Subscription[]> {
  return rows(manager, LIST, [accountId, audience]);
}

/** @throws AppError `stock_subscription.not_found` */
export async function requireSubscription(
  manager: EntityManager,
  { id, accountId, audience }: OwnSubscription,
): Promise<Subscription> {
  const found = await row(manager, FIND, [accountId, audience, id]);
  assertThat(found, 'stock_subscription.not_found');
  return found;
}
