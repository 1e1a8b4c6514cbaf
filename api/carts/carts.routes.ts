import { acknowledgePrices } from '../../entities/carts/acknowledge-prices';
import { addToCart, setQuantity } from '../../entities/carts/put-into-cart';
import { clearCart, removeLine } from '../../entities/carts/take-lines-out';
import { AppError, assertThat, type ErrorCode } from '../../entities/errors';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { limitCaller } from '../middleware/limit-caller';
import { validate, validateParams } from '../middleware/validate';
import type { PublicRouter } from '../router-kinds';
import { holdsCart } from './cart-holder';
import { issueCartToken } from './cart-token';
import { AcknowledgeInput, AddLineInput, LineParams, SetQuantityInput } from './cart.input';
import { CartView, OpenedCartView } from './cart.view';
import { fillable, FIRST_VERSION, type CartChanges } from './change-cart';

const PUT_ERRORS: readonly ErrorCode[] = [
  'catalog.variant_not_found',
  'cart.variant_not_sellable',
  'cart.quantity_limit',
  'cart.line_limit',
];

/**
 * A cart, for callers with its token, and a customer's current cart, for that customer. Every answer is the whole cart at
 * current prices.
 */
export function cartsRoutes(
  router: PublicRouter,
  dependencies: Pick<
    Dependencies,
    'database' | 'checkoutConfig' | 'keyedHash' | 'accessTokens' | 'liveSessions'
  >,
  { show, showEmpty, change, changeFilled }: CartChanges,
): void {
  const { database, checkoutConfig: limits, keyedHash } = dependencies;
  const limited = limitCaller('carts', dependencies);
  const held = holdsCart(dependencies);

  router.post(
    '/carts',
    [
      describeRoute({
        operation: 'openCart',
        tag: 'carts',
        summary: 'Get the token of an empty cart',
        answers: { 201: OpenedCartView },
      }),
      limited,
    ],
    () => {
      const now = Date.now();
      const token = issueCartToken(keyedHash, now);
      return { status: 201, body: { token, cart: showEmpty(new Date(now)) } };
    },
  );

  router.get(
    '/carts/current',
    [
      describeRoute({
        operation: 'getCart',
        tag: 'carts',
        summary: 'The cart with what changed in it',
        answers: { 200: CartView },
      }),
      limited,
      held,
    ],
    async (ctx) => ({ status: 200, body: await show(database.manager, ctx.state.cart) }),
  );

  router.post(
    '/carts/current/lines',
    [
      describeRoute({
        operation: 'addCartLine',
        tag: 'carts',
        summary: 'Add units of a variant',
        description: 'A repetition adds again. To repeat safely, put the quantity of the line instead.',
        answers: { 200: CartView },
        errors: PUT_ERRORS,
      }),
      limited,
      held,
      validate(AddLineInput),
    ],
    async (ctx) => {
      const { cart, input } = ctx.state;
      const body = await change(cart, (transaction) => addToCart(transaction, fillable(cart), input, limits));
      return { status: 200, body };
    },
  );

  router.put(
    '/carts/current/lines/:variantId',
    [
      describeRoute({
        operation: 'setCartLine',
        tag: 'carts',
        summary: 'Set how many units of a variant the cart holds, also when it held none',
        answers: { 200: CartView },
        errors: PUT_ERRORS,
      }),
      limited,
      held,
      validateParams(LineParams, 'catalog.variant_not_found'),
      validate(SetQuantityInput),
    ],
    async (ctx) => {
      const { cart, params, input } = ctx.state;
      const request = { variantId: params.variantId, quantity: input.quantity };
      const body = await change(cart, (transaction) =>
        setQuantity(transaction, fillable(cart), request, limits),
      );
      return { status: 200, body };
    },
  );

  router.delete(
    '/carts/current/lines/:variantId',
    [
      describeRoute({
        operation: 'removeCartLine',
        tag: 'carts',
        summary: 'Remove a line',
        answers: { 200: CartView },
      }),
      limited,
      held,
      validateParams(LineParams, 'cart.line_not_found'),
    ],
    async (ctx) => {
      const { cart, params } = ctx.state;
      const { variantId } = params;
      const body = await changeFilled(
        cart,
        (transaction) => removeLine(transaction, cart, variantId),
        () => {
          throw new AppError('cart.line_not_found', { variantId });
        },
      );
      return { status: 200, body };
    },
  );

  router.delete(
    '/carts/current/lines',
    [
      describeRoute({
        operation: 'clearCart',
        tag: 'carts',
        summary: 'Remove all lines',
        answers: { 200: CartView },
      }),
      limited,
      held,
    ],
    async (ctx) => {
      const { cart } = ctx.state;
      const body = await changeFilled(cart, (transaction) => clearCart(transaction, cart));
      return { status: 200, body };
    },
  );

  router.post(
    '/carts/current/acknowledgements',
    [
      describeRoute({
        operation: 'acknowledgePrices',
        tag: 'carts',
        summary: 'Say that the present prices were seen',
        answers: { 200: CartView },
        errors: ['checkout.cart_changed'],
      }),
      limited,
      held,
      validate(AcknowledgeInput),
    ],
    async (ctx) => {
      const { cart, input } = ctx.state;
      const body = await changeFilled(
        cart,
        (transaction) => acknowledgePrices(transaction, cart, input.version),
        () =>
          assertThat(input.version === FIRST_VERSION, 'checkout.cart_changed', { version: FIRST_VERSION }),
      );
      return { status: 200, body };
    },
  );
}
