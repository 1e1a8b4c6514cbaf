import { steps, type CheckoutRun } from './checkout-run';

/** The undo of placing: it takes the key of its do, so a placing that arrives late does nothing. */
export async function closeOrder(run: CheckoutRun, as: 'expired' | 'cancelled'): Promise<void> {
  const closed = await steps.closeOrder({ orderId: run.input.orderId, placeKey: run.key('place'), as });
  if (closed) run.follow(closed);
}
