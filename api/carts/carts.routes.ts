import type { EntityManager } from 'typeorm';

import { acknowledgePrices } from '../../entities/carts/acknowledge-prices';
import { cartIdOf } from '../../entities/carts/cart-token';
import { openCart } from '../../entities/carts/open-cart';
import { addToCart, setQuantity } from '../../entities/carts/put-into-cart';
import { clearCart, removeLine } from '../../entities/carts/take-lines-out';
import { assertThat, type ErrorCode } from '../../entities/errors';
import type { Transaction } from '../../entities/sql';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { rateLimit } from '../middleware/rate-limit';
import { validate, validateParams } from '../middleware/validate';
import { limitsOfAll } from '../payments/chosen-gateway';
import type { PublicRouter } from '../router-kinds';
import { holdsCart } from './cart-holder';
import { AcknowledgeInput, AddLineInput, LineParams, SetQuantityInput } from './cart.input';
import { presentCart } from './cart.presenter';
import { readCart } from './cart.queries';
import { CartView, OpenedCartView } from './cart.view';

const PUT_ERRORS: readonly ErrorCode[] = [
  'catalog.variant_not_found',
  'cart.variant_not_sellable',
  'cart.quantity_limit',
  'cart.line_limit',
];

/** A guest's cart, for callers with its token. Every answer is the whole cart at current prices. */
export function cartsRoutes(
  router: PublicRouter,
  {
    database,
    checkoutConfig: limits,
    inbound,
  }: Pick<Dependencies, 'database' | 'checkoutConfig' | 'inbound'>,
): void {
  const { unitsPerLine, unitsPerOrder } = limits;
  const terms = { unitsPerLine, unitsPerOrder, limits: limitsOfAll(inbound) };

  async function show(manager: EntityManager, cartId: string): Promise<CartView> {
    const cart = await readCart(manager, cartId);
    assertThat(cart, 'cart.not_found');
    return presentCart(cart, terms);
  }

  /** Changes the cart and reads it in the same transaction, so the answer is the state that was committed. */
  function change(cartId: string, work: (transaction: Transaction) => Promise<void>): Promise<CartView> {
    return withTransaction(database, async (transaction) => {
      await work(transaction);
      return show(transaction, cartId);
    });
  }

  router.post(
    '/carts',
    [
      describeRoute({
        operation: 'openCart',
        tag: 'carts',
        summary: 'Open an empty cart',
        answers: { 201: OpenedCartView },
      }),
      rateLimit('carts'),
    ],
    async () => {
      const token = await openCart(database.manager);
      return { status: 201, body: { token, cart: await show(database.manager, cartIdOf(token)) } };
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
      rateLimit('carts'),
      holdsCart(),
    ],
    async (ctx) => ({ status: 200, body: await show(database.manager, ctx.state.cartId) }),
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
      rateLimit('carts'),
      holdsCart(),
      validate(AddLineInput),
    ],
    async (ctx) => {
      const { cartId, input } = ctx.state;
      const cart = await change(cartId, (transaction) => addToCart(transaction, cartId, input, limits));
      return { status: 200, body: cart };
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
      rateLimit('carts'),
      holdsCart(),
      validateParams(LineParams, 'catalog.variant_not_found'),
      validate(SetQuantityInput),
    ],
    async (ctx) => {
      const { cartId, params, input } = ctx.state;
      const request = { variantId: params.variantId, quantity: input.quantity };
      const cart = await change(cartId, (transaction) => setQuantity(transaction, cartId, request, limits));
      return { status: 200, body: cart };
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
      rateLimit('carts'),
      holdsCart(),
      validateParams(LineParams, 'cart.line_not_found'),
    ],
    async (ctx) => {
      const { cartId, params } = ctx.state;
      const cart = await change(cartId, (transaction) => removeLine(transaction, cartId, params.variantId));
      return { status: 200, body: cart };
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
      rateLimit('carts'),
      holdsCart(),
    ],
    async (ctx) => {
      const { cartId } = ctx.state;
      return { status: 200, body: await change(cartId, (transaction) => clearCart(transaction, cartId)) };
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
      rateLimit('carts'),
      holdsCart(),
      validate(AcknowledgeInput),
    ],
    async (ctx) => {
      const { cartId, input } = ctx.state;
      const cart = await change(cartId, (transaction) =>
        acknowledgePrices(transaction, cartId, input.version),
      );
      return { status: 200, body: cart };
    },
  );
}
