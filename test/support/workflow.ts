import { randomUUID } from 'node:crypto';

import type { WorkflowExecutionStatusName } from '@temporalio/client';

import {
  checkoutWorkflowId,
  decide,
  retry,
  type CheckoutAnswer,
  type Decision,
} from '../../workflows/checkout/checkout.contract';
import { PAYMENT_QUEUE, PAYMENT_SWEEP_WORKFLOW } from '../../workflows/payments/payment-sweep.contract';
import type { SweepResult } from '../../workflows/payments/payment-sweep.contract';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { eventually } from './eventually';
import type { Shop } from './shop';

type Temporal = Pick<Shop, 'temporal' | 'namespace'>;

/** What the Temporal UI shows of a workflow. */
export interface WorkflowView {
  readonly status: WorkflowExecutionStatusName;
  readonly orderStatus: string | undefined;
  readonly needsAttention: boolean;
}

/** The workflow of an order, as an operator sees it. */
export function workflowOf({ temporal, namespace }: Temporal, orderId: string) {
  const workflowId = checkoutWorkflowId(orderId);
  const handle = temporal.workflow.getHandle(workflowId);

  async function read(): Promise<WorkflowView> {
    const { status, typedSearchAttributes } = await handle.describe();
    return {
      status: status.name,
      orderStatus: typedSearchAttributes.get(SEARCH_ATTRIBUTES.orderStatus),
      needsAttention: typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention) ?? false,
    };
  }

  /** The Markdown that an operator reads. On a slow machine tasks time out, and Temporal answers no query meanwhile. */
  async function details(): Promise<string> {
    const metadata = await eventually(
      () =>
        handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata').catch((error: unknown) => {
          if (/Workflow Task in failed state/.test(String((error as Error).cause))) return undefined;
          throw error;
        }),
      (found) => found !== undefined,
    );
    return metadata?.currentDetails ?? '';
  }

  return {
    handle,
    read,
    /** Waits until the workflow shows this status. The rows are a workflow task ahead of it. */
    untilShown: (orderStatus: string) => eventually(read, (view) => view.orderStatus === orderStatus),
    /** Waits until a person is needed, or is no longer needed. */
    untilAttention: (needed: boolean) => eventually(read, ({ needsAttention }) => needsAttention === needed),
    untilEnded: () =>
      eventually(
        async () => {
          const view = await read();
          return view.status === 'RUNNING' ? { ...view, details: await details() } : view;
        },
        ({ status }) => status !== 'RUNNING',
      ),
    details,
    /** The names of the updates that the present run has accepted. */
    async updates(): Promise<string[]> {
      const { events } = await handle.fetchHistory();
      return (events ?? []).flatMap(
        ({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) =>
          accepted?.acceptedRequest?.input?.name ?? [],
      );
    },
    retry: (): Promise<CheckoutAnswer> => handle.executeUpdate(retry),
    decide: (attemptId: string, decision: Decision): Promise<CheckoutAnswer> =>
      handle.executeUpdate(decide, { args: [{ attemptId, decision, note: 'a test' }] }),
    /** Ends the run and deletes it from Temporal, as its retention does later. Somebody who waits may start another at once. */
    async forget(): Promise<void> {
      const { runId } = await handle.describe();
      await temporal.workflowService.deleteWorkflowExecution({
        namespace,
        workflowExecution: { workflowId, runId },
      });
      await eventually(
        () =>
          handle.describe().then(
            (found) => found.runId !== runId,
            () => true,
          ),
        (isGone) => isGone,
      );
    },
  };
}

/** Runs the sweep once, as its schedule does. While the schedule's own run is under way, it waits for its turn. */
export function sweep({ temporal }: Temporal): Promise<SweepResult> {
  const run = () =>
    temporal.workflow.execute<() => Promise<SweepResult | 'skipped'>>(PAYMENT_SWEEP_WORKFLOW, {
      workflowId: `sweep-${randomUUID()}`,
      taskQueue: PAYMENT_QUEUE,
    });
  return eventually(run, (result) => result !== 'skipped') as Promise<SweepResult>;
}
