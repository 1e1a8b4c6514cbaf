import { lockOwnAccount } from '../customers/lock-own-account';
import { AppError, assertThat } from '../errors';
import { freeUnits } from '../inventory/free-units';
import { SHOWN_UNITS } from '../inventory/variant-availability';
import { boolean, integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';
import { requireSubscription, type OwnSubscription, type Subscription } from './read-subscriptions';
import type { StockAlertKind, StockAudience, StockChannel } from './stock-subscription';

/** The most subscriptions of one person. */
export const SUBSCRIPTIONS_AT_MOST: Readonly<Record<StockAudience, number>> = { customer: 50, staff: 200 };

/** What a subscription is about: a variant, a category with those below it, or everything. */
export interface SubscriptionScope {
  readonly variantId?: string | null;
  readonly categoryId?: string | null;
}

interface Subscribe {
  readonly accountId: string;
  readonly audience: StockAudience;
  readonly kind: StockAlertKind;
  readonly channel: StockChannel;
  readonly scope: SubscriptionScope;
}

const COUNT = statement<{ others: number }>(
  `SELECT count(*) AS others FROM stock_subscriptions WHERE account_id = $1 AND audience = $2 AND id <> $3`,
  { others: integer },
);

const INSERT = statement<{ id: string }>(
  `INSERT INTO stock_subscriptions (id, account_id, audience, kind, variant_id, category_id, channel)
   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING id`,
  { id: uuid },
);

/** What a subscription became: new, or the one that was there. */
export interface Subscribed {
  readonly subscription: Subscription;
  readonly isNew: boolean;
}

async function subscribe(
  transaction: Transaction,
  { accountId, audience, kind, channel, scope }: Subscribe,
): Promise<Subscribed> {
  const { variantId = null, categoryId = null } = scope;
  const id = derivedId('stock-subscription', accountId, audience, kind, variantId ?? '', categoryId ?? '');
  const { others } = (await row(transaction, COUNT, [accountId, audience, id]))!;
  const limit = SUBSCRIPTIONS_AT_MOST[audience];
  assertThat(others < limit, 'stock_subscription.too_many', { limit });
  const made = await rows(transaction, INSERT, [
    id,
    accountId,
    audience,
    kind,
    variantId,
    categoryId,
    channel,
  ]);
  const subscription = await requireSubscription(transaction, { id, accountId, audience });
  return { subscription, isNew: made.length === 1 };
}

/** Until the commit the variant is neither retired nor back: whoever subscribes to what is out hears of its return. */
const LOCK_VARIANT = statement<{ isSold: boolean }>(
  `SELECT v.status = 'active' AND p.status = 'published' AS "isSold"
   FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id = $1 FOR SHARE OF v`,
  { isSold: boolean },
);

const LOCK_AVAILABILITY = statement('SELECT FROM variant_availability WHERE id = $1 FOR SHARE');

/** A statement of its own: it sees what was committed while the lock was waited for. */
const READ_FREE = statement<{ free: number }>(`SELECT ${freeUnits('$1::uuid')} AS free`, { free: integer });

/**
 * Has a customer told once when a variant that is out of stock is back. A repetition changes nothing.
 *
 * @throws AppError `catalog.variant_not_found` for what is not sold, `stock_subscription.available` for what can be bought,
 * `stock_subscription.too_many`, `auth.session_over`
 */
export async function awaitStock(
  transaction: Transaction,
  { accountId, variantId, channel }: { accountId: string; variantId: string; channel: StockChannel },
): Promise<Subscribed> {
  await lockOwnAccount(transaction, accountId);
  const variant = await row(transaction, LOCK_VARIANT, [variantId]);
  assertThat(variant?.isSold, 'catalog.variant_not_found', { variantId });
  await rows(transaction, LOCK_AVAILABILITY, [variantId]);
  const { free } = (await row(transaction, READ_FREE, [variantId]))!;
  const available = Math.min(free, SHOWN_UNITS);
  assertThat(available === 0, 'stock_subscription.available', { variantId, available });
  return subscribe(transaction, {
    accountId,
    audience: 'customer',
    kind: 'back',
    channel,
    scope: { variantId },
  });
}

const HAS_CATEGORY = statement<{ isThere: boolean }>(
  'SELECT EXISTS (SELECT 1 FROM categories WHERE id = $1) AS "isThere"',
  { isThere: boolean },
);

/**
 * Has somebody of the staff told of each crossing. A repetition changes nothing but the record.
 *
 * @throws AppError `catalog.variant_not_found`, `catalog.category_not_found`, `stock_subscription.too_many`, `auth.session_over`
 */
export async function watchStock(
  transaction: Transaction,
  actor: Actor,
  { kind, channel, scope }: Pick<Subscribe, 'kind' | 'channel' | 'scope'>,
): Promise<Subscribed> {
  const { accountId } = actor;
  await lockOwnAccount(transaction, accountId);
  const { variantId, categoryId } = scope;
  if (variantId) {
    const variant = await row(transaction, LOCK_VARIANT, [variantId]);
    assertThat(variant, 'catalog.variant_not_found', { variantId });
  }
  if (categoryId) {
    const { isThere } = (await row(transaction, HAS_CATEGORY, [categoryId]))!;
    assertThat(isThere, 'catalog.category_not_found');
  }
  const subscribed = await subscribe(transaction, { accountId, audience: 'staff', kind, channel, scope });
  await audited(transaction, actor, {
    action: 'stock_alert.subscribe',
    object: { type: 'stock_subscription', id: subscribed.subscription.id },
    details: { kind, variantId: variantId ?? null, categoryId: categoryId ?? null },
  });
  return subscribed;
}

const REMOVE = statement<{ id: string }>(
  'DELETE FROM stock_subscriptions WHERE id = $1 AND account_id = $2 AND audience = $3 RETURNING id',
  { id: uuid },
);

/** @throws AppError `stock_subscription.not_found`, also for one that ended because its person was told; `auth.session_over` */
export async function unsubscribe(
  transaction: Transaction,
  { id, accountId, audience }: OwnSubscription,
): Promise<void> {
  await lockOwnAccount(transaction, accountId);
  const removed = await row(transaction, REMOVE, [id, accountId, audience]);
  if (!removed) throw new AppError('stock_subscription.not_found');
}

/** @throws AppError `stock_subscription.not_found`, `auth.session_over` */
export async function unwatchStock(transaction: Transaction, actor: Actor, id: string): Promise<void> {
  await unsubscribe(transaction, { id, accountId: actor.accountId, audience: 'staff' });
  await audited(transaction, actor, {
    action: 'stock_alert.subscribe',
    object: { type: 'stock_subscription', id },
    details: { isRemoved: true },
  });
}
