import { assertThat } from '../errors';
import { requireOrderState, type OrderState } from '../orders/order-state';
import { attemptIdOf } from '../payments/attempt-id';
import { row, rows, type Transaction } from '../sql';
import { rials } from '../values/money';
import type { AmountLimits } from './place-order';

/** Another try to pay an order. */
export interface OpenAttempt {
  readonly orderId: string;
  /** What asks for it (a buyer's request, an attempt whose answer got lost): the same cause makes one attempt. */
  readonly cause: string;
  readonly gateway: string;
  /** How long the gateway lets it be paid, in milliseconds. */
  readonly payableMs: number;
  /** How many attempts that the gateway knows an order may have. */
  readonly attemptsAtMost: number;
  /** No attempt may be payable longer than this after the order was placed, in milliseconds. */
  readonly longestOpenMs: number;
}

/** A gateway that opens no page costs no attempt, but each try is a call that counts against the whole shop. */
const TRIES_PER_PAGE = 5;

/** The attempt that the cause made, and whether this very call made it. */
export interface OpenedAttempt {
  readonly order: OrderState;
  readonly attemptId: string;
  readonly fresh: boolean;
}

/**
 * Writes down that a gateway is about to be asked, before it is asked, so that an answer that gets lost leaves a trace.
 *
 * @throws AppError `order.not_awaiting_payment`, `order.verifying`, `payment.attempt_limit`, `payment.too_late`,
 * `checkout.amount_too_small`, `checkout.amount_too_large`
 */
export async function openAttempt(
  transaction: Transaction,
  input: OpenAttempt,
  limits: AmountLimits,
): Promise<OpenedAttempt> {
  const order = await row<{ status: string; total: number; inTime: boolean }>(
    transaction,
    `SELECT status, total, now() + $2::bigint * interval '1 millisecond'
       <= created_at + $3::bigint * interval '1 millisecond' AS "inTime"
     FROM orders WHERE id = $1 FOR UPDATE`,
    [input.orderId, input.payableMs, input.longestOpenMs],
  );
  assertThat(order, 'order.not_found');
  const attempts = await readAttempts(transaction, input.orderId);
  const attemptId = attemptIdOf(input.orderId, input.cause);
  const fresh = !attempts.some((attempt) => attempt.id === attemptId);
  if (fresh) {
    assertThat(order.status === 'awaiting_payment', 'order.not_awaiting_payment', { status: order.status });
    assertThat(!attempts.some((attempt) => attempt.status === 'verifying'), 'order.verifying');
    const known = attempts.filter((attempt) => attempt.known).length;
    assertThat(known < input.attemptsAtMost, 'payment.attempt_limit', { limit: input.attemptsAtMost });
    assertThat(attempts.length < input.attemptsAtMost * TRIES_PER_PAGE, 'payment.attempt_limit', {
      limit: input.attemptsAtMost,
    });
    assertThat(order.inTime, 'payment.too_late');
    assertThat(order.total >= limits.minimum, 'checkout.amount_too_small', {
      minimum: rials(limits.minimum),
    });
    assertThat(order.total <= limits.maximum, 'checkout.amount_too_large', {
      maximum: rials(limits.maximum),
    });
    await insertAttempt(transaction, attemptId, input);
  }
  return { order: await requireOrderState(transaction, input.orderId), attemptId, fresh };
}

async function readAttempts(
  transaction: Transaction,
  orderId: string,
): Promise<{ id: string; status: string; known: boolean }[]> {
  return rows(
    transaction,
    'SELECT id, status, authority IS NOT NULL AS known FROM payment_attempts WHERE order_id = $1',
    [orderId],
  );
}

async function insertAttempt(transaction: Transaction, attemptId: string, input: OpenAttempt): Promise<void> {
  await rows(
    transaction,
    `INSERT INTO payment_attempts (id, order_id, gateway, status, amount, currency, payable_until, created_at)
     SELECT $2, id, $3, 'requesting', total, currency, now() + $4::bigint * interval '1 millisecond', clock_timestamp()
     FROM orders WHERE id = $1`,
    [input.orderId, attemptId, input.gateway, input.payableMs],
  );
}
