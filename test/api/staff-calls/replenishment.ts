import { buildPolicy } from '../../support/factories/policies';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import type { StaffCalls, StaffWorld } from './staff-call';

/** How variants are reordered. */
export function replenishmentCalls({ shop }: StaffWorld): StaffCalls {
  const variantId = async () => (await buildStockedVariant(shop.database)).id;
  return {
    'POST /replenishment/policies': async () => ({
      body: { variantId: await variantId(), policy: { kind: 'min_max', min: 5, max: 30 } },
    }),
    'PUT /replenishment/policies/:id': async () => ({
      path: `/replenishment/policies/${await buildPolicy(shop.database, await variantId())}`,
      seen: 0,
      body: { policy: { kind: 'min_max', min: 4, max: 9 } },
    }),
  };
}
