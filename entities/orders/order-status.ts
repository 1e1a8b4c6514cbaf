/** Where an order stands on its way. Paying and fulfilling are told apart: see {@link PaymentStatus}. */
export type OrderStatus = 'awaiting_payment' | 'placed' | 'expired' | 'cancelled';

/** The only moves of an order; the database refuses all others (`orders_move_along_their_table`). */
export const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  awaiting_payment: ['placed', 'expired', 'cancelled'],
  placed: [],
  expired: ['awaiting_payment'],
  cancelled: [],
};

/** How an order stands with its money; a refunded order keeps its settled attempt. */
export type PaymentStatus = 'unpaid' | 'paid' | 'partly_refunded' | 'refunded';
