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
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of checkout's workflows. Every call ends within its deadline. */
export interface CheckoutCalls {
  /**
   * Starts the order's workflow, or joins it, and waits for the order with its first payment page.
   *
   * @param askedBy names this call, so that its caller knows whether the answer belongs to it or to an earlier call
   */
  place(orderId: string, request: OrderRequest, askedBy: string): Promise<CallResult<CheckoutAnswer>>;
  /** Tells the workflow of a callback. The id of its row is the update id. */
  paymentCallback(
    orderId: string,
    attemptId: string,
    callbackId: string,
  ): Promise<CallResult<CheckoutAnswer>>;
  /**
   * The rows make one attempt per cause. Each call has a new update id: with the same one a workflow would answer a repeated
   * call with an earlier refusal.
   */
  openPayment(orderId: string, cause: string, gateway: string): Promise<CallResult<CheckoutAnswer>>;
  /** @param askId new for each call, for the same reason. A cancellation is safe to repeat. */
  cancel(orderId: string, askId: string): Promise<CallResult<CheckoutAnswer>>;
  /** Starts a lost workflow again, from the rows. Harmless for one that runs. */
  wake(orderId: string): Promise<void>;
}

/** A checkout's durations and limits, from the configuration. */
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

/** @param deadlineMs how long a caller waits */
export function createCheckoutCalls(
  client: Client,
  terms: ReturnType<typeof checkoutTerms>,
  deadlineMs: number,
): CheckoutCalls {
  const call = (send: () => Promise<CheckoutAnswer>) => callWorkflow(client, deadlineMs, send);
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

/** A duplicate joins a running workflow. After the workflow's end it is refused, and Postgres answers. */
function startOf(input: CheckoutInput & { request: OrderRequest }) {
  return new WithStartWorkflowOperation<(input: CheckoutInput) => Promise<CheckoutResult>>(
    CHECKOUT_WORKFLOW,
    {
      workflowId: checkoutWorkflowId(input.orderId),
      taskQueue: CHECKOUT_QUEUE,
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      // A killed worker costs a waiting buyer at most this plus the sticky queue's time-out.
      workflowTaskTimeout: '5 seconds',
      staticSummary: summaryOf(input.request),
    },
  );
}

/** The workflow's summary in the Temporal UI. */
function summaryOf({ expectedTotal, gateway }: OrderRequest): string {
  return `An order of ${expectedTotal.toLocaleString('en-US')} rial, to be paid with ${gateway}`;
}
