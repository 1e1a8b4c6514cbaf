import { assertThat } from '../errors';
import { requireOrderState, type OrderState } from '../orders/order-state';
import type { OrderStatus } from '../orders/order-status';
import { PaymentAttempt } from '../payments/attempt';
import { attemptIdOf } from '../payments/attempt-id';
import { boolean, integer, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { money } from '../values/money';
import { assertWithinLimits, type AmountLimits } from './amount-limits';
import { openingRefusal } from './opening-refusal';

/** Another try to pay an order. */
export interface OpenAttempt {
  readonly orderId: string;
  /** Why it is made: a buyer's request, or an attempt whose answer was lost. One cause makes one attempt. */
  readonly cause: string;
  readonly gateway: string;
  /** How long the gateway accepts the payment, in milliseconds. */
  readonly payableMs: number;
  /** The most attempts of an order that have an authority. */
  readonly attemptsAtMost: number;
  /** The latest end of an attempt after the order was placed, in milliseconds. */
  readonly longestOpenMs: number;
}

const LOCK = statement<{ status: OrderStatus; total: number; inTime: boolean }>(
  `SELECT status, total, now() + $2::bigint * interval '1 millisecond'
     <= created_at + $3::bigint * interval '1 millisecond' AS "inTime"
   FROM orders WHERE id = $1 FOR UPDATE`,
  { status: text, total: integer, inTime: boolean },
);

const INSERT = statement(
  `INSERT INTO payment_attempts (id, order_id, gateway, status, amount, currency, payable_until, created_at)
   SELECT $2, id, $3, 'requesting', total, currency, now() + $4::bigint * interval '1 millisecond', clock_timestamp()
   FROM orders WHERE id = $1`,
);

/** The attempt of the cause, and whether this call made it. */
export interface OpenedAttempt {
  readonly order: OrderState;
  readonly attemptId: string;
  readonly fresh: boolean;
}

/**
 * Records that a gateway is about to be asked, before it is asked, so that a lost answer leaves a trace.
 *
 * @throws AppError `order.not_awaiting_payment`, `order.verifying`, `payment.attempt_limit`, `payment.too_late`,
 * `checkout.amount_too_small`, `checkout.amount_too_large`
 */
export async function openAttempt(
  transaction: Transaction,
  input: OpenAttempt,
  limits: AmountLimits,
): Promise<OpenedAttempt> {
  const order = await row(transaction, LOCK, [input.orderId, input.payableMs, input.longestOpenMs]);
  assertThat(order, 'order.not_found');
  const attempts = await transaction.find(PaymentAttempt, {
    select: { id: true, status: true, authority: true },
    where: { orderId: input.orderId },
  });
  const attemptId = attemptIdOf(input.orderId, input.cause);
  const fresh = !attempts.some((attempt) => attempt.id === attemptId);
  if (fresh) {
    const refusal = openingRefusal(
      {
        ...order,
        isVerifying: attempts.some((attempt) => attempt.status === 'verifying'),
        pages: attempts.filter((attempt) => attempt.authority !== null).length,
        tries: attempts.length,
      },
      input.attemptsAtMost,
    );
    if (refusal) throw refusal;
    assertWithinLimits(money(order.total), limits);
    await rows(transaction, INSERT, [input.orderId, attemptId, input.gateway, input.payableMs]);
  }
  return { order: await requireOrderState(transaction, input.orderId), attemptId, fresh };
}
