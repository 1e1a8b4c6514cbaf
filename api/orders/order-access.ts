import type { EntityManager } from 'typeorm';

import { reachOf, type Action } from '../../entities/auth/policy';
import { assertThat } from '../../entities/errors';
import { readOrderState, type OrderState } from '../../entities/orders/order-state';
import type { Actor } from '../../entities/staff/audited';
import { isUuid } from '../../entities/values/uuid';
import type { SignedTokens } from '../../platform/signed-token';
import { guard, type Guard } from '../middleware/guard';
import { callerIn } from '../middleware/limit-caller';
import { ACCESS_TOKEN } from '../middleware/signed-in';
import { actorOf } from '../staff/acting';
import { ORDER_TOKEN, orderIdIn } from './order-token';
import { OrderParams } from './orders.input';

/** The order of a request, and how far its caller reaches. */
export interface OrderAccess {
  readonly orderId: string;
  /** For the `WHERE`: the customer whose orders alone may be found, or null for a token and for everybody's. */
  readonly ownerId: string | null;
  /** The account of a caller who has signed in. */
  readonly callerId: string | null;
  /** The caller, if it is a person of the staff whose roles reach everybody's orders. */
  readonly staff: Actor | null;
}

/**
 * Demands the token of the order in the path, or a session whose roles may do this, and puts the access into
 * `ctx.state.access`. The token is checked before the order is read, so an answer does not tell which orders exist. Whether a
 * customer's order is theirs, its row decides. It comes after `limitCaller`.
 */
export function opensOrder(tokens: SignedTokens, action: Action): Guard<{ readonly access: OrderAccess }> {
  const documentation = {
    security: [[ORDER_TOKEN], [ACCESS_TOKEN], [ORDER_TOKEN, ACCESS_TOKEN]],
    params: OrderParams,
    action,
    errors: ['access.token_missing', 'access.forbidden', 'order.not_found'],
  } as const;
  return guard(documentation, (ctx) => {
    const orderId = (ctx.params['id'] ?? '').toLowerCase();
    assertThat(isUuid(orderId), 'order.not_found');
    const token = ctx.get('X-Order-Token');
    const caller = callerIn(ctx);
    assertThat(token || caller, 'access.token_missing');
    const reach = caller && reachOf(action, caller.roles);
    assertThat(token ? orderIdIn(tokens, token) === orderId : reach, 'access.forbidden');
    const { requestId } = ctx.state;
    const staff = caller && reach === 'any' ? actorOf({ caller, requestId }) : null;
    const callerId = caller?.accountId ?? null;
    return { access: { orderId, ownerId: token || staff ? null : callerId, callerId, staff } };
  });
}

/** Whether the caller is the order's customer, or works for the shop. */
export function isOwnOrStaff(
  { customerId }: Pick<OrderState, 'customerId'>,
  { callerId, staff }: OrderAccess,
): boolean {
  return staff !== null || (customerId !== null && customerId === callerId);
}

/** Whether the caller sees all of the order and may act on it: also the holder of the token of a guest's order. */
export function opensFully(order: Pick<OrderState, 'customerId'>, access: OrderAccess): boolean {
  return order.customerId === null || isOwnOrStaff(order, access);
}

/**
 * The order, for a caller who may act on it.
 *
 * @throws AppError `order.not_found`, `order.sign_in_needed` when only its token is shown and it belongs to a customer
 */
export async function requireOpenOrder(manager: EntityManager, access: OrderAccess): Promise<OrderState> {
  const order = await readOrderState(manager, access.orderId, access.ownerId);
  assertThat(order, 'order.not_found');
  assertThat(opensFully(order, access), 'order.sign_in_needed');
  return order;
}
