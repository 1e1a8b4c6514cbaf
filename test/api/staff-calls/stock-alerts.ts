import { watchStock } from '../../../entities/stock-alerts/subscribe';
import type { StaffCalls, StaffWorld } from './staff-call';

/** Alerts about stock that staff subscribe to. */
export function stockAlertCalls({ shop, admin }: StaffWorld): StaffCalls {
  return {
    'POST /stock/subscriptions': () => ({ body: { kind: 'low' } }),
    'DELETE /stock/subscriptions/:id': async () => {
      const { subscription } = await shop.run((transaction) =>
        watchStock(transaction, admin, { kind: 'out', channel: 'sms', scope: {} }),
      );
      return { path: `/stock/subscriptions/${subscription.id}` };
    },
  };
}
