import type { EntityManager } from 'typeorm';

import { uuid } from '../row-shape';
import { row, statement } from '../sql';
import { derivedId } from '../values/uuid';

const CURRENT = statement<{ id: string }>(
  `SELECT c.id FROM carts c
   WHERE c.customer_id = $1 AND c.id IS DISTINCT FROM $2 AND EXISTS (SELECT 1 FROM cart_lines WHERE cart_id = c.id)
   ORDER BY c.joined_at DESC, c.id LIMIT 1`,
  { id: uuid },
);

/** The cart of a customer that nobody needs a token for. Its row is made with its first line. */
export function ownCartIdOf(accountId: string): string {
  return derivedId('cart of customer', accountId);
}

/** The customer's cart that was joined last and has lines. Undefined when all are empty. */
export async function findCurrentCart(
  manager: EntityManager,
  accountId: string,
  { except = null }: { readonly except?: string | null } = {},
): Promise<string | undefined> {
  return (await row(manager, CURRENT, [accountId, except]))?.id;
}
