import { assertThat } from '../../entities/errors';
import { readEvents } from '../../entities/events/read-events';
import { isOwnOrStaff, opensFully, requireOpenOrder } from '../../entities/orders/order-reach';
import { orderToken } from '../../entities/orders/order-token';
import { ORDER } from '../../entities/orders/orders.events';
import { readOrder } from '../../entities/orders/read-order';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { limitCaller } from '../middleware/limit-caller';
import { validate, validateQuery } from '../middleware/validate';
import { chosenGateway } from '../payments/chosen-gateway';
import type { PublicRouter } from '../router-kinds';
import { opensOrder } from './order-access';
import { OrderEventsView, presentOrderEvent } from './order-event.view';
import { presentCheckout, presentOrderDetail, presentOrderInPart } from './order.presenter';
import { CheckoutView, OrderDetailView } from './order.view';
import { CancelInput, EventsQuery, OpenPaymentInput } from './orders.input';
import { recordStaff } from './record-staff';
import { requestCancellation } from './request-cancellation';
import { requestPaymentPage } from './request-payment-page';

/** One order, for callers with its token, its customer and staff. */
export function ordersRoutes(
  router: PublicRouter,
  dependencies: Pick<
    Dependencies,
    'database' | 'checkout' | 'checkoutConfig' | 'inbound' | 'tokens' | 'accessTokens' | 'liveSessions'
  >,
): void {
  const { database, inbound, tokens } = dependencies;
  const limited = limitCaller('orders', dependencies);

  router.get(
    '/orders/:id',
    [
      describeRoute({
        operation: 'getOrder',
        tag: 'orders',
        summary: 'Read an order',
        description:
          'Its customer and staff see all of it, and the holder of a guest’s token all but the recipient. Once the order belongs to a customer, its token alone shows status and amount.',
        answers: { 200: OrderDetailView },
      }),
      limited,
      opensOrder(tokens, 'order.read'),
    ],
    async (ctx) => {
      const { access } = ctx.state;
      const found = await readOrder(database.manager, access.orderId, access.ownerId);
      assertThat(found, 'order.not_found');
      const { order } = found;
      if (!opensFully(order, access)) return { status: 200, body: presentOrderInPart(order) };
      return { status: 200, body: presentOrderDetail(found, isOwnOrStaff(order, access)) };
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
        errors: ['order.sign_in_needed'],
      }),
      limited,
      opensOrder(tokens, 'order.read'),
      validateQuery(EventsQuery),
    ],
    async (ctx) => {
      const { access, query } = ctx.state;
      const { id } = await requireOpenOrder(database.manager, access);
      const entries = await readEvents(database.manager, ORDER, id, query.after, query.limit + 1);
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
          'order.sign_in_needed',
          'order.not_awaiting_payment',
          'order.verifying',
          'payment.attempt_limit',
          'payment.too_late',
          'payment.gateway_unknown',
          'request.idempotency_key_reused',
          'service.unavailable',
        ],
      }),
      limitCaller('checkout', dependencies),
      opensOrder(tokens, 'order.pay'),
      requireIdempotencyKey(),
      validate(OpenPaymentInput),
    ],
    async (ctx) => {
      const { access, idempotencyKey, input, log } = ctx.state;
      const gateway = chosenGateway(inbound, input.gateway);
      const known = await requireOpenOrder(database.manager, access);
      const record = recordStaff(dependencies, access, known, 'order.pay');
      const request = { known, idempotencyKey, gateway, record, log };
      const { order, isNew } = await requestPaymentPage(dependencies, request);
      return { status: isNew ? 201 : 200, body: presentCheckout(order, orderToken(tokens, order.id)) };
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
        errors: ['order.sign_in_needed', 'order.not_cancellable', 'order.verifying', 'service.unavailable'],
      }),
      limited,
      opensOrder(tokens, 'order.cancel'),
      requireIdempotencyKey(),
      validate(CancelInput),
    ],
    async (ctx) => {
      const { access, log } = ctx.state;
      const known = await requireOpenOrder(database.manager, access);
      const record = recordStaff(dependencies, access, known, 'order.cancel');
      const order = await requestCancellation(dependencies, { known, record, log });
      return { status: 200, body: presentCheckout(order, orderToken(tokens, order.id)) };
    },
  );
}
