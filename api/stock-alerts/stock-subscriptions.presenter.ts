import type { Subscription } from '../../entities/stock-alerts/read-subscriptions';
import type { AwaitedStockView, WatchedStockView, WatchedVariantView } from './stock-subscriptions.view';

/** A subscription of a customer, which always has a variant. */
export function presentAwaited(subscription: Subscription): AwaitedStockView {
  const { id, channel, createdAt } = subscription;
  return { id, variant: variantOf(subscription)!, channel, createdAt: createdAt.toISOString() };
}

export function presentWatched(subscription: Subscription): WatchedStockView {
  const { id, kind, channel, categoryId, categoryTitle, createdAt } = subscription;
  const category = categoryId === null ? null : { id: categoryId, title: categoryTitle! };
  return {
    ...{ id, kind, variant: variantOf(subscription), category, channel },
    createdAt: createdAt.toISOString(),
  };
}

function variantOf(subscription: Subscription): WatchedVariantView | null {
  const { variantId, sku, variantTitle, productSlug, productTitle } = subscription;
  if (variantId === null) return null;
  return {
    id: variantId,
    sku: sku!,
    title: variantTitle!,
    productSlug: productSlug!,
    productTitle: productTitle!,
  };
}
