/**
 * Where a purchase order stands.
 * - `collecting`: lines are added until the supplier's cut-off. `awaiting_approval`: a person must agree.
 * - `sending`: the supplier is being told. `ordered`: it has the order.
 * - `partly_received`, `received`: goods have arrived. `closed_short`: a person gave up what is missing.
 * - `cancelled`: the shop does not want it any more. `refused`: the supplier does not deliver it.
 */
export type PurchaseOrderStatus =
  | 'collecting'
  | 'awaiting_approval'
  | 'sending'
  | 'ordered'
  | 'partly_received'
  | 'received'
  | 'closed_short'
  | 'cancelled'
  | 'refused';

/** The moves of a purchase order. The database refuses all others (`purchase_orders_move_along_their_table`). */
export const PURCHASE_ORDER_TRANSITIONS: Readonly<
  Record<PurchaseOrderStatus, readonly PurchaseOrderStatus[]>
> = {
  collecting: ['awaiting_approval', 'sending', 'cancelled'],
  awaiting_approval: ['sending', 'cancelled'],
  sending: ['ordered', 'partly_received', 'received', 'cancelled', 'refused'],
  ordered: ['partly_received', 'received', 'closed_short', 'cancelled', 'refused'],
  partly_received: ['received', 'closed_short'],
  received: [],
  closed_short: [],
  cancelled: [],
  refused: [],
};

/**
 * Why a person must approve an order. The first three and the last are reasons of a decision, the others of the
 * whole order. `refused_before`: its supplier has lately refused an order for the same need.
 */
export type OrderApprovalReason =
  | 'days_of_demand'
  | 'value'
  | 'unknown_cost'
  | 'below_minimum'
  | 'supplier_paused'
  | 'refused_before';

/** Why an order needs somebody's attention. */
export type OrderAttention =
  | 'late'
  | 'refused'
  | 'partly_accepted'
  | 'unreachable'
  | 'cancellation_refused'
  | 'unapproved';

/** What the supplier is told: the order, or that it is cancelled. */
export type SupplierMessageKind = 'order' | 'cancel';

/**
 * Where a message to a supplier stands. `sending`: a call has begun. `unknown`: it may have arrived, and is sent again with the
 * same id. `withdrawn`: it was not needed any more before anything went out.
 */
export type SupplierMessageStatus = 'pending' | 'sending' | 'unknown' | 'sent' | 'refused' | 'withdrawn';

/** The moves of a message. The database refuses all others (`supplier_messages_move_along_their_table`). */
export const SUPPLIER_MESSAGE_TRANSITIONS: Readonly<
  Record<SupplierMessageStatus, readonly SupplierMessageStatus[]>
> = {
  pending: ['sending', 'withdrawn'],
  sending: ['sent', 'refused', 'unknown'],
  unknown: ['sending', 'sent', 'refused'],
  sent: [],
  // Somebody has put right what the supplier refused.
  refused: ['pending'],
  withdrawn: [],
};

/**
 * What became of a supplier's reply. `old`: signed too long before it came. `repeated`: its id was used before. `foreign`: it
 * names an order of somebody else. `malformed`: it is signed, but says nothing that can be used.
 */
export type ReplyVerdict = 'genuine' | 'forged' | 'old' | 'repeated' | 'foreign' | 'malformed';
