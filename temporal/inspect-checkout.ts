import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

import { checkoutWorkflowId } from '../workflows/checkout/checkout.contract';
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.contract';

/** Something that an order's workflow heard or did, by its history. Instants are milliseconds since the epoch. */
export interface WorkflowMoment {
  readonly at: number;
  /** `heard` an update or a signal, `called` a provider, or `ended`. */
  readonly kind: 'heard' | 'called' | 'ended';
  /** The name of the message or the call, or how the workflow ended. */
  readonly name: string;
  /** What the call is for, in words. */
  readonly summary?: string;
  /** How long a call took. Absent while it has no answer. */
  readonly tookMs?: number;
}

/** Where an order's workflow stands, for people who watch it. */
export interface CheckoutStanding {
  readonly workflowId: string;
  /** In Temporal's words: RUNNING, COMPLETED, TERMINATED and so on. */
  readonly status: string;
  /** What a completed workflow returned. */
  readonly result: string | undefined;
  readonly orderStatus: string | undefined;
  readonly needsAttention: boolean;
  readonly moments: readonly WorkflowMoment[];
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

const READ_LIMIT_MS = 10_000;

/** Reads the current run of an order's workflow. Throws `WorkflowNotFoundError` when Temporal knows none. */
export async function inspectCheckout(client: Client, orderId: string): Promise<CheckoutStanding> {
  const workflowId = checkoutWorkflowId(orderId);
  const handle = client.workflow.getHandle(workflowId);
  return client.withDeadline(Date.now() + READ_LIMIT_MS, async () => {
    const { status, typedSearchAttributes } = await handle.describe();
    const moments = momentsOf((await handle.fetchHistory()).events ?? []);
    const last = moments.at(-1);
    return {
      workflowId,
      status: status.name,
      result: last?.kind === 'ended' ? last.name : undefined,
      orderStatus: typedSearchAttributes.get(SEARCH_ATTRIBUTES.orderStatus),
      needsAttention: typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention) ?? false,
      moments,
    };
  });
}

/** Leaves database steps out, because the journal has them and their markers carry no exact time. */
function momentsOf(events: readonly HistoryEvent[]): WorkflowMoment[] {
  const answeredAt = new Map<number, number>();
  for (const event of events) {
    const answer =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes;
    if (answer) answeredAt.set(Number(answer.scheduledEventId), instantOf(event));
  }
  let taskBegan = 0;
  return events.flatMap((event): WorkflowMoment[] => {
    const at = instantOf(event);
    if (event.workflowTaskStartedEventAttributes) taskBegan = at;
    const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name;
    // The workflow hears an update when its task begins. The history records it when the task ends.
    if (update) return [{ at: taskBegan, kind: 'heard', name: update }];
    const signal = event.workflowExecutionSignaledEventAttributes?.signalName;
    if (signal) return [{ at, kind: 'heard', name: signal }];
    const call = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (call) return [callOf(event, call, answeredAt.get(Number(event.eventId)))];
    const ended = event.workflowExecutionCompletedEventAttributes;
    return ended ? [{ at, kind: 'ended', name: textOf(ended.result?.payloads?.[0]) ?? '' }] : [];
  });
}

function callOf(event: HistoryEvent, name: string, answered: number | undefined): WorkflowMoment {
  const at = instantOf(event);
  const summary = textOf(event.userMetadata?.summary);
  return {
    at,
    kind: 'called',
    name,
    ...(summary === undefined ? {} : { summary }),
    ...(answered === undefined ? {} : { tookMs: answered - at }),
  };
}

function textOf(payload: Parameters<typeof defaultPayloadConverter.fromPayload>[0] | null | undefined) {
  return payload ? defaultPayloadConverter.fromPayload<string>(payload) : undefined;
}

function instantOf({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6;
}
