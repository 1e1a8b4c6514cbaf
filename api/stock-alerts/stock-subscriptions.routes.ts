import { invalidRequest } from '../../entities/problem';
import { readSubscriptions } from '../../entities/stock-alerts/read-subscriptions';
import { awaitStock, unsubscribe, unwatchStock, watchStock } from '../../entities/stock-alerts/subscribe';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { CustomerRouter, StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { AwaitStockInput, StockSubscriptionParams, WatchStockInput } from './stock-subscriptions.input';
import { presentAwaited, presentWatched } from './stock-subscriptions.presenter';
import {
  AwaitedStocksView,
  AwaitedStockView,
  WatchedStocksView,
  WatchedStockView,
} from './stock-subscriptions.view';

/** What a customer waits for: to be told once when it is back. */
export function awaitedStockRoutes(
  router: CustomerRouter,
  { database }: Pick<Dependencies, 'database'>,
): void {
  router.get(
    '/me/stock-subscriptions',
    [
      describeRoute({
        operation: 'listAwaitedStock',
        tag: 'me',
        summary: 'The variants that the caller waits for, the longest awaited first',
        answers: { 200: AwaitedStocksView },
      }),
      may('stock_wait.read'),
    ],
    async (ctx) => {
      const { accountId } = ctx.state.caller;
      const found = await readSubscriptions(database.manager, { accountId, audience: 'customer' });
      return { status: 200, body: { items: found.map(presentAwaited) } };
    },
  );

  router.post(
    '/me/stock-subscriptions',
    [
      describeRoute({
        operation: 'awaitStock',
        tag: 'me',
        summary: 'Be told once by SMS when a variant that is out of stock is back',
        description:
          'Those who asked first are told first, at most twice as many as there are units, between 8:00 and 21:00 in Tehran. Whoever was told waits no longer. A variant that can be bought now is refused with how many there are. A repetition is answered with the subscription that is there.',
        answers: { 201: AwaitedStockView, 200: AwaitedStockView },
        errors: ['catalog.variant_not_found', 'stock_subscription.available', 'stock_subscription.too_many'],
      }),
      may('stock_wait.change'),
      validate(AwaitStockInput),
    ],
    async (ctx) => {
      const { caller, input } = ctx.state;
      const { variantId, channel } = input;
      const { subscription, isNew } = await withTransaction(database, (transaction) =>
        awaitStock(transaction, { accountId: caller.accountId, variantId, channel }),
      );
      return { status: isNew ? 201 : 200, body: presentAwaited(subscription) };
    },
  );

  router.delete(
    '/me/stock-subscriptions/:id',
    [
      describeRoute({
        operation: 'stopAwaitingStock',
        tag: 'me',
        summary: 'Wait for a variant no longer',
        answers: { 204: 'The caller waits no longer.' },
      }),
      may('stock_wait.change'),
      validateParams(StockSubscriptionParams, 'stock_subscription.not_found'),
    ],
    async (ctx) => {
      const { caller, params } = ctx.state;
      await withTransaction(database, (transaction) =>
        unsubscribe(transaction, { id: params.id, accountId: caller.accountId, audience: 'customer' }),
      );
      return { status: 204 };
    },
  );
}

/** Of what stock somebody of the staff hears. */
export function watchedStockRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/stock/subscriptions',
    [
      describeRoute({
        operation: 'listWatchedStock',
        tag: 'stock',
        summary: 'Of what stock the caller hears, the oldest subscription first',
        answers: { 200: WatchedStocksView },
      }),
      may('stock_alert.read'),
    ],
    async (ctx) => {
      const { accountId } = ctx.state.caller;
      const found = await readSubscriptions(database.manager, { accountId, audience: 'staff' });
      return { status: 200, body: { items: found.map(presentWatched) } };
    },
  );

  router.post(
    '/stock/subscriptions',
    [
      describeRoute({
        operation: 'watchStock',
        tag: 'stock',
        summary: 'Be told by SMS each time stock is low, out or back',
        description:
          'Of a variant, of a category with those below it, or of everything. Each crossing is told once. `low` counts again after stock was a tenth above its reorder point. A repetition is answered with the subscription that is there.',
        answers: { 201: WatchedStockView, 200: WatchedStockView },
        errors: ['catalog.variant_not_found', 'catalog.category_not_found', 'stock_subscription.too_many'],
      }),
      may('stock_alert.subscribe'),
      validate(WatchStockInput),
    ],
    async (ctx) => {
      const { kind, channel, variantId, categoryId } = ctx.state.input;
      if (variantId && categoryId) throw invalidRequest([TWO_SCOPES]);
      const { subscription, isNew } = await withTransaction(database, (transaction) =>
        watchStock(transaction, actorOf(ctx.state), { kind, channel, scope: { variantId, categoryId } }),
      );
      return { status: isNew ? 201 : 200, body: presentWatched(subscription) };
    },
  );

  router.delete(
    '/stock/subscriptions/:id',
    [
      describeRoute({
        operation: 'stopWatchingStock',
        tag: 'stock',
        summary: 'End one of the caller’s own subscriptions',
        answers: { 204: 'The caller hears of it no more.' },
      }),
      may('stock_alert.subscribe'),
      validateParams(StockSubscriptionParams, 'stock_subscription.not_found'),
    ],
    async (ctx) => {
      await withTransaction(database, (transaction) =>
        unwatchStock(transaction, actorOf(ctx.state), ctx.state.params.id),
      );
      return { status: 204 };
    },
  );
}

const TWO_SCOPES = {
  in: 'body',
  field: 'categoryId',
  rule: 'oneScope',
  detail: 'name a variant or a category, not both',
} as const;
