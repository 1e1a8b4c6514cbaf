import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { draftTransfer } from '../../../entities/transfers/draft-transfer';
import { newId } from '../../../entities/values/uuid';
import { buildLocation } from '../../support/factories/stock-locations';
import { buildTransfer } from '../../support/factories/stock-work';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import type { StaffCalls, StaffWorld } from './staff-call';

const UNITS = 5;

/** Transfers between locations. */
export function transferCalls({ shop, admin }: StaffWorld): StaffCalls {
  const goods = async () => ({
    ...{ fromId: DEFAULT_LOCATION_ID, toId: await buildLocation(shop.database) },
    lines: [{ variantId: (await buildStockedVariant(shop.database)).id, quantity: UNITS }],
  });
  const drafted = async () => {
    const draft = { id: newId(), note: null, ...(await goods()) };
    await shop.run((transaction) => draftTransfer(transaction, admin, draft));
    return { path: `/stock/transfers/${draft.id}`, lines: draft.lines };
  };
  const sent = async () => {
    const terms = { sent: UNITS, received: 0 };
    const { id, variantId } = await buildTransfer(shop.database, admin, terms);
    return { path: `/stock/transfers/${id}`, variantId };
  };
  return {
    'POST /stock/transfers': async () => ({ body: await goods() }),
    'POST /stock/moves': async () => ({ body: await goods() }),
    'PUT /stock/transfers/:id': async () => {
      const { path, lines } = await drafted();
      return { path, seen: 1, body: { lines: lines.map((line) => ({ ...line, quantity: 1 })) } };
    },
    'POST /stock/transfers/:id/shipment': async () => ({
      ...{ path: `${(await drafted()).path}/shipment`, seen: 1 },
    }),
    'POST /stock/transfers/:id/receipts': async () => {
      const { path, variantId } = await sent();
      return { path: `${path}/receipts`, body: { lines: [{ variantId, quantity: 2 }] } };
    },
    'POST /stock/transfers/:id/cancellation': async () => {
      const { path, variantId } = await sent();
      const lines = [{ variantId, returned: UNITS - 1, lost: 1 }];
      return { path: `${path}/cancellation`, body: { lines } };
    },
  };
}
