import type { EntityManager } from 'typeorm';

import { acknowledgePrices } from '../../entities/carts/acknowledge-prices';
import { requireOpen } from '../../entities/carts/lock-cart';
import { addToCart, setQuantity, type FillableCart } from '../../entities/carts/put-into-cart';
import { clearCart, removeLine } from '../../entities/carts/take-lines-out';
import { AppError, assertThat, type ErrorCode } from '../../entities/errors';
import type { Transaction } from '../../entities/sql';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { limitCaller } from '../middleware/limit-caller';
import { rateLimit } from '../middleware/rate-limit';
import { validate, validateParams } from '../middleware/validate';
import { limitsOfAll } from '../payments/chosen-gateway';
import type { PublicRouter } from '../router-kinds';
import { createTurns } from '../turns';
import { holdsCart, type HeldCart } from './cart-holder';
import { issueCartToken } from './cart-token';
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

/** More than any page sends at once. The wait is shorter than that for a free connection. */
const CHANGES_OF_A_CART = { mostWaiting: 50, longestWaitMs: 5_000 };

/** The version of a cart that nothing was put into. */
const FIRST_VERSION = 1;

const fillable = ({ id, callerId, issuedAt }: HeldCart): FillableCart => {
  return { id, callerId, mayBeOpened: issuedAt !== undefined };
};

/**
 * A cart, for callers with its token, and a customer's current cart, for that customer. Every answer is the whole cart at
 * current prices.
 */
export function cartsRoutes(
  router: PublicRouter,
  {
    database,
    checkoutConfig: limits,
    inbound,
    keyedHash,
    accessTokens,
    liveSessions,
  }: Pick<
    Dependencies,
    'database' | 'checkoutConfig' | 'inbound' | 'keyedHash' | 'accessTokens' | 'liveSessions'
  >,
): void {
  const { unitsPerLine, unitsPerOrder } = limits;
  const limited = limitCaller('carts', { accessTokens, liveSessions });
  const held = holdsCart({ keyedHash, database });
  const terms = { unitsPerLine, unitsPerOrder, limits: limitsOfAll(inbound) };
  const inTurn = createTurns(CHANGES_OF_A_CART);

  async function show(manager: EntityManager, { id, callerId, issuedAt }: HeldCart): Promise<CartView> {
    const cart = await readCart(manager, id);
    assertThat(cart ?? issuedAt, 'cart.not_found');
    if (cart) requireOpen(cart, callerId);
    return cart ? presentCart(cart, terms) : showEmpty(issuedAt!);
  }

  /** A cart that nothing was put into has no row. */
  function showEmpty(issuedAt: Date): CartView {
    return presentCart({ version: FIRST_VERSION, customerId: null, lines: [], updatedAt: issuedAt }, terms);
  }

  /**
   * Changes the cart and reads it in the same transaction, so the answer is the state that was committed. Changes of one cart take
   * turns before they take a connection: its row makes them wait for each other anyway.
   */
  function change(cart: HeldCart, work: (transaction: Transaction) => Promise<void>): Promise<CartView> {
    return inTurn(cart.id, () =>
      withTransaction(database, async (transaction) => {
        await work(transaction);
        return show(transaction, cart);
      }),
    );
  }

  /** The same for a change that puts nothing in. A cart without a row stays so, and `whenEmpty` judges the change. */
  async function changeFilled(
    cart: HeldCart,
    work: (transaction: Transaction) => Promise<void>,
    whenEmpty: () => void,
  ): Promise<CartView> {
    try {
      return await change(cart, work);
    } catch (error) {
      if (!cart.issuedAt || !(error instanceof AppError && error.code === 'cart.not_found')) throw error;
      whenEmpty();
      return showEmpty(cart.issuedAt);
    }
  }

  router.post(
    '/carts',
    [
      describeRoute({
        operation: 'openCart',
        tag: 'carts',
        summary: 'Get the token of an empty cart',
        answers: { 201: OpenedCartView },
      }),
      rateLimit('carts'),
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
      const body = await changeFilled(
        cart,
        (transaction) => clearCart(transaction, cart),
        () => {},
      );
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
