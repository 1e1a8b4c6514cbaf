/** The state of a transfer. Its goods are at neither location while they are `in_transit`. */
export type TransferStatus = 'draft' | 'in_transit' | 'received' | 'cancelled';

/** How long a draft counts as units that will come. After it a decision's draft is cancelled. */
export const DRAFT_COUNTS_DAYS = 7;

/** The moves of a transfer. The database refuses all others (`stock_transfers_move_along_their_table`). */
export const TRANSFER_TRANSITIONS: Readonly<Record<TransferStatus, readonly TransferStatus[]>> = {
  draft: ['in_transit', 'cancelled'],
  in_transit: ['received', 'cancelled'],
  received: [],
  cancelled: [],
};

export const TRANSFER_STATUSES = Object.keys(TRANSFER_TRANSITIONS) as TransferStatus[];

/** What became of units that were sent. Returned ones are at the location that sent them. */
export type TransferOutcome = 'received' | 'returned' | 'lost';
