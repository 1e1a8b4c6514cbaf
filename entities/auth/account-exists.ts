import type { EntityManager } from 'typeorm';

import { uuid } from '../row-shape';
import { row, statement } from '../sql';

const FIND = statement<{ id: string }>('SELECT id FROM accounts WHERE id = $1', { id: uuid });

/** Whether there is, or was before an erasure, an account with this id. */
export async function accountExists(manager: EntityManager, accountId: string): Promise<boolean> {
  return (await row(manager, FIND, [accountId])) !== undefined;
}
