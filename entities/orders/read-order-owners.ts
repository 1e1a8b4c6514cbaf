import type { EntityManager } from 'typeorm';

import { nullable, uuid } from '../row-shape';
import { rows, statement } from '../sql';

/** An order and whose it is. */
export interface OrderOwner {
  readonly id: string;
  /** Null for a guest's order. */
  readonly customerId: string | null;
}

const READ = statement<OrderOwner>(
  'SELECT id, customer_id AS "customerId" FROM orders WHERE id = ANY ($1::uuid[])',
  { id: uuid, customerId: nullable(uuid) },
);

/** Whose these orders are now, in one statement. */
export function readOrderOwners(manager: EntityManager, orderIds: readonly string[]): Promise<OrderOwner[]> {
  return rows(manager, READ, [orderIds]);
}
