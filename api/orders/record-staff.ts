import type { OrderState } from '../../entities/orders/order-state';
import { audited } from '../../entities/staff/audited';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import type { OrderAccess } from './order-access';

/** Stores that somebody of the staff asks the workflow of an order for something. Of everybody else it stores nothing. */
export type RecordStaff = () => Promise<void>;

/**
 * The record comes before the workflow is asked, because the workflow makes the change: no change by staff is without its
 * record. A person of the staff who bought the order acts as its customer.
 */
export function recordStaff(
  { database }: Pick<Dependencies, 'database'>,
  { staff, callerId }: OrderAccess,
  { id, customerId }: OrderState,
  action: 'order.pay' | 'order.cancel',
): RecordStaff {
  return async () => {
    if (!staff || customerId === callerId) return;
    const object = { type: 'order', id } as const;
    await withTransaction(database, (transaction) => audited(transaction, staff, { action, object }));
  };
}
