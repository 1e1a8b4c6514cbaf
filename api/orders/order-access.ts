import { reachOf, type Action } from '../../entities/auth/policy';
import { assertThat } from '../../entities/errors';
import type { OrderReach } from '../../entities/orders/order-reach';
import { orderIdIn } from '../../entities/orders/order-token';
import type { Actor } from '../../entities/staff/audited';
import { isUuid } from '../../entities/values/uuid';
import type { SignedTokens } from '../../platform/signed-token';
import { guard, type Guard } from '../middleware/guard';
import { callerIn } from '../middleware/limit-caller';
import { ACCESS_TOKEN } from '../middleware/signed-in';
import { actorOf } from '../staff/acting';
import { ORDER_TOKEN } from './order-token';
import { OrderParams } from './orders.input';

/** The order of a request, and how far its caller reaches. */
export interface OrderAccess extends OrderReach {
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
