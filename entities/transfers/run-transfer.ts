import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { bookLocked } from '../inventory/book-stock';
import { lockLevels } from '../inventory/lock-levels';
import { refuseShortages } from '../inventory/refuse-shortages';
import { rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';
import { hasLines, writeDraft, type Drafted, type DraftTransfer, type SentLine } from './draft-transfer';
import { lockTransfer, requireTransfer, type TransferState } from './read-transfers';
import {
  bookReceipt,
  inTransit,
  isKnown,
  refuseTooMuch,
  refuseUnanswered,
  type Outcome,
  type Receipt,
} from './transfer-receipt';
import { TRANSFER } from './transfers.events';

const SHIP = statement(`UPDATE stock_transfers SET status = 'in_transit', shipped_at = now() WHERE id = $1`);
const END = statement('UPDATE stock_transfers SET status = $2, ended_at = now() WHERE id = $1');

/**
 * Sends the goods of a draft off. A repetition is answered with the transfer as it is.
 *
 * @param seen the version that was read
 * @throws AppError `transfer.not_found`, `transfer.not_draft`, `transfer.changed`, `transfer.not_free` with the levels and the
 * orders that hold their goods, `auth.session_over`
 */
export async function shipTransfer(
  transaction: Transaction,
  actor: Actor,
  { id, seen }: { readonly id: string; readonly seen: number },
): Promise<TransferState> {
  const transfer = await lockTransfer(transaction, id);
  if (transfer.shippedAt !== null && transfer.version > seen) return transfer;
  assertThat(transfer.status === 'draft', 'transfer.not_draft');
  assertThat(transfer.version === seen, 'transfer.changed', { version: transfer.version });
  await send(transaction, actor, transfer);
  await record(transaction, actor, id, 'ship');
  return requireTransfer(transaction, id);
}

/** Books the goods of a draft out. */
async function send(transaction: Transaction, actor: Actor, transfer: TransferState): Promise<void> {
  const { id } = transfer;
  const places = transfer.lines.map(({ variantId, sent }) => ({
    ...{ variantId, locationId: transfer.fromId, delta: -sent },
  }));
  const levels = await lockLevels(transaction, places);
  const sent = new Map(places.map(({ variantId, delta }) => [variantId, delta]));
  await refuseShortages(
    transaction,
    'transfer.not_free',
    levels.map((level) => ({ level, delta: sent.get(level.variantId)! })),
  );
  await bookLocked(
    transaction,
    places.map((place) => ({ ...place, reason: 'transfer_out', ref: id, actorId: actor.accountId })),
  );
  await rows(transaction, SHIP, [id]);
  await recordEvents(transaction, TRANSFER, id, { type: 'transfer.shipped', payload: {} });
}

/**
 * Books goods of a transfer that have arrived, all of them or some. The same receipt twice is booked once.
 *
 * @throws AppError `transfer.not_found`, `transfer.not_in_transit`, `transfer.line_not_found`, `transfer.more_than_sent` with
 * the units in transit, `request.idempotency_key_reused`, `auth.session_over`
 */
export async function receiveTransfer(
  transaction: Transaction,
  actor: Actor,
  receipt: { readonly id: string; readonly receiptId: string; readonly lines: readonly SentLine[] },
): Promise<TransferState> {
  const { id, receiptId, lines } = receipt;
  const transfer = await lockTransfer(transaction, id);
  const outcomes = lines.map((line) => ({ ...line, outcome: 'received' as const }));
  if (await isKnown(transaction, receipt, outcomes)) return transfer;
  assertThat(transfer.status === 'in_transit', 'transfer.not_in_transit');
  refuseTooMuch(transfer, outcomes);
  await takeIn(transaction, actor, transfer, { receiptId, outcomes });
  await record(transaction, actor, id, 'receive');
  return requireTransfer(transaction, id);
}

/** Books goods in that are not more than were in transit. */
async function takeIn(
  transaction: Transaction,
  actor: Actor,
  transfer: TransferState,
  receipt: Receipt,
): Promise<void> {
  const { id, lines } = transfer;
  await bookReceipt(transaction, actor, transfer, receipt);
  const left = lines.reduce((sum, line) => sum + inTransit(line), 0);
  const isComplete = left === receipt.outcomes.reduce((sum, { quantity }) => sum + quantity, 0);
  if (isComplete) await rows(transaction, END, [id, 'received']);
  await recordEvents(transaction, TRANSFER, id, {
    type: 'transfer.received',
    payload: { receiptId: receipt.receiptId, isComplete },
  });
}

/** What became of the goods of a line that are still in transit when a transfer is cancelled. */
export interface CancelledLine {
  readonly variantId: string;
  readonly returned: number;
  readonly lost: number;
}

/**
 * Cancels a transfer. Of goods in transit it must say which came back to the location that sent them, and which are lost.
 *
 * @throws AppError `transfer.not_found`, `transfer.not_in_transit` once it has ended, `transfer.line_not_found`,
 * `transfer.unanswered` with a line and its units in transit, `request.idempotency_key_reused`, `auth.session_over`
 */
export async function cancelTransfer(
  transaction: Transaction,
  actor: Actor,
  cancellation: { readonly id: string; readonly receiptId: string; readonly lines: readonly CancelledLine[] },
): Promise<TransferState> {
  const { id, receiptId, lines } = cancellation;
  const transfer = await lockTransfer(transaction, id);
  const outcomes = lines.flatMap(({ variantId, returned, lost }): Outcome[] => [
    ...(returned > 0 ? [{ variantId, outcome: 'returned' as const, quantity: returned }] : []),
    ...(lost > 0 ? [{ variantId, outcome: 'lost' as const, quantity: lost }] : []),
  ]);
  if (transfer.status === 'cancelled' && outcomes.length === 0) return transfer;
  if (await isKnown(transaction, cancellation, outcomes)) return transfer;
  const isOpen = transfer.status === 'draft' || transfer.status === 'in_transit';
  assertThat(isOpen, 'transfer.not_in_transit');
  refuseUnanswered(transfer, outcomes);

  await bookReceipt(transaction, actor, transfer, { receiptId, outcomes });
  await rows(transaction, END, [id, 'cancelled']);
  await recordEvents(transaction, TRANSFER, id, { type: 'transfer.cancelled', payload: { by: 'staff' } });
  await record(transaction, actor, id, 'cancel');
  return requireTransfer(transaction, id);
}

/**
 * Moves goods to another location in one step, such as damaged ones into quarantine: a transfer that arrives at once.
 *
 * @throws AppError those of `draftTransfer` and {@link shipTransfer}
 */
export async function moveStock(
  transaction: Transaction,
  actor: Actor,
  move: DraftTransfer,
): Promise<Drafted> {
  const { transfer, isNew } = await writeDraft(transaction, actor, move);
  if (!isNew) {
    assertThat(hasLines(transfer, move.lines), 'request.idempotency_key_reused');
    return { transfer, isNew };
  }
  // Both at once and in one order: a move the other way at the same time would deadlock.
  await lockLevels(
    transaction,
    move.lines.flatMap(({ variantId }) => [
      { variantId, locationId: move.fromId },
      { variantId, locationId: move.toId },
    ]),
  );
  await send(transaction, actor, transfer);
  await takeIn(transaction, actor, transfer, {
    receiptId: derivedId('stock transfer receipt', move.id),
    outcomes: move.lines.map((line) => ({ ...line, outcome: 'received' })),
  });
  await record(transaction, actor, move.id, 'move');
  return { transfer: await requireTransfer(transaction, move.id), isNew };
}

function record(
  transaction: Transaction,
  actor: Actor,
  id: string,
  did: 'ship' | 'receive' | 'cancel' | 'move',
): Promise<void> {
  return audited(transaction, actor, {
    action: 'stock.change',
    object: { type: 'stock_transfer', id },
    details: { did },
  });
}
