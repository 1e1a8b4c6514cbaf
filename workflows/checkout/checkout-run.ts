import { proxyActivities, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';

import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import { Attention } from '../shared/attention';
import { localFirst } from '../shared/local-first';
import { checkoutWorkflowId, type CheckoutInput } from './checkout.contract';
import type { Alerts, CheckoutSteps, GatewayCalls } from './checkout.steps';
import { renderDetails } from './details';
import { Mailbox } from './mailbox';
import { Polls } from './polls';
import { searchableBy, statusNameOf, type StatusName } from './searchable';

/** One transaction each. */
export const steps = localFirst<CheckoutSteps>();

/**
 * Each call runs once and its answer, or that there was none, is the workflow's to judge: asking again is safe for some
 * calls only. The time-out lies just above that of the HTTP client.
 */
const call = (summary: string) =>
  proxyActivities<GatewayCalls>({
    startToCloseTimeout: '15 seconds',
    retry: { maximumAttempts: 1 },
    summary,
  });

export const { requestPayment } = call('ask the gateway for a payment page');
export const { verifyPayment } = call('take the money, if it is there');
export const { inquirePayment } = call('ask the gateway where the payment stands');
export const { reversePayment } = call('give the money back');

const { raiseAlert } = proxyActivities<Alerts>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumInterval: '1 minute' },
  summary: 'call a person',
});

/** The subject of what keeps the gateway from opening a payment page. */
export const OPENING = 'opening';

/** The order as the rows last said, what came in, what the workflow remembers of its polls, and what a person must put right. */
export class CheckoutRun {
  readonly mailbox = new Mailbox();
  readonly polls: Polls;
  readonly attention: Attention;
  private state?: OrderState;
  private published?: string;

  constructor(readonly input: CheckoutInput) {
    this.polls = new Polls(input.timing);
    this.attention = new Attention(
      ({ what, code }) => this.alert(what, code),
      () => this.describe(),
    );
  }

  get statusName(): StatusName {
    return statusNameOf(this.order);
  }

  get order(): OrderState {
    if (!this.state) throw new Error('the order is not known yet');
    return this.state;
  }

  /** Takes over what a step returned, and shows it to operators; main states only, because each costs an event. */
  follow(order: OrderState): OrderState {
    this.state = order;
    if (order.status !== 'awaiting_payment') this.attention.resolve(OPENING);
    this.describe();
    return order;
  }

  /**
   * Makes searchable what has changed. Called when the order is known and after what is done for it: the first time shares
   * its write of Temporal's index with that of the workflow's first task, and the last one with that of its end.
   */
  publish(): void {
    const searchable = searchableBy(this.order);
    const news = JSON.stringify(searchable);
    if (news === this.published) return;
    this.published = news;
    upsertSearchAttributes(searchable);
  }

  describe(): void {
    setCurrentDetails(renderDetails(this.order, this.attention.all));
  }

  /** Reads the rows again, where what a step returned does not say how they stand. */
  async refresh(): Promise<void> {
    const order = await steps.readOrder({ orderId: this.input.orderId });
    if (order) this.follow(order);
  }

  /** Calls a person without waiting for one. Whoever waits for the workflow hears first how things stand. */
  async alert(problem: string, code: string): Promise<void> {
    this.mailbox.answerReady();
    await raiseAlert({ orderId: this.input.orderId, problem, code });
  }

  /** Whether no poll the attempt can change anything for the buyer any more. */
  isFinal(attemptId: string): boolean {
    const status = this.attempt(attemptId)?.status;
    return status === undefined || ['settled', 'surplus', 'refused', 'closed'].includes(status);
  }

  /** Whether nobody can tell before the next poll, so that a buyer need not be kept waiting. */
  isUnclear(attemptId: string): boolean {
    return this.attempt(attemptId)?.status === 'verifying' && this.polls.rests(attemptId);
  }

  attempt(attemptId: string): AttemptState | undefined {
    return this.state?.attempts.find((attempt) => attempt.id === attemptId);
  }

  /** The key of a step that happens once for its object. */
  key(step: string, objectId?: string): string {
    const id = checkoutWorkflowId(this.input.orderId);
    return objectId === undefined ? `${id}:${step}` : `${id}:${step}:${objectId}`;
  }
}
