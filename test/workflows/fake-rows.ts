import { ApplicationFailure } from '@temporalio/common';

import type { ErrorCode, ErrorDetails } from '../../entities/errors';
import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import { attemptIdOf } from '../../entities/payments/attempt-id';
import type { CheckoutSteps, Keyed } from '../../workflows/checkout/checkout.steps';

type Draft<Row> = { -readonly [Column in keyof Row]: Row[Column] };
type FakeAttempt = Draft<AttemptState>;
type FakeOrder = Draft<Omit<OrderState, 'attempts'>> & { attempts: FakeAttempt[] };

/** A refusal of the tables as it reaches a workflow. */
export function refusal(code: ErrorCode, details: ErrorDetails = {}): ApplicationFailure {
  return ApplicationFailure.create({
    message: code,
    type: code,
    nonRetryable: true,
    category: 'BENIGN',
    details: [details],
  });
}

/** What a step does to stock or money. */
export type Effect = 'held' | 'sold' | 'released' | 'owed' | 'refunded';

/** The rows of a shop without Postgres: the same steps under the same invariants, kept in memory and lost with the test. */
export class FakeRows implements CheckoutSteps {
  /** What happened to stock and money of which order, oldest first. */
  readonly journal: { readonly orderId: string; readonly effect: Effect }[] = [];
  /** Why the next order is not granted. */
  notGranted?: { readonly code: ErrorCode; readonly details?: ErrorDetails };
  private readonly orders = new Map<string, FakeOrder>();
  private readonly keys = new Set<string>();

  /** What happened to stock and money of all orders, or of one. */
  effects(orderId?: string): Effect[] {
    return this.journal
      .filter((entry) => orderId === undefined || entry.orderId === orderId)
      .map(({ effect }) => effect);
  }

  order(orderId: string): FakeOrder {
    const order = this.orders.get(orderId);
    if (!order) throw refusal('order.not_found');
    return order;
  }

  readonly placeOrder: CheckoutSteps['placeOrder'] = async (input) => {
    if (!this.claims(input)) return { order: this.order(input.orderId), fresh: false };
    if (this.notGranted) {
      this.keys.delete(input.key);
      throw refusal(this.notGranted.code, this.notGranted.details);
    }
    const isFree = input.expectedTotal === 0;
    const now = Date.now();
    const order: FakeOrder = {
      id: input.orderId,
      number: 100_001 + this.orders.size,
      cartId: input.cartId,
      requestDigest: input.requestDigest,
      status: isFree ? 'placed' : 'awaiting_payment',
      paymentStatus: isFree ? 'paid' : 'unpaid',
      total: input.expectedTotal,
      currency: 'IRR',
      createdAt: now,
      paymentDeadline: now + input.payableMs + input.holdGraceMs,
      version: 1,
      units: 1,
      skus: ['FAKE-1'],
      attempts: [
        attempt(attemptIdOf(input.orderId, 'first'), {
          gateway: isFree ? 'none' : input.gateway,
          status: isFree ? 'settled' : 'requesting',
          amount: input.expectedTotal,
          payableUntil: now + input.payableMs,
        }),
      ],
    };
    this.orders.set(order.id, order);
    this.note(order, 'held', ...(isFree ? (['sold'] as const) : []));
    return { order, fresh: true };
  };

  readonly readOrder: CheckoutSteps['readOrder'] = async ({ orderId }) => this.orders.get(orderId) ?? null;

  readonly openAttempt: CheckoutSteps['openAttempt'] = async (input) => {
    const order = this.order(input.orderId);
    const attemptId = attemptIdOf(input.orderId, input.cause);
    if (this.keys.has(input.key)) return { order, attemptId, fresh: false };
    if (order.status !== 'awaiting_payment') throw refusal('order.not_awaiting_payment');
    if (isVerifying(order)) throw refusal('order.verifying');
    const known = order.attempts.filter(({ authority }) => authority !== null).length;
    if (known >= input.attemptsAtMost) throw refusal('payment.attempt_limit');
    this.claims(input);
    order.attempts.push(
      attempt(attemptId, {
        gateway: input.gateway,
        status: 'requesting',
        amount: order.total,
        payableUntil: Date.now() + input.payableMs,
      }),
    );
    return { order, attemptId, fresh: true };
  };

  readonly recordAuthority: CheckoutSteps['recordAuthority'] = async (input) => {
    const { order, attempt } = this.find(input);
    if (attempt.status === 'requesting' && order.status === 'awaiting_payment') {
      attempt.status = 'open';
      attempt.authority = input.authority;
      attempt.redirectUrl = input.redirectUrl;
      attempt.payableUntil = Date.now() + input.payableMs;
      order.paymentDeadline = attempt.payableUntil + input.holdGraceMs;
    }
    return order;
  };

  readonly closeAttempt: CheckoutSteps['closeAttempt'] = async (input) => {
    const { order, attempt } = this.find(input);
    const isOver = attempt.status === 'open' && order.status !== 'awaiting_payment';
    if (attempt.status === 'requesting' || attempt.status === 'refused' || isOver) {
      attempt.status = 'closed';
      attempt.failureCode = input.failureCode ?? attempt.failureCode;
    }
    return order;
  };

  readonly beginCapture: CheckoutSteps['beginCapture'] = async (input) => {
    const { order, attempt } = this.find(input);
    if (order.status === 'expired' && input.moneyIsThere && attempt.status === 'open') {
      order.status = 'awaiting_payment';
      this.note(order, 'held');
    }
    const isTaken = order.attempts.some(
      (other) => other !== attempt && (other.status === 'verifying' || other.status === 'settled'),
    );
    const mayBegin = attempt.status === 'open' || attempt.status === 'verifying';
    if (order.status !== 'awaiting_payment' || isTaken || !mayBegin) return { begun: null, order };
    if (attempt.status === 'open') attempt.captureRound += 1;
    attempt.status = 'verifying';
    attempt.lastCaptureAt = Date.now();
    attempt.hasCallback = false;
    const { id: attemptId, gateway, amount, captureRound } = attempt;
    return { begun: { attemptId, gateway, authority: attempt.authority!, amount, captureRound } };
  };

  readonly reopenAttempt: CheckoutSteps['reopenAttempt'] = async (input) => {
    const { order, attempt } = this.find(input);
    if (attempt.status === 'verifying' && attempt.captureRound === input.captureRound) {
      attempt.status = 'open';
      attempt.failureCode = input.failureCode;
    }
    return order;
  };

  readonly markCallbacksProcessed: CheckoutSteps['markCallbacksProcessed'] = async (input) => {
    const { order, attempt } = this.find(input);
    attempt.hasCallback = false;
    return order;
  };

  readonly confirmOrder: CheckoutSteps['confirmOrder'] = async (input) => {
    const { order, attempt } = this.find(input);
    if (this.keys.has(input.key)) return order;
    if (order.status !== 'awaiting_payment' || attempt.status !== 'verifying') {
      throw refusal('order.not_awaiting_payment');
    }
    this.claims(input);
    order.status = 'placed';
    order.paymentStatus = 'paid';
    attempt.status = 'settled';
    for (const other of order.attempts) {
      if (other.status === 'requesting') other.status = 'closed';
      if (other.status === 'open') other.status = 'refused';
    }
    this.note(order, 'sold');
    return order;
  };

  readonly refuseAttempt: CheckoutSteps['refuseAttempt'] = async (input) => {
    const { order, attempt } = this.find(input);
    if (attempt.status === 'open' || attempt.status === 'verifying') {
      attempt.status = 'refused';
      attempt.failureCode = input.failureCode ?? attempt.failureCode;
    }
    return order;
  };

  readonly closeOrder: CheckoutSteps['closeOrder'] = async ({ orderId, placeKey, as }) => {
    this.keys.add(placeKey);
    const order = this.orders.get(orderId);
    if (!order) return null;
    if (order.status === 'awaiting_payment') {
      if (isVerifying(order)) throw refusal('order.verifying');
      order.status = as;
      for (const attempt of order.attempts) {
        if (attempt.status === 'requesting') attempt.status = 'closed';
        if (attempt.status === 'open' && as === 'cancelled') attempt.status = 'refused';
      }
      this.note(order, 'released');
    } else if (as === 'cancelled' && order.status !== 'cancelled') {
      throw refusal('order.not_cancellable', { status: order.status });
    }
    return order;
  };

  readonly recordSurplus: CheckoutSteps['recordSurplus'] = async (input) => {
    const { order, attempt } = this.find(input);
    if (['verifying', 'refused', 'closed'].includes(attempt.status)) {
      attempt.status = 'surplus';
      this.note(order, 'owed');
    }
    return order;
  };

  readonly beginRefund: CheckoutSteps['beginRefund'] = async (input) => {
    const { order, attempt } = this.find(input);
    if (attempt.status === 'surplus') attempt.refundPending = attempt.amount - attempt.refunded;
    return order;
  };

  readonly abandonRefund: CheckoutSteps['abandonRefund'] = async (input) => {
    const { order, attempt } = this.find(input);
    attempt.refundPending = 0;
    attempt.failureCode = input.failureCode;
    return order;
  };

  readonly recordRefunded: CheckoutSteps['recordRefunded'] = async (input) => {
    const { order, attempt } = this.find(input);
    if (attempt.status === 'surplus' && attempt.refunded < attempt.amount) {
      attempt.refunded = attempt.amount;
      attempt.refundPending = 0;
      this.note(order, 'refunded');
    }
    return order;
  };

  private note({ id: orderId }: FakeOrder, ...effects: Effect[]): void {
    this.journal.push(...effects.map((effect) => ({ orderId, effect })));
  }

  private claims({ key }: Keyed<object>): boolean {
    const isFree = !this.keys.has(key);
    this.keys.add(key);
    return isFree;
  }

  private find({ orderId, attemptId }: { orderId: string; attemptId: string }) {
    const order = this.order(orderId);
    const attempt = order.attempts.find(({ id }) => id === attemptId);
    if (!attempt) throw new Error(`order ${orderId} has no attempt ${attemptId}`);
    return { order, attempt };
  }
}

function attempt(
  id: string,
  given: Pick<AttemptState, 'gateway' | 'status' | 'amount' | 'payableUntil'>,
): FakeAttempt {
  return {
    id,
    ...given,
    authority: null,
    redirectUrl: null,
    captureRound: 0,
    lastCaptureAt: null,
    refundPending: 0,
    refunded: 0,
    failureCode: null,
    hasCallback: false,
  };
}

function isVerifying(order: FakeOrder): boolean {
  return order.attempts.some(({ status }) => status === 'verifying');
}
