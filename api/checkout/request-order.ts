import { createHash } from 'node:crypto';

import { joinCart } from '../../entities/carts/join-cart';
import { requireOpen } from '../../entities/carts/lock-cart';
import type { AmountLimits } from '../../entities/checkout/amount-limits';
import { stockRefusal } from '../../entities/checkout/order-refusal';
import { readCheckout, type KnownCheckout } from '../../entities/checkout/read-checkout';
import { requireOrderable, type OrderDemand } from '../../entities/checkout/require-orderable';
import { AppError, assertThat } from '../../entities/errors';
import { orderIdOf } from '../../entities/orders/order-id';
import { readOrderState, type OrderState } from '../../entities/orders/order-state';
import { orderToken } from '../../entities/orders/order-token';
import { newId } from '../../entities/values/uuid';
import { clientKeyOf } from '../../platform/client-address';
import type { Logger } from '../../platform/logger';
import type { SignedTokens } from '../../platform/signed-token';
import { withTransaction } from '../../platform/transaction';
import type { CallResult } from '../../temporal/call-workflow';
import type { CheckoutCalls } from '../../temporal/checkout';
import type { CallFailure } from '../../temporal/errors';
import type { CheckoutAnswer, OrderRequest } from '../../workflows/checkout/checkout.contract';
import type { HeldCart } from '../carts/cart-holder';
import type { Dependencies } from '../dependencies';
import { unanswered, wakeLost } from '../orders/workflow-answer';

/** What a buyer wants, and who asks. */
export interface CheckoutRequest {
  readonly cart: HeldCart;
  readonly idempotencyKey: string;
  readonly expectedTotal: number;
  readonly gateway: string;
  readonly clientAddress: string;
  readonly log: Logger;
}

/** The order, and whether this very request made it. */
export interface RequestedOrder {
  readonly order: OrderState;
  readonly isNew: boolean;
}

/**
 * Places an order, or finds the one that this request made before. Postgres is read first: it answers for ever what is
 * finished, and refuses what its rows refuse already, so that a refused request costs no workflow. Only an order that Temporal
 * alone knows is not refused so: it is lost. What is in flight is joined in Temporal, and the workflow decides under its locks.
 *
 * @throws AppError the refusals of `placeOrder`, `request.idempotency_key_reused`, `cart.not_found`, `order.lost`,
 * `service.unavailable`
 */
export async function requestOrder(
  dependencies: Pick<
    Dependencies,
    'database' | 'checkout' | 'checkoutConfig' | 'inbound' | 'keyedHash' | 'tokens'
  >,
  request: CheckoutRequest,
): Promise<RequestedOrder> {
  const { checkout } = dependencies;
  const { cart, log } = request;
  const orderId = orderIdOf(cart.scope, request.idempotencyKey);
  const asked = orderRequestOf(dependencies, request);
  const { requestDigest } = asked;
  const known = await readJoined(dependencies, orderId, asked, cart);
  if (known.order && isAnswerable(known.order)) {
    assertThat(known.order.requestDigest === requestDigest, 'request.idempotency_key_reused');
    if (known.order.status === 'awaiting_payment') await wakeLost(checkout, orderId, log);
    return { order: known.order, isNew: false };
  }
  const demand = { ...asked, cartVersion: known.cartVersion ?? 0 };
  if (!known.order) {
    const { limits } = dependencies.inbound.get(request.gateway)!;
    const refusal = refusalByRows(known, cart, demand, limits);
    if (refusal && !(await mayBeLost(checkout, orderId))) {
      throw refusalOf(refusal, requestDigest, dependencies.tokens);
    }
  }

  let result = await checkout.place(orderId, demand);
  let order = await orderAfter(dependencies, { orderId, asked, result });
  if (result.kind !== 'unavailable' && !isAnswer(order, result)) {
    if (!order) await assertNeverPlaced(checkout, orderId, result);
    result = await checkout.placeAgain(orderId, demand);
    order = await orderAfter(dependencies, { orderId, asked, result });
  }
  if (!isAnswer(order, result)) throw unanswered(result);
  assertThat(order.requestDigest === requestDigest, 'request.idempotency_key_reused');
  return { order, isNew: order.askedBy === asked.askedBy };
}

/** What is known. A guest's cart that a customer orders is theirs from then on, and so is the order. */
async function readJoined(
  { database, checkoutConfig }: Pick<Dependencies, 'database' | 'checkoutConfig'>,
  orderId: string,
  asked: Asked,
  { id: cartId, callerId: accountId }: HeldCart,
): Promise<KnownCheckout> {
  const known = await readCheckout(database.manager, orderId, asked);
  if (known.cartVersion !== null) requireOpen(known, accountId);
  if (accountId === null || known.cartVersion === null || known.customerId !== null || known.order)
    return known;
  await withTransaction(database, (transaction) =>
    joinCart(transaction, { cartId, mayBeOpened: false, accountId, mode: 'keep' }, checkoutConfig),
  );
  return readCheckout(database.manager, orderId, asked);
}

/** Without an answer of the workflow, only an order that needs none will do. */
function isAnswer(order: OrderState | null, result: CallResult<CheckoutAnswer>): order is OrderState {
  return order !== null && (result.kind === 'answered' || isAnswerable(order));
}

/** The request as the workflow gets it, but for the version of the cart, which the rows know. */
type Asked = Omit<OrderRequest, 'cartVersion'>;

function orderRequestOf(
  { checkoutConfig, keyedHash }: Pick<Dependencies, 'checkoutConfig' | 'keyedHash'>,
  request: CheckoutRequest,
): Asked {
  const { cart, clientAddress, expectedTotal, gateway } = request;
  return {
    cartId: cart.id,
    requestDigest: digestOf(request),
    // Not the id of the HTTP request: callers choose that one and may choose the same one twice.
    askedBy: newId(),
    clientKey: clientKeyOf(keyedHash, clientAddress),
    expectedTotal,
    gateway,
    unitsPerOrder: checkoutConfig.unitsPerOrder,
    delivers: checkoutConfig.shopDelivers,
    openOrdersPerClient: checkoutConfig.openOrdersPerAddress,
    heldUnitsPerClient: checkoutConfig.heldUnitsPerAddress,
  };
}

/**
 * The order after a call to place it: the workflow's, when this call made it. Any other call reads the rows, because it may
 * have the answer to the first call, which may be long ago.
 */
async function orderAfter(
  { database, tokens }: Pick<Dependencies, 'database' | 'tokens'>,
  {
    orderId,
    asked,
    result,
  }: {
    readonly orderId: string;
    readonly asked: Asked;
    readonly result: CallResult<CheckoutAnswer>;
  },
): Promise<OrderState | null> {
  if (result.kind === 'refused') throw refusalOf(result, asked.requestDigest, tokens);
  if (result.kind === 'answered' && result.answer.order.askedBy === asked.askedBy) return result.answer.order;
  return (await readOrderState(database.manager, orderId)) ?? null;
}

/**
 * Postgres has no order although Temporal knows the workflow. After a refusal that is right, and nothing hinders another try.
 * An order that is gone from Postgres, as after a restore from an older dump, must not be made twice: its workflow is woken,
 * notices, and alerts a person.
 */
async function assertNeverPlaced(
  checkout: CheckoutCalls,
  orderId: string,
  result: CallResult<CheckoutAnswer>,
): Promise<void> {
  const known = result.kind === 'answered' ? undefined : await checkout.hasHadOrder(orderId);
  if (known?.kind === 'unavailable') throw unanswered(known);
  const isLost = known === undefined || (known.kind === 'answered' && known.answer);
  if (!isLost) return;
  await checkout.wake(orderId).catch((error: unknown) => {
    throw unanswered({ kind: 'unavailable', cause: error });
  });
  throw new AppError('order.lost', { orderId });
}

/**
 * Whether Temporal knows an order of this key. Postgres may be older than that order and its cart, as after a restore. While
 * Temporal is away, the rows decide alone.
 */
async function mayBeLost(checkout: CheckoutCalls, orderId: string): Promise<boolean> {
  const known = await checkout.hasHadOrder(orderId);
  return known.kind === 'answered' && known.answer;
}

/** What `placeOrder` would refuse if it ran now. A cart without lines has no row. */
function refusalByRows(
  known: KnownCheckout,
  { issuedAt }: HeldCart,
  demand: OrderDemand,
  limits: AmountLimits,
): AppError | undefined {
  if (known.cartVersion === null) return new AppError(issuedAt ? 'cart.empty' : 'cart.not_found');
  try {
    requireOrderable(known, demand, limits);
    return stockRefusal(known.lines, ({ available, quantity }) => available < quantity);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** False for an order whose workflow may be opening the first payment page right now: the request waits for that. */
function isAnswerable({ status, attempts }: OrderState): boolean {
  return status !== 'awaiting_payment' || attempts.some(({ authority }) => authority !== null);
}

/** A refusal is remembered with the digest of its request: the same key with another body is a mistake of its own. */
function refusalOf(
  { code, details }: Pick<Extract<CallFailure, { kind: 'refused' }>, 'code' | 'details'>,
  requestDigest: string,
  tokens: SignedTokens,
): AppError {
  const { requestDigest: refusedDigest, ...told } = details;
  if (refusedDigest !== undefined && refusedDigest !== requestDigest) {
    return new AppError('request.idempotency_key_reused');
  }
  if (code !== 'checkout.order_open') return new AppError(code, told);
  // The holder of the cart made that order. The token lets them pay or cancel it, also when they lost the key.
  return new AppError(code, { ...told, orderToken: orderToken(tokens, String(told['orderId'])) });
}

function digestOf({ cart, expectedTotal, gateway }: CheckoutRequest): string {
  const asked = { cartId: cart.scope, expectedTotal, gateway };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}
