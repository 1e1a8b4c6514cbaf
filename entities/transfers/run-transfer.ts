import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { bookLocked, bookStockMany } from '../inventory/book-stock';
import { lockLevels } from '../inventory/lock-levels';
import { refuseShortages } from '../inventory/refuse-shortages';
import { integer, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';
import { hasLines, writeDraft, type Drafted, type DraftTransfer, type SentLine } from './draft-transfer';
import { lockTransfer, requireTransfer, type TransferState } from './read-transfers';
import type { TransferOutcome } from './transfer-status';
import { TRANSFER } from './transfers.events';

const SHIP = statement(`UPDATE stock_transfers SET status = 'in_transit', shipped_at = now() WHERE id = $1`);
const END = statement('UPDATE stock_transfers SET status = $2, ended_at = now() WHERE id = $1');

/** What became of units of a line. */
interface Outcome {
  readonly variantId: string;
  readonly outcome: TransferOutcome;
  readonly quantity: number;
}

/** What became of units of some lines, under one name. */
interface Receipt {
  readonly receiptId: string;
  readonly outcomes: readonly Outcome[];
}

const FIND_RECEIPT = statement<Outcome & { readonly transferId: string }>(
  `SELECT variant_id AS "variantId", outcome, quantity, transfer_id AS "transferId"
   FROM stock_transfer_receipts WHERE id = $1`,
  { variantId: uuid, outcome: text, quantity: integer, transferId: uuid },
);
const RECORD = statement(
  `WITH told AS (
     SELECT * FROM jsonb_to_recordset($4::jsonb) AS o("variantId" uuid, outcome varchar, quantity integer)
   ), receipt AS (
     INSERT INTO stock_transfer_receipts (id, transfer_id, actor_id, variant_id, outcome, quantity)
     SELECT $1, $2, $3, "variantId", outcome, quantity FROM told
   )
   UPDATE stock_transfer_lines l
   SET received = l.received + sums.received, returned = l.returned + sums.returned, lost = l.lost + sums.lost
   FROM (
     SELECT "variantId", coalesce(sum(quantity) FILTER (WHERE outcome = 'received'), 0) AS received,
       coalesce(sum(quantity) FILTER (WHERE outcome = 'returned'), 0) AS returned,
       coalesce(sum(quantity) FILTER (WHERE outcome = 'lost'), 0) AS lost
     FROM told GROUP BY 1
   ) AS sums
   WHERE l.transfer_id = $2 AND l.variant_id = sums."variantId"`,
);

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
  await book(transaction, actor, transfer, receipt);
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

  await book(transaction, actor, transfer, { receiptId, outcomes });
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

const inTransit = ({ sent, received, returned, lost }: TransferState['lines'][number]) =>
  sent - received - returned - lost;

/** Whether the receipt was booked before, with the same outcomes. */
async function isKnown(
  transaction: Transaction,
  { id, receiptId }: { readonly id: string; readonly receiptId: string },
  outcomes: readonly Outcome[],
): Promise<boolean> {
  const known = await rows(transaction, FIND_RECEIPT, [receiptId]);
  if (known.length === 0) return false;
  const isSame =
    known.length === outcomes.length &&
    known.every(
      (it) =>
        it.transferId === id &&
        outcomes.some(
          (o) => o.variantId === it.variantId && o.outcome === it.outcome && o.quantity === it.quantity,
        ),
    );
  assertThat(isSame, 'request.idempotency_key_reused');
  return true;
}

function refuseTooMuch({ lines }: TransferState, outcomes: readonly Outcome[]): void {
  for (const { variantId, quantity } of outcomes) {
    const line = lines.find((it) => it.variantId === variantId);
    assertThat(line, 'transfer.line_not_found', { variantId });
    const left = inTransit(line);
    assertThat(quantity <= left, 'transfer.more_than_sent', { variantId, quantity: left });
  }
}

function refuseUnanswered({ status, lines }: TransferState, outcomes: readonly Outcome[]): void {
  const stranger = outcomes.find(({ variantId }) => !lines.some((line) => line.variantId === variantId));
  assertThat(!stranger, 'transfer.line_not_found', { variantId: stranger?.variantId ?? '' });
  for (const line of lines) {
    const { variantId } = line;
    const quantity = status === 'draft' ? 0 : inTransit(line);
    const told = outcomes.reduce((sum, it) => (it.variantId === variantId ? sum + it.quantity : sum), 0);
    assertThat(told === quantity, 'transfer.unanswered', { variantId, quantity });
  }
}

async function book(
  transaction: Transaction,
  { accountId }: Actor,
  { id, fromId, toId }: TransferState,
  { receiptId, outcomes }: Receipt,
): Promise<void> {
  if (outcomes.length === 0) return;
  const arrived = outcomes.filter(({ outcome }) => outcome !== 'lost');
  await bookStockMany(
    transaction,
    arrived.map(({ variantId, outcome, quantity }) => ({
      variantId,
      locationId: outcome === 'received' ? toId : fromId,
      delta: quantity,
      reason: 'transfer_in',
      ref: receiptId,
      actorId: accountId,
    })),
  );
  await rows(transaction, RECORD, [receiptId, id, accountId, JSON.stringify(outcomes)]);
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
