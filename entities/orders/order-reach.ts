import type { EntityManager } from 'typeorm';

import { assertThat } from '../errors';
import { readOrderState, type OrderState } from './order-state';

/** An order that somebody asks for, and how far they reach. */
export interface OrderReach {
  readonly orderId: string;
  /** For the `WHERE`: the customer whose orders alone may be found, or null for a token and for everybody's. */
  readonly ownerId: string | null;
  /** The account of a caller who has signed in. */
  readonly callerId: string | null;
  /** The caller, if it is a person of the staff whose roles reach everybody's orders. */
  readonly staff: object | null;
}

type Owned = Pick<OrderState, 'customerId'>;

/** Whether the caller is the order's customer, or works for the shop. */
export function isOwnOrStaff(
  { customerId }: Owned,
  { callerId, staff }: Pick<OrderReach, 'callerId' | 'staff'>,
): boolean {
  return staff !== null || (customerId !== null && customerId === callerId);
}

/** Whether the caller sees all of the order and may act on it: also the holder of the token of a guest's order. */
export function opensFully(order: Owned, reach: Pick<OrderReach, 'callerId' | 'staff'>): boolean {
  return order.customerId === null || isOwnOrStaff(order, reach);
}

/**
 * The order, for a caller who may act on it.
 *
 * @throws AppError `order.not_found`, `order.sign_in_needed` when only its token is shown and it belongs to a customer
 */
export async function requireOpenOrder(manager: EntityManager, reach: OrderReach): Promise<OrderState> {
  const order = await readOrderState(manager, reach.orderId, reach.ownerId);
  assertThat(order, 'order.not_found');
  assertThat(opensFully(order, reach), 'order.sign_in_needed');
  return order;
}
