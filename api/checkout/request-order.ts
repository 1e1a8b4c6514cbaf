import { createHash } from 'node:crypto';

import { readCheckout } from '../../entities/checkout/read-checkout';
import { AppError, assertThat } from '../../entities/errors';
import { orderIdOf } from '../../entities/orders/order-id';
import type { OrderState } from '../../entities/orders/order-state';
import { newId } from '../../entities/values/uuid';
import type { SignedTokens } from '../../platform/signed-token';
import type { CallFailure } from '../../temporal/errors';
import { clientKeyOf } from '../client-address';
import type { Dependencies } from '../dependencies';
import { orderToken } from '../orders/order-token';
import { unanswered } from '../orders/workflow-answer';

/** What a buyer wants, and who asks. */
export interface CheckoutRequest {
  readonly cartId: string;
  readonly idempotencyKey: string;
  readonly expectedTotal: number;
  readonly gateway: string;
  readonly clientAddress: string;
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
 * @throws AppError the refusals of `placeOrder`, `request.idempotency_key_reused`, `cart.not_found`, `service.unavailable`
 */
export async function requestOrder(
  {
    database,
    checkout,
    checkoutConfig,
    keyedHash,
    tokens,
  }: Pick<Dependencies, 'database' | 'checkout' | 'checkoutConfig' | 'keyedHash' | 'tokens'>,
  request: CheckoutRequest,
): Promise<RequestedOrder> {
  const orderId = orderIdOf(request.cartId, request.idempotencyKey);
  const requestDigest = digestOf(request);
  const known = await readCheckout(database.manager, orderId, request.cartId);
  if (known.order && isAnswerable(known.order)) return granted(known.order, requestDigest, false);
  assertThat(known.cartVersion !== null || known.order, 'cart.not_found');

  // Not the id of the HTTP request: callers choose that one and may choose the same one twice.
  const askedBy = newId();
  const result = await checkout.place(
    orderId,
    {
      cartId: request.cartId,
      cartVersion: known.cartVersion ?? 0,
      requestDigest,
      clientKey: clientKeyOf(keyedHash, request.clientAddress),
      expectedTotal: request.expectedTotal,
      gateway: request.gateway,
      unitsPerOrder: checkoutConfig.unitsPerOrder,
      openOrdersPerClient: checkoutConfig.openOrdersPerAddress,
    },
    askedBy,
  );
  if (result.kind === 'refused') throw refusalOf(result, requestDigest, tokens);
  const isAnswered = result.kind === 'answered';
  if (isAnswered && result.answer.askedBy === askedBy) {
    return granted(result.answer.order, requestDigest, !known.order);
  }
  // A request that joined gets the answer to the first request, which may be long ago.
  const { order } = await readCheckout(database.manager, orderId, request.cartId);
  if (!order || !(isAnswered || isAnswerable(order))) throw unanswered(result);
  return granted(order, requestDigest, false);
}

/** False for an order whose workflow may be opening the first payment page right now: the request waits for that. */
function isAnswerable({ status, attempts }: OrderState): boolean {
  return status !== 'awaiting_payment' || attempts.some(({ authority }) => authority !== null);
}

function granted(order: OrderState, requestDigest: string, isNew: boolean): RequestedOrder {
  assertThat(order.requestDigest === requestDigest, 'request.idempotency_key_reused');
  return { order, isNew };
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
