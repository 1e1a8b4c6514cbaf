import { assertThat } from '../errors';
import { bookStockMany } from '../inventory/book-stock';
import { integer, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { Actor } from '../staff/audited';
import type { TransferState } from './read-transfers';
import type { TransferOutcome } from './transfer-status';

/** What became of units of a line. */
export interface Outcome {
  readonly variantId: string;
  readonly outcome: TransferOutcome;
  readonly quantity: number;
}

/** What became of units of some lines, under one name. */
export interface Receipt {
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

/** The units of a line that nothing has been said of yet. */
export const inTransit = ({ sent, received, returned, lost }: TransferState['lines'][number]) =>
  sent - received - returned - lost;

/**
 * Whether the receipt was booked before, with the same outcomes.
 *
 * @throws AppError `request.idempotency_key_reused` when it had others
 */
export async function isKnown(
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

/** @throws AppError `transfer.line_not_found`, `transfer.more_than_sent` with the units in transit */
export function refuseTooMuch({ lines }: TransferState, outcomes: readonly Outcome[]): void {
  for (const { variantId, quantity } of outcomes) {
    const line = lines.find((it) => it.variantId === variantId);
    assertThat(line, 'transfer.line_not_found', { variantId });
    const left = inTransit(line);
    assertThat(quantity <= left, 'transfer.more_than_sent', { variantId, quantity: left });
  }
}

/** @throws AppError `transfer.line_not_found`, `transfer.unanswered` with a line and its units in transit */
export function refuseUnanswered({ status, lines }: TransferState, outcomes: readonly Outcome[]): void {
  const stranger = outcomes.find(({ variantId }) => !lines.some((line) => line.variantId === variantId));
  assertThat(!stranger, 'transfer.line_not_found', { variantId: stranger?.variantId ?? '' });
  for (const line of lines) {
    const { variantId } = line;
    const quantity = status === 'draft' ? 0 : inTransit(line);
    const told = outcomes.reduce((sum, it) => (it.variantId === variantId ? sum + it.quantity : sum), 0);
    assertThat(told === quantity, 'transfer.unanswered', { variantId, quantity });
  }
}

/** Books what came back or arrived into stock, and keeps what was said of each unit. */
export async function bookReceipt(
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
