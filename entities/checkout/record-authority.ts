import { AppError } from '../errors';
import { recordEvents } from '../events/record-events';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { ORDER } from '../orders/orders.events';
import { instant, integer, text } from '../row-shape';
import { breaksConstraint, row, statement, type Transaction } from '../sql';
import { money } from '../values/money';

/** A gateway's answer to an opening. */
export interface RecordAuthority {
  readonly orderId: string;
  readonly attemptId: string;
  readonly authority: string;
  readonly redirectUrl: string | null;
  readonly fee?: number;
  /** From now on, in milliseconds. */
  readonly payableMs: number;
  readonly holdGraceMs: number;
}

const RECORD = statement<{ gateway: string; amount: number; payableUntil: Date }>(
  `WITH awaiting AS MATERIALIZED (
     SELECT id FROM orders WHERE id = $1 AND status = 'awaiting_payment' FOR UPDATE
   ), opened AS (
     UPDATE payment_attempts p
     SET status = 'open', authority = $3, redirect_url = $4, fee = $5,
       payable_until = now() + $6::bigint * interval '1 millisecond'
     FROM awaiting
     WHERE p.id = $2 AND p.order_id = awaiting.id AND p.status = 'requesting'
     RETURNING p.gateway, p.amount, p.payable_until
   ), moved AS (
     UPDATE orders o SET payment_deadline = opened.payable_until + $7::bigint * interval '1 millisecond'
     FROM opened WHERE o.id = $1
   )
   SELECT gateway, amount, payable_until AS "payableUntil" FROM opened`,
  { gateway: text, amount: integer, payableUntil: instant },
);

/**
 * Stores the authority, if the attempt still waits for one and its order for payment. The order's deadline, which ends its
 * hold, moves with it. Otherwise nothing changes: an unused authority is harmless.
 *
 * @throws AppError `payment.reference_taken` when another payment has this authority
 */
export async function recordAuthority(transaction: Transaction, input: RecordAuthority): Promise<OrderState> {
  try {
    return await store(transaction, input);
  } catch (error) {
    if (!breaksConstraint(error, 'uq_payment_attempts_authority')) throw error;
    throw new AppError('payment.reference_taken', {}, { cause: error });
  }
}

async function store(transaction: Transaction, input: RecordAuthority): Promise<OrderState> {
  const opened = await row(transaction, RECORD, [
    input.orderId,
    input.attemptId,
    input.authority,
    input.redirectUrl,
    input.fee ?? null,
    input.payableMs,
    input.holdGraceMs,
  ]);
  if (opened) {
    await recordEvents(transaction, ORDER, input.orderId, {
      type: 'order.payment_opened',
      payload: {
        attemptId: input.attemptId,
        gateway: opened.gateway,
        amount: money(opened.amount),
        payableUntil: opened.payableUntil.toISOString(),
      },
    });
  }
  return requireOrderState(transaction, input.orderId);
}
