import { assertThat } from '../../entities/errors';
import { readEvents } from '../../entities/events/read-events';
import { ORDER } from '../../entities/orders/orders.events';
import { readOrder } from '../../entities/orders/read-order';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { rateLimit } from '../middleware/rate-limit';
import { validate, validateQuery } from '../middleware/validate';
import { chosenGateway } from '../payments/chosen-gateway';
import type { PublicRouter } from '../router-kinds';
import { OrderEventsView, presentOrderEvent } from './order-event.view';
import { orderToken, ownsOrder } from './order-token';
import { presentCheckout, presentOrderDetail } from './order.presenter';
import { CheckoutView, OrderDetailView } from './order.view';
import { CancelInput, EventsQuery, OpenPaymentInput } from './orders.input';
import { requestCancellation } from './request-cancellation';
import { requestPaymentPage } from './request-payment-page';

/** One order, for callers with its token. */
export function ordersRoutes(
  router: PublicRouter,
  dependencies: Pick<Dependencies, 'database' | 'checkout' | 'checkoutConfig' | 'inbound' | 'tokens'>,
): void {
  const { database, inbound, tokens } = dependencies;

  router.get(
    '/orders/:id',
    [
      describeRoute({
        operation: 'getOrder',
        tag: 'orders',
        summary: 'Read an order',
        answers: { 200: OrderDetailView },
      }),
      rateLimit('orders'),
      ownsOrder(tokens),
    ],
    async (ctx) => {
      const order = await readOrder(database.manager, ctx.state.orderId);
      assertThat(order, 'order.not_found');
      return { status: 200, body: presentOrderDetail(order) };
    },
  );

  router.get(
    '/orders/:id/events',
    [
      describeRoute({
        operation: 'listOrderEvents',
        tag: 'orders',
        summary: 'Read what happened to an order',
        answers: { 200: OrderEventsView },
      }),
      rateLimit('orders'),
      ownsOrder(tokens),
      validateQuery(EventsQuery),
    ],
    async (ctx) => {
      const { orderId, query } = ctx.state;
      const entries = await readEvents(database.manager, ORDER, orderId, query.after, query.limit + 1);
      const shown = entries.slice(0, query.limit);
      const next = entries.length > shown.length ? shown.at(-1)!.version : null;
      return { status: 200, body: { events: shown.map(presentOrderEvent), next } };
    },
  );

  router.post(
    '/orders/:id/payments',
    [
      describeRoute({
        operation: 'openPaymentPage',
        tag: 'orders',
        summary: 'Open another payment page',
        description:
          'For a buyer who left the first page or could not use it. The order keeps its price. A key is for one page: after an answer with `gateway_unavailable` the next try needs a new key.',
        answers: { 201: CheckoutView, 200: CheckoutView },
        errors: [
          'order.not_awaiting_payment',
          'order.verifying',
          'payment.attempt_limit',
          'payment.too_late',
          'payment.gateway_unknown',
          'request.idempotency_key_reused',
          'service.unavailable',
        ],
      }),
      rateLimit('checkout'),
      ownsOrder(tokens),
      requireIdempotencyKey(),
      validate(OpenPaymentInput),
    ],
    async (ctx) => {
      const { orderId, idempotencyKey, input, log } = ctx.state;
      const gateway = chosenGateway(inbound, input.gateway);
      const request = { orderId, idempotencyKey, gateway, log };
      const { order, isNew } = await requestPaymentPage(dependencies, request);
      return { status: isNew ? 201 : 200, body: presentCheckout(order, orderToken(tokens, orderId)) };
    },
  );

  router.post(
    '/orders/:id/cancel',
    [
      describeRoute({
        operation: 'cancelOrder',
        tag: 'orders',
        summary: 'Cancel an order that awaits payment',
        answers: { 200: CheckoutView },
        errors: ['order.not_cancellable', 'order.verifying', 'service.unavailable'],
      }),
      rateLimit('orders'),
      ownsOrder(tokens),
      requireIdempotencyKey(),
      validate(CancelInput),
    ],
    async (ctx) => {
      const order = await requestCancellation(dependencies, ctx.state);
      return { status: 200, body: presentCheckout(order, orderToken(tokens, order.id)) };
    },
  );
}
