import { joinOrders } from '../../entities/orders/join-orders';
import { orderIdIn } from '../../entities/orders/order-token';
import { readOwnOrders } from '../../entities/orders/read-own-orders';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validate, validateQuery } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import { presentOrder } from './order.presenter';
import { JoinOrdersInput, OwnOrdersQuery } from './orders.input';
import { JoinedOrdersView, OwnOrdersView } from './own-orders.view';

/** The orders of a customer. */
export function ownOrdersRoutes(
  router: CustomerRouter,
  { database, tokens }: Pick<Dependencies, 'database' | 'tokens'>,
): void {
  router.get(
    '/me/orders',
    [
      describeRoute({
        operation: 'listOwnOrders',
        tag: 'orders',
        summary: 'Your orders, the newest first',
        answers: { 200: OwnOrdersView },
      }),
      may('order.read'),
      validateQuery(OwnOrdersQuery),
    ],
    async (ctx) => {
      const { caller, query } = ctx.state;
      const page = { customerId: caller.accountId, before: query.before, limit: query.limit + 1 };
      const found = await readOwnOrders(database.manager, page);
      const shown = found.slice(0, query.limit);
      const next = found.length > shown.length ? shown.at(-1)!.number : null;
      return { status: 200, body: { orders: shown.map(presentOrder), next } };
    },
  );

  router.post(
    '/me/orders',
    [
      describeRoute({
        operation: 'joinOrders',
        tag: 'orders',
        summary: 'Make orders of the time before you signed in yours',
        description:
          'By their tokens only. A token that opens nothing and one whose order belongs to somebody else are both named as not joined. A repetition changes nothing.',
        answers: { 200: JoinedOrdersView },
      }),
      may('order.join'),
      requireIdempotencyKey(),
      validate(JoinOrdersInput),
    ],
    async (ctx) => {
      const { caller, input } = ctx.state;
      const orderIds = input.orderTokens.map((token) => orderIdIn(tokens, token));
      const request = { accountId: caller.accountId, orderIds: orderIds.filter((id) => id !== undefined) };
      const joined = await withTransaction(database, (transaction) => joinOrders(transaction, request));
      const notJoined = orderIds.flatMap((id, position) => (id && joined.includes(id) ? [] : [position]));
      return { status: 200, body: { joined, notJoined } };
    },
  );
}
