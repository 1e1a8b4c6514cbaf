import { recordEvents } from '../events/record-events';
import { integer, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { DRAFT_COUNTS_DAYS } from './transfer-status';
import { TRANSFER } from './transfers.events';

/** A draft, as people find it. */
export interface WaitingDraft {
  readonly id: string;
  readonly number: number;
}

const SHAPE = { id: uuid, number: integer };

const CANCEL = statement<WaitingDraft>(
  `UPDATE stock_transfers t SET status = 'cancelled', ended_at = now()
   FROM (
     SELECT id FROM stock_transfers
     WHERE status = 'draft' AND created_by IS NULL AND created_at <= now() - interval '${DRAFT_COUNTS_DAYS} days'
     ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED) AS old
   WHERE t.id = old.id RETURNING t.id, t.number`,
  SHAPE,
);

/** Cancels drafts that a decision made and nobody shipped in time. The goods are ordered instead. */
export async function cancelForgottenDrafts(
  transaction: Transaction,
  { limit }: { readonly limit: number },
): Promise<WaitingDraft[]> {
  const cancelled = await rows(transaction, CANCEL, [limit]);
  for (const { id } of cancelled) {
    await recordEvents(transaction, TRANSFER, id, { type: 'transfer.cancelled', payload: { by: 'shop' } });
  }
  return cancelled;
}

const REMIND = statement<WaitingDraft>(
  `UPDATE stock_transfers t SET reminded_at = now()
   FROM (
     SELECT id FROM stock_transfers
     WHERE status = 'draft' AND coalesce(reminded_at, created_at) <= now() - $1::double precision * interval '1 millisecond'
     ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS waiting
   WHERE t.id = waiting.id RETURNING t.id, t.number`,
  SHAPE,
);

/** Drafts that somebody is to be reminded of, each again after the same time while it waits. */
export function remindOfDrafts(
  transaction: Transaction,
  { afterMs, limit }: { readonly afterMs: number; readonly limit: number },
): Promise<WaitingDraft[]> {
  return rows(transaction, REMIND, [afterMs, limit]);
}
