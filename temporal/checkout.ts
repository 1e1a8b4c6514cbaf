import { WithStartWorkflowOperation, WorkflowNotFoundError, type Client } from '@temporalio/client';
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
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of checkout's workflows. Every call ends within its deadline. */
export interface CheckoutCalls {
  /** Starts the order's workflow, or joins it, and waits for the order with its first payment page. */
  place(orderId: string, request: OrderRequest): Promise<CallResult<CheckoutAnswer>>;
  /**
   * {@link place} where an earlier workflow is over and has left no order, or one without a payment page. With an order, its
   * step key lets the new workflow go on with that one.
   */
  placeAgain(orderId: string, request: OrderRequest): Promise<CallResult<CheckoutAnswer>>;
  /** Whether a workflow of this id has ever had an order, as far as Temporal remembers. Waits for a second at most. */
  hasHadOrder(orderId: string): Promise<CallResult<boolean>>;
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
  /** {@link wake} for a workflow that does not run. One that runs does not hear of it. */
  wakeIfLost(orderId: string): Promise<void>;
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

/** How long a caller waits who only looks at what Temporal knows, because the rows have an answer already. */
const GLANCE_LIMIT_MS = 1_000;

/** @param deadlineMs how long a caller waits */
export function createCheckoutCalls(
  client: Client,
  terms: ReturnType<typeof checkoutTerms>,
  deadlineMs: number,
): CheckoutCalls {
  const call = <Answer>(send: () => Promise<Answer>) => callWorkflow(client, deadlineMs, send);
  const glanceLimitMs = Math.min(deadlineMs, GLANCE_LIMIT_MS);
  const handleOf = (orderId: string) => client.workflow.getHandle(checkoutWorkflowId(orderId));

  const placeOnce = (orderId: string, request: OrderRequest, reuse: WorkflowIdReusePolicy) =>
    call(() =>
      client.workflow.executeUpdateWithStart(place, {
        args: [{ askedBy: request.askedBy }],
        updateId: 'place',
        startWorkflowOperation: startOf({ orderId, request, ...terms }, reuse),
      }),
    );
  const wake = async (orderId: string): Promise<void> => {
    await client.withDeadline(Date.now() + deadlineMs, () =>
      client.workflow.signalWithStart(CHECKOUT_WORKFLOW, resumptionOf(orderId, terms, [])),
    );
  };

  return {
    place: (orderId, request) => placeOnce(orderId, request, WorkflowIdReusePolicy.REJECT_DUPLICATE),
    placeAgain: (orderId, request) => placeOnce(orderId, request, WorkflowIdReusePolicy.ALLOW_DUPLICATE),
    hasHadOrder: (orderId) =>
      callWorkflow(client, glanceLimitMs, async () => {
        const { typedSearchAttributes } = await handleOf(orderId).describe();
        return typedSearchAttributes.get(SEARCH_ATTRIBUTES.orderStatus) !== undefined;
      }),
    paymentCallback: (orderId, attemptId, callbackId) =>
      call(() =>
        handleOf(orderId).executeUpdate(paymentCallback, { args: [{ attemptId }], updateId: callbackId }),
      ),
    openPayment: (orderId, cause, gateway) =>
      call(() => handleOf(orderId).executeUpdate(openPayment, { args: [{ cause, gateway }] })),
    cancel: (orderId, askId) =>
      call(() => handleOf(orderId).executeUpdate(cancel, { updateId: `cancel:${askId}` })),
    wake,
    async wakeIfLost(orderId) {
      const isRunning = await client
        .withDeadline(Date.now() + glanceLimitMs, () => handleOf(orderId).describe())
        .then(({ status }) => status.name === 'RUNNING')
        .catch((error: unknown) => {
          if (error instanceof WorkflowNotFoundError) return false;
          throw error;
        });
      if (!isRunning) await wake(orderId);
    },
  };
}

/** A duplicate joins a running workflow. What happens after the workflow's end is the caller's choice. */
function startOf(input: CheckoutInput & { request: OrderRequest }, reuse: WorkflowIdReusePolicy) {
  return new WithStartWorkflowOperation<(input: CheckoutInput) => Promise<CheckoutResult>>(
    CHECKOUT_WORKFLOW,
    {
      workflowId: checkoutWorkflowId(input.orderId),
      taskQueue: CHECKOUT_QUEUE,
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: reuse,
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
