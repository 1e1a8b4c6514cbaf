import type { EntityManager } from 'typeorm';

import { rows, statement } from '../sql';
import { ORDER_STATE, SELECT_ORDER_STATE, type OrderState } from './order-state';

const READ = statement<OrderState>(
  `${SELECT_ORDER_STATE} WHERE o.customer_id = $1 AND o.number < $2 ORDER BY o.number DESC LIMIT $3`,
  ORDER_STATE,
);

/** A page of a list of orders. */
export interface OwnOrdersPage {
  readonly customerId: string;
  /** The number of the last order of the page before. */
  readonly before: number;
  readonly limit: number;
}

const READ_ALL = statement<OrderState>(
  `${SELECT_ORDER_STATE} WHERE o.number < $1 ORDER BY o.number DESC LIMIT $2`,
  ORDER_STATE,
);

/** Orders of everybody, the newest first. */
export async function readAllOrders(
  manager: EntityManager,
  { before, limit }: Omit<OwnOrdersPage, 'customerId'>,
): Promise<OrderState[]> {
  return rows(manager, READ_ALL, [before, limit]);
}

/** Orders of the customer, the newest first. */
export async function readOwnOrders(
  manager: EntityManager,
  { customerId, before, limit }: OwnOrdersPage,
): Promise<OrderState[]> {
  return rows(manager, READ, [customerId, before, limit]);
}
