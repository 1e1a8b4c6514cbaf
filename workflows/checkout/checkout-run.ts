import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';

import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import type { Money } from '../../entities/values/money';
import type { GatewayCalls } from '../payments/gateway.steps';
import { Attention } from '../shared/attention';
import { localFirst } from '../shared/local-first';
import { Mailbox } from '../shared/mailbox';
import { Polls } from '../shared/polls';
import { providerCalls } from '../shared/provider-calls';
import { refusalFailure } from '../shared/refusal.contract';
import {
  checkoutWorkflowId,
  type CheckoutAnswer,
  type CheckoutInput,
  type CheckoutTiming,
  type Decision,
} from './checkout.contract';
import type { CheckoutSteps } from './checkout.steps';
import { LOST_ORDER, renderDetails, searchableBy } from './operator-view';

/** One transaction each. */
export const steps = localFirst<CheckoutSteps>();

export const gateway = providerCalls<GatewayCalls>({
  requestPayment: 'ask the gateway for a payment page',
  verifyPayment: 'take the money, if it is there',
  inquirePayment: 'ask the gateway where the payment stands',
  reversePayment: 'give the money back',
});

/** The subject of a blocker that keeps the gateway from opening a payment page. */
export const OPENING = 'opening';

/** The subject of the blocker of an order that Postgres does not know. */
const LOST = 'lost order';

/** What a message asks of the workflow. */
export type Request =
  | { readonly kind: 'open'; readonly cause: string; readonly gateway: string }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'retry'; readonly cause: string }
  | {
      readonly kind: 'decide';
      readonly attemptId: string;
      readonly decision: Decision;
      readonly note: string;
    }
  | { readonly kind: 'refresh' };

/** The order as the rows last said, the messages received, the polls of its attempts, and what only a person can solve. */
export class CheckoutRun {
  readonly mailbox = new Mailbox<Request, CheckoutAnswer>();
  readonly polls: Polls<AttemptState>;
  readonly attention: Attention;
  private state?: OrderState;
  private published?: string;
  /** Postgres does not know the order. A person who sends `cancel` then, or cancels the workflow, ends the wait for it. */
  private loss?: 'noticed' | 'given up';

  constructor(readonly input: CheckoutInput) {
    this.polls = pollsOfAttempts(input.timing);
    this.attention = new Attention(
      { orderId: input.orderId },
      () => this.mailbox.answerReady(),
      () => this.describe(),
    );
  }

  get order(): OrderState {
    if (!this.state) throw new Error('the order is not known yet');
    return this.state;
  }

  /** Whether only Temporal knows the order: Postgres was restored from an older dump. */
  get isLost(): boolean {
    return this.loss !== undefined;
  }

  /** Whether a person has ended the wait for a lost order. */
  get isGivenUp(): boolean {
    return this.loss === 'given up';
  }

  /** The order for a caller. Throws the refusal `order.lost`, because what is remembered is not what is true. */
  answer(): OrderState {
    if (this.isLost) throw refusalFailure({ code: 'order.lost', details: { orderId: this.input.orderId } });
    return this.order;
  }

  /** Follows the order as a step returned it, and shows it to operators. */
  follow(order: OrderState): OrderState {
    this.state = order;
    this.loss = undefined;
    this.attention.resolve(LOST);
    if (order.status !== 'awaiting_payment') this.attention.resolve(OPENING);
    this.describe();
    return order;
  }

  /** Reads the rows again, where the result of a step does not say how they stand. */
  async refresh(): Promise<void> {
    const order = await steps.readOrder({ orderId: this.input.orderId });
    if (order) this.follow(order);
    else await this.lose();
  }

  /** Waits for a person: nothing may be taken, refunded or ended by what is only remembered. */
  private async lose(): Promise<void> {
    if (this.isGivenUp) return;
    this.loss = 'noticed';
    this.publish();
    await this.attention.needFor(LOST, {
      what: 'Postgres does not know this order any more. It may have been paid: what is remembered of its payments is below, or in the history of earlier runs',
      code: 'order.lost',
      resolvedBy:
        'Restore its rows and send the update `retry`. Or refund in the gateway’s panel what was taken, and send the update `cancel`.',
    });
  }

  /** Undoes placing. The step takes placing's key, so a placing that arrives late does nothing. */
  async close(as: 'expired' | 'cancelled'): Promise<void> {
    const closed = await steps.closeOrder({ orderId: this.input.orderId, placeKey: this.key('place'), as });
    if (closed) this.follow(closed);
    else if (as === 'cancelled' && this.isLost) this.giveUp();
    else await this.lose();
  }

  /**
   * Updates the search attributes that changed. It runs when the order is known and after work for it: the first update
   * then shares its write to Temporal's index with the workflow's first task, and the last one with the workflow's end.
   */
  publish(): void {
    const attributes = this.isLost ? LOST_ORDER : searchableBy(this.order);
    const encoded = JSON.stringify(attributes);
    if (encoded === this.published) return;
    this.published = encoded;
    upsertSearchAttributes(attributes);
  }

  attempt(attemptId: string): AttemptState | undefined {
    return this.state?.attempts.find((attempt) => attempt.id === attemptId);
  }

  /** Whether no further poll can change the attempt for the buyer. */
  isFinal(attemptId: string): boolean {
    const status = this.attempt(attemptId)?.status;
    return status === undefined || ['settled', 'surplus', 'refused', 'closed'].includes(status);
  }

  /** Whether nobody can tell before the next poll, so that a buyer need not wait for it. */
  isUnclear(attemptId: string): boolean {
    return this.attempt(attemptId)?.status === 'verifying' && this.polls.isPausing(attemptId);
  }

  /** The attempt's frozen amount, as gateways are told it. */
  moneyOf({ amount }: { readonly amount: number }): Money {
    return { amount, currency: this.order.currency };
  }

  /** The key of a step that happens once, or once for its object. */
  key(step: string, objectId?: string): string {
    const id = checkoutWorkflowId(this.input.orderId);
    return objectId === undefined ? `${id}:${step}` : `${id}:${step}:${objectId}`;
  }

  private giveUp(): void {
    this.loss = 'given up';
    this.attention.resolve(LOST);
  }

  private describe(): void {
    setCurrentDetails(renderDetails(this.input.orderId, this.state, this.attention.all));
  }
}

/** The polls of an order's attempts. The rows know of stored callbacks, of the last capture and of the opening. */
export function pollsOfAttempts(timing: CheckoutTiming): Polls<AttemptState> {
  return new Polls(
    { ...timing, spacingMs: timing.verifySpacingMs },
    {
      hasRequest: (attempt) => attempt.hasCallback,
      lastPolledAt: (attempt) => attempt.lastCaptureAt,
      beganAt: (attempt) => attempt.payableUntil - timing.payableMs,
    },
  );
}

/** The attempt as its gateway knows it. */
export function referenceOf({ id, gateway: name, authority }: AttemptState) {
  return { attemptId: id, gateway: name, authority: authority! };
}
