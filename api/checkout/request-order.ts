import { createHash } from 'node:crypto';

import { readCheckout } from '../../entities/checkout/read-checkout';
import { AppError, assertThat } from '../../entities/errors';
import { orderIdOf } from '../../entities/orders/order-id';
import type { OrderState } from '../../entities/orders/order-state';
import { newId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import type { SignedTokens } from '../../platform/signed-token';
import type { CallResult } from '../../temporal/call-workflow';
import type { CheckoutCalls } from '../../temporal/checkout';
import type { CallFailure } from '../../temporal/errors';
import type { CheckoutAnswer, OrderRequest } from '../../workflows/checkout/checkout.contract';
import { clientKeyOf } from '../client-address';
import type { Dependencies } from '../dependencies';
import { orderToken } from '../orders/order-token';
import { unanswered, wakeLost } from '../orders/workflow-answer';

/** What a buyer wants, and who asks. */
export interface CheckoutRequest {
  readonly cartId: string;
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
 * finished. What is in flight is joined in Temporal.
 *
 * @throws AppError the refusals of `placeOrder`, `request.idempotency_key_reused`, `cart.not_found`, `order.lost`,
 * `service.unavailable`
 */
export async function requestOrder(
  dependencies: Pick<Dependencies, 'database' | 'checkout' | 'checkoutConfig' | 'keyedHash' | 'tokens'>,
  request: CheckoutRequest,
): Promise<RequestedOrder> {
  const { database, checkout } = dependencies;
  const { cartId, log } = request;
  const orderId = orderIdOf(cartId, request.idempotencyKey);
  const requestDigest = digestOf(request);
  const known = await readCheckout(database.manager, orderId, cartId);
  if (known.order && isAnswerable(known.order)) {
    assertThat(known.order.requestDigest === requestDigest, 'request.idempotency_key_reused');
    if (known.order.status === 'awaiting_payment') await wakeLost(checkout, orderId, log);
    return { order: known.order, isNew: false };
  }
  assertThat(known.cartVersion !== null || known.order, 'cart.not_found');

  const asked = orderRequestOf(dependencies, request, requestDigest, known.cartVersion ?? 0);
  let result = await checkout.place(orderId, asked);
  let order = await orderAfter(dependencies, { orderId, asked, result });
  if (result.kind !== 'unavailable' && !isAnswer(order, result)) {
    if (!order) await assertNeverPlaced(checkout, orderId, result);
    result = await checkout.placeAgain(orderId, asked);
    order = await orderAfter(dependencies, { orderId, asked, result });
  }
  if (!isAnswer(order, result)) throw unanswered(result);
  assertThat(order.requestDigest === requestDigest, 'request.idempotency_key_reused');
  return { order, isNew: order.askedBy === asked.askedBy };
}

/** Without an answer of the workflow, only an order that needs none will do. */
function isAnswer(order: OrderState | null, result: CallResult<CheckoutAnswer>): order is OrderState {
  return order !== null && (result.kind === 'answered' || isAnswerable(order));
}

function orderRequestOf(
  { checkoutConfig, keyedHash }: Pick<Dependencies, 'checkoutConfig' | 'keyedHash'>,
  { cartId, clientAddress, expectedTotal, gateway }: CheckoutRequest,
  requestDigest: string,
  cartVersion: number,
): OrderRequest {
  return {
    cartId,
    cartVersion,
    requestDigest,
    // Not the id of the HTTP request: callers choose that one and may choose the same one twice.
    askedBy: newId(),
    clientKey: clientKeyOf(keyedHash, clientAddress),
    expectedTotal,
    gateway,
    unitsPerOrder: checkoutConfig.unitsPerOrder,
    openOrdersPerClient: checkoutConfig.openOrdersPerAddress,
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
    readonly asked: OrderRequest;
    readonly result: CallResult<CheckoutAnswer>;
  },
): Promise<OrderState | null> {
  if (result.kind === 'refused') throw refusalOf(result, asked.requestDigest, tokens);
  if (result.kind === 'answered' && result.answer.order.askedBy === asked.askedBy) return result.answer.order;
  return (await readCheckout(database.manager, orderId, asked.cartId)).order;
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

/** False for an order whose workflow may be opening the first payment page right now: the request waits for that. */
function isAnswerable({ status, attempts }: OrderState): boolean {
  return status !== 'awaiting_payment' || attempts.some(({ authority }) => authority !== null);
}

/** A refusal is remembered with the digest of its request: the same key with another body is a mistake of its own. */
function refusalOf(
  { code, details }: Extract<CallFailure, { kind: 'refused' }>,
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

function digestOf({ cartId, expectedTotal, gateway }: CheckoutRequest): string {
  return createHash('sha256').update(JSON.stringify({ cartId, expectedTotal, gateway })).digest('hex');
}
