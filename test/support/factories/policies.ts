import type { DataSource } from 'typeorm';

import { computePolicies } from '../../../entities/replenishment/compute-policies';
import type { Policy } from '../../../entities/replenishment/policy';
import { ReplenishmentPolicy } from '../../../entities/replenishment/replenishment-policy';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';

/** How a variant is reordered: at 5 units up to 30, at all places together, unless the request says otherwise. */
export async function buildPolicy(
  database: DataSource,
  variantId: string,
  request: {
    readonly policy?: Policy;
    readonly locationId?: string | null;
    readonly paused?: boolean;
    readonly valueLimit?: number | null;
    /** False for a policy of which nothing was computed yet. */
    readonly isComputed?: boolean;
  } = {},
): Promise<string> {
  const { policy = { kind: 'min_max', min: 5, max: 30 }, locationId = null, isComputed = true } = request;
  const id = newId();
  await database.manager.insert(ReplenishmentPolicy, {
    ...{ id, variantId, locationId, policy },
    ...{ paused: request.paused ?? false, valueLimit: request.valueLimit ?? null },
  });
  if (isComputed) {
    await withTransaction(database, (transaction) =>
      computePolicies(transaction, { after: null, variantId, limit: 10, today: '2026-11-28' }),
    );
  }
  return id;
}
