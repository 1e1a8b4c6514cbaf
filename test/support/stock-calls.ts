import type { DataSource } from 'typeorm';

import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import type { Actor } from '../../entities/staff/audited';
import { countLine, openCount } from '../../entities/stocktaking/count-stock';
import { draftTransfer } from '../../entities/transfers/draft-transfer';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { buildOrder } from './factories/orders';
import { buildLocation } from './factories/stock-locations';
import { buildTransfer } from './factories/stock-work';
import { buildStockedVariant } from './factories/stocked-variant';

/** A call of a route of stock that succeeds. */
interface StockCall {
  readonly path?: string;
  readonly body?: object | string;
  readonly seen?: number;
}

/** How each route that changes something of stock is called so that it succeeds. */
export function stockCalls(
  shop: () => { readonly database: DataSource; readonly actor: Actor },
): Readonly<Record<string, () => Promise<StockCall>>> {
  const variant = () => buildStockedVariant(shop().database);
  const place = () => buildLocation(shop().database);
  const lines = async () => [{ variantId: (await variant()).id, quantity: 2 }];
  const goods = async () => ({ fromId: DEFAULT_LOCATION_ID, toId: await place(), lines: await lines() });
  const drafted = async () => {
    const { database, actor } = shop();
    const draft = { id: newId(), ...(await goods()), note: null };
    await withTransaction(database, (transaction) => draftTransfer(transaction, actor, draft));
    return draft.id;
  };
  const sent = () => buildTransfer(shop().database, shop().actor, { sent: 2, received: 0 });
  const counted = async () => {
    const { database, actor } = shop();
    const [id, locationId, { id: variantId }] = [newId(), await place(), await variant()];
    await withTransaction(database, async (transaction) => {
      await openCount(transaction, actor, { id, locationId, note: null });
      await countLine(transaction, actor, { countId: id, variantId, counted: 1 });
    });
    return { id, path: `/stock/counts/${id}`, line: `/stock/counts/${id}/lines/${variantId}` };
  };
  return {
    'POST /stock/locations': () =>
      Promise.resolve({
        body: { code: `code-${newId().slice(-8)}`, title: 'انبار', sells: false, kind: 'warehouse' },
      }),
    'PATCH /stock/locations/:id': async () => ({
      ...{ path: `/stock/locations/${await place()}`, body: { priority: 900 }, seen: 0 },
    }),
    'POST /stock/bookings': async () => ({
      body: {
        ...{ variantId: (await variant()).id, locationId: DEFAULT_LOCATION_ID },
        ...{ reason: 'received', quantity: 1 },
      },
    }),
    'PUT /stock/levels/:variantId/:locationId': async () => ({
      path: `/stock/levels/${(await variant()).id}/${DEFAULT_LOCATION_ID}`,
      body: { seen: 10, onHand: 9, cause: 'lost' },
    }),
    'POST /stock/transfers': async () => ({ body: await goods() }),
    'POST /stock/moves': async () => ({ body: await goods() }),
    'PUT /stock/transfers/:id': async () => ({
      ...{ path: `/stock/transfers/${await drafted()}`, body: { lines: await lines() } },
    }),
    'POST /stock/transfers/:id/shipment': async () => ({
      path: `/stock/transfers/${await drafted()}/shipment`,
    }),
    'POST /stock/transfers/:id/receipts': async () => {
      const { id, variantId } = await sent();
      return { path: `/stock/transfers/${id}/receipts`, body: { lines: [{ variantId, quantity: 1 }] } };
    },
    'POST /stock/transfers/:id/cancellation': async () => {
      const { id, variantId } = await sent();
      const answers = [{ variantId, returned: 1, lost: 1 }];
      return { path: `/stock/transfers/${id}/cancellation`, body: { lines: answers } };
    },
    'POST /stock/counts': async () => ({ body: { locationId: await place() } }),
    'PUT /stock/counts/:id/lines/:variantId': async () => ({
      ...{ path: (await counted()).line, body: { counted: 2 } },
    }),
    'DELETE /stock/counts/:id/lines/:variantId': async () => ({ path: (await counted()).line }),
    'POST /stock/counts/:id/approval': async () => ({
      ...{ path: `${(await counted()).path}/approval`, seen: 2 },
    }),
    'POST /stock/counts/:id/cancellation': async () => ({ path: `${(await counted()).path}/cancellation` }),
    'POST /stock/imports': async () => ({
      body: `sku,location,quantity\n${(await variant()).sku},main,3\n`,
    }),
    'PUT /stock/orders/:id/shipped': async () => {
      const { database } = shop();
      const sold = await variant();
      const { id } = await buildOrder(database, { stage: 'paid', lines: [{ variant: sold, quantity: 2 }] });
      const line = { variantId: sold.id, locationId: DEFAULT_LOCATION_ID, shipped: 1 };
      return { path: `/stock/orders/${id}/shipped`, body: { lines: [line] } };
    },
  };
}
