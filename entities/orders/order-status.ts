/** The state of an order. Its payment has a status of its own: {@link PaymentStatus}. */
export type OrderStatus = 'awaiting_payment' | 'placed' | 'expired' | 'cancelled';

/** The moves of an order. The database refuses all others (`orders_move_along_their_table`). */
export const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  awaiting_payment: ['placed', 'expired', 'cancelled'],
  placed: [],
  expired: ['awaiting_payment'],
  cancelled: [],
};

/** The state of an order's payment. A refunded order keeps its settled attempt. */
export type PaymentStatus = 'unpaid' | 'paid' | 'partly_refunded' | 'refunded';
