import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { newId } from '../../../entities/values/uuid';
import { buildOrder } from '../../support/factories/orders';
import { buildLocation } from '../../support/factories/stock-locations';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import type { StaffCalls, StaffWorld } from './staff-call';

/** Locations, what is at them, and what leaves them with orders. */
export function stockCalls({ shop }: StaffWorld): StaffCalls {
  const variant = () => buildStockedVariant(shop.database);
  const location = () => buildLocation(shop.database);
  return {
    'POST /stock/locations': () => ({
      body: { code: `made-${newId().slice(-8)}`, title: 'فروشگاه', sells: false, kind: 'warehouse' },
    }),
    'PATCH /stock/locations/:id': async () => ({
      ...{ path: `/stock/locations/${await location()}`, seen: 0, body: { title: 'دیگر' } },
    }),
    'POST /stock/bookings': async () => ({
      body: {
        ...{ variantId: (await variant()).id, locationId: DEFAULT_LOCATION_ID },
        ...{ reason: 'received', quantity: 5 },
      },
    }),
    'PUT /stock/levels/:variantId/:locationId': async () => ({
      path: `/stock/levels/${(await variant()).id}/${DEFAULT_LOCATION_ID}`,
      body: { seen: 10, onHand: 8, cause: 'damaged' },
    }),
    'POST /stock/imports': async () => ({
      // A table of what was counted also records the counts that it opens.
      path: '/stock/imports?mode=add',
      body: `sku,location,quantity\r\n${(await variant()).sku},main,12\r\n`,
    }),
    'PUT /stock/orders/:id/shipped': async () => {
      const sold = await variant();
      const lines = [{ variant: sold, quantity: 2 }];
      const { id } = await buildOrder(shop.database, { stage: 'paid', lines });
      const shipped = { variantId: sold.id, locationId: DEFAULT_LOCATION_ID, shipped: 2 };
      return { path: `/stock/orders/${id}/shipped`, body: { lines: [shipped] } };
    },
  };
}
