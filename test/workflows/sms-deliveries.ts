import { requireMessageState, type MessageState } from '../../entities/sms/message-state';
import { recordProviderReport } from '../../entities/sms/record-report';
import { smsAttemptIdOf, type RequestMessage } from '../../entities/sms/request-message';
import type { SmsKind } from '../../entities/sms/sms-status';
import { newId } from '../../entities/values/uuid';
import { createSmsDeliveryCalls } from '../../temporal/sms';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { smsDeliveryWorkflowId, type SmsDeliveryTiming } from '../../workflows/sms/sms-delivery.contract';
import type { smsDelivery } from '../../workflows/sms/sms-delivery.workflow';
import { eventually } from '../support/eventually';
import { buildMessage } from '../support/factories/sms';
import { SMS_TIMING, type WorkflowShop } from './workflow-shop';

const DEADLINE_MS = 60_000;

/** A message whose workflow runs. */
export async function buildDelivery(
  shop: WorkflowShop,
  {
    timing,
    ...request
  }: Partial<RequestMessage> & { kind?: SmsKind; timing?: Partial<SmsDeliveryTiming> } = {},
) {
  const { id } = await buildMessage(shop.database, request);
  const delivery = deliveryOf(shop, id, timing);
  await delivery.calls.start(id);
  return delivery;
}

/** The workflow and the rows of a message. */
export function deliveryOf(shop: WorkflowShop, id: string, timing: Partial<SmsDeliveryTiming> = {}) {
  const handle = shop.temporal.workflow.getHandle<typeof smsDelivery>(smsDeliveryWorkflowId(id));
  const read = (): Promise<MessageState> => requireMessageState(shop.database.manager, id);
  return {
    id,
    /** The calls of an API with these durations. */
    calls: createSmsDeliveryCalls(shop.temporal, { ...SMS_TIMING, ...timing }, DEADLINE_MS),
    handle,
    read,
    until: (status: MessageState['status']) => eventually(read, (message) => message.status === status),
    async needsAttention(): Promise<boolean> {
      const { typedSearchAttributes } = await handle.describe();
      return typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention) ?? false;
    },
    async details(): Promise<string> {
      const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      return metadata.currentDetails ?? '';
    },
    /** Waits until a person is needed. */
    async untilAttention(): Promise<void> {
      await eventually(
        async () => (await handle.describe()).typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention),
        (needed) => needed === true,
      );
    },
    /** A report of a provider about an attempt, as the API stores it. */
    report: (
      state: string,
      { ordinal = 1, signature = 'genuine', name }: { ordinal?: number; signature?: string; name: string },
    ) =>
      recordProviderReport(shop.database.manager, {
        reportId: newId(),
        messageId: id,
        attemptId: smsAttemptIdOf(id, ordinal),
        url: 'https://shop.example/reports',
        fields: [
          ['id', name],
          ['state', state],
        ],
        signature,
        atMost: 20,
      }),
  };
}
