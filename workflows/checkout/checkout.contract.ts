import { defineSignal, defineUpdate } from '@temporalio/workflow';

import type { PlaceOrder } from '../../entities/checkout/place-order';
import type { OrderState } from '../../entities/orders/order-state';

/** The queue of checkout's workflows, database steps and gateway calls: together, so eager dispatch works. */
export const CHECKOUT_QUEUE = 'checkout';
export const CHECKOUT_WORKFLOW = 'checkout';

/** The workflow of an order. The id is never used for anything else, so it may begin the keys of its steps. */
export const checkoutWorkflowId = (orderId: string): string => `checkout:${orderId}`;

/** Every duration of the workflow, in milliseconds, so that tests and operators can shorten it. */
export interface CheckoutTiming {
  /** How long a gateway lets an attempt be paid. */
  readonly payableMs: number;
  /** How much longer than that the order's hold lasts. */
  readonly holdGraceMs: number;
  /** No attempt may be payable longer than this after placing. */
  readonly longestOpenMs: number;
  /** How often the gateway is asked while nobody returns. */
  readonly pollEveryMs: number;
  /** Two polls one attempt lie at least this far apart. */
  readonly verifySpacingMs: number;
  /** After this long without a clear answer a person is called. */
  readonly attentionAfterMs: number;
  /** How long after its end an attempt is watched for money that comes late. */
  readonly watchLateMs: number;
  /** The first pause after an unclear answer; each further one is twice as long. */
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
}

/** What the buyer asked for, but for the durations that the workflow knows. */
export type OrderRequest = Omit<PlaceOrder, 'orderId' | 'payableMs' | 'holdGraceMs'>;

export interface CheckoutInput {
  readonly orderId: string;
  /** Absent when the workflow resumes an order that Postgres knows. */
  readonly request?: OrderRequest;
  readonly attemptsAtMost: number;
  readonly timing: CheckoutTiming;
}

export type CheckoutResult = 'Placed' | 'Expired' | 'Cancelled' | 'Refused' | 'Unknown';

/** The order as the workflow left it after what was asked. */
export interface CheckoutAnswer {
  readonly order: OrderState;
  /** Whose asking made the order: the first asker reads its own name, later ones that of the first. */
  readonly askedBy?: string;
  /** Whether this very message made what it asked for. */
  readonly isNew?: boolean;
}

/** Waits for the order and its first payment page. Update id `place`; fails with a refusal's code as type. */
export const place = defineUpdate<CheckoutAnswer, [{ askedBy: string }]>('place');

/** A buyer came back, or is said to have: waits for the next poll of the attempt. Update id: the callback row's. */
export const paymentCallback = defineUpdate<CheckoutAnswer, [{ attemptId: string }]>('paymentCallback');

/** Another attempt. `cause` is derived from the buyer's key; the same cause makes one attempt. */
export const openPayment = defineUpdate<CheckoutAnswer, [{ cause: string; gateway: string }]>('openPayment');

/** The buyer does not want the order any more. */
export const cancel = defineUpdate<CheckoutAnswer, []>('cancel');

/** An operator has put something right: whatever waits is tried at once. */
export const retry = defineUpdate<CheckoutAnswer, []>('retry');

/** What an operator found out about an attempt that the workflow cannot settle by itself. */
export const DECISIONS = ['not_paid', 'refunded_by_hand'] as const;
export type Decision = (typeof DECISIONS)[number];

/** An operator's decision about an attempt, with the reason. */
export const decide = defineUpdate<CheckoutAnswer, [{ attemptId: string; decision: Decision; note: string }]>(
  'decide',
);

/**
 * The sweep found something in Postgres that this workflow has not polled, or attempts that a gateway lists as paid: the
 * rows are read again and those attempts polled.
 */
export const wake = defineSignal<[{ attemptIds: string[] }]>('wake');

/**
 * What `signalWithStart` of a client resumes an order with: a workflow that lives is woken, and where there is none one
 * goes on from the rows.
 */
export function resumptionOf(
  orderId: string,
  terms: Pick<CheckoutInput, 'timing' | 'attemptsAtMost'>,
  attemptIds: string[],
) {
  return {
    workflowId: checkoutWorkflowId(orderId),
    taskQueue: CHECKOUT_QUEUE,
    args: [{ orderId, ...terms } satisfies CheckoutInput],
    signal: wake,
    signalArgs: [{ attemptIds }] as [{ attemptIds: string[] }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowTaskTimeout: '5 seconds',
    staticSummary: 'A resumed order',
  } as const;
}
