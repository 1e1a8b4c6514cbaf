import type { Aggregate } from '../events/aggregate';

/** What the journal says of a transfer, by type. Only staff see it. */
export interface TransferEvents {
  'transfer.created': { fromId: string; toId: string };
  'transfer.changed': Record<never, never>;
  'transfer.shipped': Record<never, never>;
  /** Some of the goods arrived, or the last of them. */
  'transfer.received': { receiptId: string; isComplete: boolean };
  /** `shop`: a decision had drafted it, and nobody shipped it in time. Events of earlier versions do not say. */
  'transfer.cancelled': { by?: 'staff' | 'shop' };
}

/** A transfer's history in the journal. */
export const TRANSFER: Aggregate<TransferEvents> = { type: 'transfer', table: 'stock_transfers' };
