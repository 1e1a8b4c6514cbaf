import { buildAccount } from '../../support/factories/accounts';
import { buildNumberChange, confirm } from '../../support/factories/number-changes';
import { buildPhone } from '../../support/factories/phone';
import { buildInvited } from '../../support/factories/staff';
import type { StaffCalls, StaffWorld } from './staff-call';

/** Staff and customers. */
export function peopleCalls({ shop, admin }: StaffWorld): StaffCalls {
  const invited = async () => `/staff/${(await buildInvited(shop.database, admin, 'staff')).accountId}`;
  const customer = async () => `/customers/${(await buildAccount(shop.database)).id}`;
  return {
    'POST /staff': () => ({ body: { phone: buildPhone(), role: 'support' } }),
    'DELETE /staff/:id': async () => ({ path: await invited() }),
    'PUT /staff/:id/roles/:role': async () => ({ path: `${await invited()}/roles/support` }),
    'DELETE /staff/:id/roles/:role': async () => ({ path: `${await invited()}/roles/staff` }),
    'DELETE /staff/:id/factor': async () => ({ path: `${await invited()}/factor` }),
    'POST /customers/search': () => ({ body: { phone: admin.phone } }),
    'PUT /customers/:id/block': async () => ({ path: `${await customer()}/block` }),
    'DELETE /customers/:id/block': async () => ({ path: `${await customer()}/block` }),
    'DELETE /customers/:id/sessions': async () => ({ path: `${await customer()}/sessions` }),
    'POST /customers/:id/number-changes/:changeId/reject': async () => {
      const change = await buildNumberChange(shop.database, { isOldLost: true });
      return { path: `/customers/${change.accountId}/number-changes/${change.changeId}/reject` };
    },
    'POST /customers/:id/number-changes/:changeId/approve': async () => {
      const change = await buildNumberChange(shop.database, { isOldLost: true });
      await confirm(shop.database, change);
      const path = `/customers/${change.accountId}/number-changes/${change.changeId}/approve`;
      return { path, needsTemporal: true };
    },
  };
}
