import { randomUUID } from 'node:crypto';

import type { Client } from '@temporalio/client';

import type { Shop } from './shop';
import { workflowOf } from './workflow';

/** What Temporal applies again after a reset: nothing, or every signal and update. Its UI offers the same choice. */
export type Reapply = 'nothing' | 'everything';

/** The protocol's numbers for it (temporal.api.enums.v1.ResetReapplyType). */
const REAPPLY_TYPES: Record<Reapply, number> = { nothing: 2, everything: 3 };

/** A point in a history to which a workflow can be reset, and what the run had done by then. */
export interface ResetPoint {
  readonly runId: string;
  readonly eventId: number;
  /** Regular steps that had ended. */
  readonly done: readonly string[];
  /** Regular steps that were under way. Temporal itself runs them again after a reset to this point. */
  readonly inFlight: readonly string[];
}

/** Every workflow task of the run; the first comes before everything else. */
export async function resetPoints(shop: Shop, orderId: string): Promise<ResetPoint[]> {
  const { handle } = workflowOf(shop, orderId);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const names = new Map<number, string>();
  const points: ResetPoint[] = [];
  const done: string[] = [];
  for (const event of events ?? []) {
    const eventId = Number(event.eventId);
    const scheduled = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (scheduled) names.set(eventId, scheduled);
    const ended = event.activityTaskCompletedEventAttributes?.scheduledEventId;
    if (ended) {
      done.push(names.get(Number(ended))!);
      names.delete(Number(ended));
    }
    if (event.workflowTaskCompletedEventAttributes) {
      points.push({ runId, eventId, done: [...done], inFlight: [...names.values()] });
    }
  }
  return points;
}

/**
 * Resets the workflow as an operator does: a new run begins with what the run had done by this point. A run that is open is
 * ended.
 */
export async function resetWorkflow(
  shop: Shop,
  orderId: string,
  { runId, eventId }: ResetPoint,
  reapply: Reapply,
): Promise<void> {
  const { workflowId } = workflowOf(shop, orderId).handle;
  await shop.temporal.workflowService.resetWorkflowExecution({
    namespace: shop.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: eventId as never,
    resetReapplyType: REAPPLY_TYPES[reapply],
  });
}

/**
 * Resets a run to each of its workflow tasks in turn, and does something after each.
 *
 * @returns the history that it was reset in
 */
export async function resetToEachTask(
  { temporal, namespace }: { readonly temporal: Client; readonly namespace: string },
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
  then: () => Promise<unknown>,
) {
  const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  for (const { eventId } of tasks) {
    await temporal.workflowService.resetWorkflowExecution({
      namespace,
      workflowExecution: { workflowId, runId },
      reason: 'a test',
      requestId: randomUUID(),
      workflowTaskFinishEventId: eventId,
    });
    await then();
  }
  return { events: events ?? [], tasks: tasks.length };
}
