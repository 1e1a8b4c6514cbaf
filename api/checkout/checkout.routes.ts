import { orderToken } from '../../entities/orders/order-token';
import { holdsCart } from '../carts/cart-holder';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { limitCaller } from '../middleware/limit-caller';
import { validate } from '../middleware/validate';
import { presentCheckout } from '../orders/order.presenter';
import { CheckoutView } from '../orders/order.view';
import { chosenGateway } from '../payments/chosen-gateway';
import type { PublicRouter } from '../router-kinds';
import { CheckoutBody } from './checkout.input';
import { requestOrder } from './request-order';

/** From a cart to an order with a payment page. */
export function checkoutRoutes(
  router: PublicRouter,
  dependencies: Pick<
    Dependencies,
    | 'database'
    | 'checkout'
    | 'checkoutConfig'
    | 'inbound'
    | 'keyedHash'
    | 'tokens'
    | 'accessTokens'
    | 'liveSessions'
  >,
): void {
  const { inbound, tokens } = dependencies;

  router.post(
    '/checkout',
    [
      describeRoute({
        operation: 'placeOrder',
        tag: 'checkout',
        summary: 'Order the cart',
        description:
          'Places the order, holds its stock and opens a payment page. Repeat with the same Idempotency-Key until there is an answer: the order is made once. A cart has one open order: `checkout.order_open` names it by `orderId` and `orderToken`, with which it can be read, paid and cancelled.',
        answers: { 201: CheckoutView, 200: CheckoutView },
        errors: [
          'cart.not_found',
          'cart.empty',
          'checkout.cart_changed',
          'checkout.price_changed',
          'checkout.not_sellable',
          'checkout.out_of_stock',
          'checkout.order_open',
          'checkout.too_many_open_orders',
          'checkout.held_limit',
          'checkout.unit_limit',
          'checkout.amount_too_small',
          'checkout.amount_too_large',
          'order.lost',
          'payment.gateway_unknown',
          'request.idempotency_key_reused',
          'service.unavailable',
        ],
      }),
      limitCaller('checkout', dependencies),
      holdsCart(dependencies),
      requireIdempotencyKey(),
      validate(CheckoutBody),
    ],
    async (ctx) => {
      const { cart, idempotencyKey, input, clientAddress, log } = ctx.state;
      const gateway = chosenGateway(inbound, input.gateway);
      const expectedTotal = input.expectedTotal.amount;
      const request = { cart, idempotencyKey, expectedTotal, gateway, clientAddress, log };
      const { order, isNew } = await requestOrder(dependencies, request);
      return { status: isNew ? 201 : 200, body: presentCheckout(order, orderToken(tokens, order.id)) };
    },
  );
}
