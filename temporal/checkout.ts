import { setTimeout as delay } from 'node:timers/promises';

import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';

import type { CheckoutConfig } from '../platform/config/checkout';
import {
  cancel,
  CHECKOUT_QUEUE,
  CHECKOUT_WORKFLOW,
  checkoutWorkflowId,
  openPayment,
  paymentCallback,
  place,
  resumptionOf,
  type CheckoutAnswer,
  type CheckoutInput,
  type CheckoutResult,
  type CheckoutTiming,
  type OrderRequest,
} from '../workflows/checkout/checkout.contract';
import { readFailure, wasLost, type CallFailure } from './errors';

export type { CallFailure } from './errors';

/** The workflow's answer, or why there is none. */
export type CallResult = { readonly kind: 'answered'; readonly answer: CheckoutAnswer } | CallFailure;

/** What the API may ask of checkout's workflows. Every call ends within its deadline. */
export interface CheckoutCalls {
  /**
   * Starts the order's workflow, or joins it, and waits for the order with its first payment page.
   *
   * @param askedBy this asking's own, by which its asker knows the answer to the first one
   */
  place(orderId: string, request: OrderRequest, askedBy: string): Promise<CallResult>;
  /** Tells the workflow that a buyer came back; the callback's row is the update's id. */
  paymentCallback(orderId: string, attemptId: string, callbackId: string): Promise<CallResult>;
  /**
   * The rows make an attempt once for its cause. The update's id is a new one each time, or a workflow would answer a
   * repetition with the refusal of an earlier moment.
   */
  openPayment(orderId: string, cause: string, gateway: string): Promise<CallResult>;
  /** @param askId this asking's own, for the same reason: a cancellation is safe to repeat */
  cancel(orderId: string, askId: string): Promise<CallResult>;
  /** Starts a workflow that got lost anew, from the rows; harmless for one that lives. */
  wake(orderId: string): Promise<void>;
}

/** The terms of a workflow, from the configuration. */
export function checkoutTerms(config: CheckoutConfig): { timing: CheckoutTiming; attemptsAtMost: number } {
  return {
    attemptsAtMost: config.paymentAttempts,
    timing: {
      payableMs: config.authorityLifetimeMs,
      holdGraceMs: config.deadlineMarginMs,
      longestOpenMs: config.longestOpenMs,
      pollEveryMs: config.pollEveryMs,
      verifySpacingMs: config.verifySpacingMs,
      attentionAfterMs: config.attentionAfterMs,
      watchLateMs: config.watchLateMoneyMs,
      retryFirstMs: config.retryFirstMs,
      retryMostMs: config.retryMostMs,
    },
  };
}

/** @param deadlineMs how long a caller is kept waiting */
export function createCheckoutCalls(
  client: Client,
  terms: ReturnType<typeof checkoutTerms>,
  deadlineMs: number,
): CheckoutCalls {
  async function call(work: () => Promise<CheckoutAnswer>): Promise<CallResult> {
    try {
      const deadline = Date.now() + deadlineMs;
      const answer = await client.withDeadline(deadline, () => untilHeard(work, deadline));
      return { kind: 'answered', answer };
    } catch (error) {
      return readFailure(error);
    }
  }
  const handleOf = (orderId: string) => client.workflow.getHandle(checkoutWorkflowId(orderId));

  return {
    place: (orderId, request, askedBy) =>
      call(() =>
        client.workflow.executeUpdateWithStart(place, {
          args: [{ askedBy }],
          updateId: 'place',
          startWorkflowOperation: startOf({ orderId, request, ...terms }),
        }),
      ),
    paymentCallback: (orderId, attemptId, callbackId) =>
      call(() =>
        handleOf(orderId).executeUpdate(paymentCallback, { args: [{ attemptId }], updateId: callbackId }),
      ),
    openPayment: (orderId, cause, gateway) =>
      call(() => handleOf(orderId).executeUpdate(openPayment, { args: [{ cause, gateway }] })),
    cancel: (orderId, askId) =>
      call(() => handleOf(orderId).executeUpdate(cancel, { updateId: `cancel:${askId}` })),
    async wake(orderId) {
      await client.withDeadline(Date.now() + deadlineMs, () =>
        client.workflow.signalWithStart(CHECKOUT_WORKFLOW, resumptionOf(orderId, terms, [])),
      );
    },
  };
}

const FIRST_PAUSE_MS = 50;

/** Sends a message again for as long as workers lose it, until the deadline (ms since the epoch). */
async function untilHeard<T>(send: () => Promise<T>, deadline: number): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    try {
      return await send();
    } catch (error) {
      const leftMs = deadline - Date.now();
      if (!wasLost(error) || leftMs <= 0) throw error;
      await delay(Math.min(pauseMs, leftMs));
    }
  }
}

/** A duplicate of a running workflow joins it; one of a workflow that is over is refused, and Postgres answers. */
function startOf(input: CheckoutInput & { request: OrderRequest }) {
  return new WithStartWorkflowOperation<(input: CheckoutInput) => Promise<CheckoutResult>>(
    CHECKOUT_WORKFLOW,
    {
      workflowId: checkoutWorkflowId(input.orderId),
      taskQueue: CHECKOUT_QUEUE,
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      // A killed worker costs a waiting buyer at most this and the sticky queue's time-out.
      workflowTaskTimeout: '5 seconds',
      staticSummary: summaryOf(input.request),
    },
  );
}

/** What operators read above the workflow: what it is about before anything has happened. */
function summaryOf({ expectedTotal, gateway }: OrderRequest): string {
  return `An order of ${expectedTotal.toLocaleString('en-US')} rial, to be paid with ${gateway}`;
}
