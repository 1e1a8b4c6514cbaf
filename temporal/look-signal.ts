import type { Client } from '@temporalio/client';
import type { SignalDefinition, WorkflowIdReusePolicy } from '@temporalio/common';

import { callWorkflow } from './call-workflow';
import type { Queue } from './queues';

/**
 * A workflow that is told to look at its rows, and is started if it does not run. The signal says nothing else: the rows say
 * everything. Contracts make these arguments.
 */
export interface LookTarget {
  /** The workflow's type. */
  readonly workflow: string;
  readonly workflowId: string;
  readonly taskQueue: Queue;
  /** Of a workflow that is started. */
  readonly args: readonly unknown[];
  readonly signal: SignalDefinition<[]>;
  readonly workflowIdConflictPolicy: 'USE_EXISTING';
  /** `REJECT_DUPLICATE`: a workflow that is over is not started again. */
  readonly workflowIdReusePolicy: Extract<WorkflowIdReusePolicy, 'ALLOW_DUPLICATE' | 'REJECT_DUPLICATE'>;
  readonly staticSummary: string;
}

/** What came of a signal. */
export type LookResult =
  /** Temporal has stored the signal, or the workflow is over and must not be started again. */
  | { readonly kind: 'acknowledged' }
  /** Temporal refuses it for ever, or it cannot even be sent: a mistake of ours. */
  | { readonly kind: 'impossible'; readonly cause: Error }
  /** Nobody answered in time. The same signal may be repeated. */
  | { readonly kind: 'unavailable'; readonly cause: unknown };

/** Tells a workflow to look. */
export type SignalLook = (target: LookTarget) => Promise<LookResult>;

/** @param deadlineMs how long a signal may take */
export function createLookSignal(client: Client, deadlineMs: number): SignalLook {
  return async ({ workflow, args, signal, ...start }) => {
    try {
      const result = await callWorkflow(client, deadlineMs, async () => {
        await client.workflow.signalWithStart(workflow, { ...start, args: [...args], signal: signal.name });
      });
      return result.kind === 'unavailable' ? result : { kind: 'acknowledged' };
    } catch (error) {
      return { kind: 'impossible', cause: error as Error };
    }
  };
}
