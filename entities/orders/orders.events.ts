import type { Aggregate, EventOf } from '../events/aggregate';
import type { Money } from '../values/money';

/** Why a payment is not taken even if the buyer has paid. The gateway returns such money by itself. */
export type PaymentRefusal =
  | 'stock_gone'
  | 'order_cancelled'
  | 'order_paid_otherwise'
  | 'cart_has_another_order'
  | 'rejected_by_gateway'
  | 'decided_by_staff';

/** What the journal says of an order, by type. The public sees the payloads: nothing personal, no secrets. */
export interface OrderEvents {
  'order.created': {
    number: number;
    total: Money;
    lines: { sku: string; title: string; quantity: number; unitPrice: Money }[];
    paymentDeadline: string;
  };
  'order.payment_opened': { attemptId: string; gateway: string; amount: Money; payableUntil: string };
  'order.payment_unavailable': { attemptId: string; gateway: string; reason: 'gateway_unavailable' };
  'order.payment_refused': { attemptId: string; gateway: string; reason: PaymentRefusal };
  'order.payment_surplus': { attemptId: string; gateway: string; amount: Money };
  'order.payment_refunded': { attemptId: string; gateway: string; amount: Money };
  'order.paid': { attemptId: string; gateway: string; amount: Money; refId: string | null };
  /** Units have left for the buyer. */
  'order.units_shipped': { sku: string; quantity: number };
  /** A customer made a guest's order theirs. */
  'order.joined': Record<never, never>;
  'order.reopened': { attemptId: string };
  'order.expired': Record<never, never>;
  'order.cancelled': Record<never, never>;
}

/** An order's history in the journal. */
export const ORDER: Aggregate<OrderEvents> = { type: 'order', table: 'orders' };

/** An event of an order. */
export type OrderEvent = EventOf<OrderEvents>;
