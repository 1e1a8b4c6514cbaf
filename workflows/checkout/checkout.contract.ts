import { defineSignal, defineUpdate } from '@temporalio/workflow';

import type { PlaceOrder } from '../../entities/checkout/place-order';
import type { OrderState } from '../../entities/orders/order-state';

/** The queue of checkout's workflows, database steps and gateway calls. They share it so that eager dispatch works. */
export const CHECKOUT_QUEUE = 'checkout';
export const CHECKOUT_WORKFLOW = 'checkout';

/** The id of an order's workflow. It is never used for anything else, so step keys may begin with it. */
export const checkoutWorkflowId = (orderId: string): string => `checkout:${orderId}`;

/** Every duration of the workflow, in milliseconds. They are inputs, so tests and operators can shorten them. */
export interface CheckoutTiming {
  /** How long a gateway lets an attempt be paid. */
  readonly payableMs: number;
  /** How much longer than that the order holds its stock. */
  readonly holdGraceMs: number;
  /** No attempt may be payable longer than this after placing. */
  readonly longestOpenMs: number;
  /** How often the gateway is polled while no callback comes. */
  readonly pollEveryMs: number;
  /** Two polls of one attempt are at least this far apart. */
  readonly verifySpacingMs: number;
  /** A person is alerted after this long without a clear answer. */
  readonly attentionAfterMs: number;
  /** How long after its page ended an attempt is watched for late money. */
  readonly watchLateMs: number;
  /** The pause after the first unclear answer. Each further pause is twice as long. */
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
}

/** The buyer's request, without the id and the durations that the workflow's input has. */
export type OrderRequest = Omit<PlaceOrder, 'orderId' | 'payableMs' | 'holdGraceMs'>;

export interface CheckoutInput {
  readonly orderId: string;
  /** Absent when the workflow resumes an order that Postgres knows. */
  readonly request?: OrderRequest;
  readonly attemptsAtMost: number;
  readonly timing: CheckoutTiming;
}

export type CheckoutResult = 'Placed' | 'Expired' | 'Cancelled' | 'Refused' | 'Lost' | 'Unknown';

/** The order after the workflow has served a message. */
export interface CheckoutAnswer {
  readonly order: OrderState;
  /** Whether this message made what it asked for, and no earlier one. */
  readonly isNew?: boolean;
}

/** Waits for the order and its first payment page. The update id is `place`. A refusal fails it, with its code as type. */
export const place = defineUpdate<CheckoutAnswer, [{ askedBy: string }]>('place');

/** A callback came. Waits for the next poll of the attempt. The update id is that of the callback's row. */
export const paymentCallback = defineUpdate<CheckoutAnswer, [{ attemptId: string }]>('paymentCallback');

/** Opens another attempt. `cause` is derived from the buyer's key. One cause makes one attempt. */
export const openPayment = defineUpdate<CheckoutAnswer, [{ cause: string; gateway: string }]>('openPayment');

/** Cancels an order that awaits payment. */
export const cancel = defineUpdate<CheckoutAnswer, []>('cancel');

/** An operator has corrected something. Everything that pauses is tried at once. */
export const retry = defineUpdate<CheckoutAnswer, []>('retry');

/** What an operator may find out about an attempt that the workflow cannot settle by itself. */
export const DECISIONS = ['not_paid', 'refunded_by_hand'] as const;
export type Decision = (typeof DECISIONS)[number];

/** Carries out an operator's decision about an attempt. The note is the reason. */
export const decide = defineUpdate<CheckoutAnswer, [{ attemptId: string; decision: Decision; note: string }]>(
  'decide',
);

/**
 * The sweep found unfinished business in Postgres, or attempts that a gateway lists as paid. The workflow reads the rows
 * again and polls those attempts.
 */
export const wake = defineSignal<[{ attemptIds: string[] }]>('wake');

/**
 * The arguments with which a client's `signalWithStart` resumes an order. It wakes a running workflow. If there is none, a
 * new one continues from the rows.
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
