import { countLine, openCount } from '../../../entities/stocktaking/count-stock';
import { newId } from '../../../entities/values/uuid';
import { buildLocation } from '../../support/factories/stock-locations';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import type { StaffCalls, StaffWorld } from './staff-call';

/** Counts of goods. */
export function countCalls({ shop, admin }: StaffWorld): StaffCalls {
  const variantId = async () => (await buildStockedVariant(shop.database)).id;
  const opened = async () => {
    const [id, locationId] = [newId(), await buildLocation(shop.database)];
    await shop.run((transaction) => openCount(transaction, admin, { id, locationId, note: null }));
    return id;
  };
  const counted = async () => {
    const line = { countId: await opened(), variantId: await variantId(), counted: 1 };
    const { version } = await shop.run((transaction) => countLine(transaction, admin, line));
    return { path: `/stock/counts/${line.countId}`, variantId: line.variantId, version };
  };
  return {
    'POST /stock/counts': async () => ({ body: { locationId: await buildLocation(shop.database) } }),
    'PUT /stock/counts/:id/lines/:variantId': async () => ({
      path: `/stock/counts/${await opened()}/lines/${await variantId()}`,
      body: { counted: 2 },
    }),
    'DELETE /stock/counts/:id/lines/:variantId': async () => {
      const count = await counted();
      return { path: `${count.path}/lines/${count.variantId}` };
    },
    'POST /stock/counts/:id/approval': async () => {
      const { path, version } = await counted();
      return { path: `${path}/approval`, seen: version };
    },
    'POST /stock/counts/:id/cancellation': async () => ({
      path: `/stock/counts/${await opened()}/cancellation`,
    }),
  };
}
