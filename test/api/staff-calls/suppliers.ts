import { createSupplier } from '../../../entities/purchasing/change-supplier';
import { newId } from '../../../entities/values/uuid';
import { buildStockedVariant } from '../../support/factories/stocked-variant';
import { buildSupplier, SUPPLIER_SECRETS } from '../../support/factories/suppliers';
import type { StaffCalls, StaffWorld } from './staff-call';

const TERMS = {
  ...{ name: 'پخش کالای پارس', address: null, leadDays: 3, leadSd: 1, cutoffMinute: 840 },
  ...{ weekdays: [0, 1, 2], reviewDays: 1, minimumValue: null, approvalLimit: null },
};

/** Suppliers and what they sell. */
export function supplierCalls({ shop }: StaffWorld): StaffCalls {
  const supplier = async () => `/suppliers/${await buildSupplier(shop.database)}`;
  const toldByWebhook = async () => {
    const supplierId = newId();
    const channel = { channel: 'webhook', address: 'https://supplier.example/orders' } as const;
    await shop.run((transaction) =>
      createSupplier(transaction, { ...TERMS, ...channel, supplierId, secrets: SUPPLIER_SECRETS }),
    );
    return { path: `/suppliers/${supplierId}`, version: 1 };
  };
  return {
    'POST /suppliers': () => ({ body: { ...TERMS, channel: 'manual' } }),
    'PUT /suppliers/:id': async () => ({ path: await supplier(), seen: 0, body: TERMS }),
    'POST /suppliers/:id/pause': async () => ({ path: `${await supplier()}/pause` }),
    'POST /suppliers/:id/resume': async () => ({ path: `${await supplier()}/resume` }),
    'POST /suppliers/:id/secret': async () => {
      const { path, version } = await toldByWebhook();
      return { path: `${path}/secret`, seen: version };
    },
    'PUT /suppliers/:id/items/:variantId': async () => ({
      path: `${await supplier()}/items/${(await buildStockedVariant(shop.database)).id}`,
      body: { supplierSku: 'PRS-1044', pack: 12 },
    }),
  };
}
