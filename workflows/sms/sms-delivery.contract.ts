import { defineSignal, defineUpdate } from '@temporalio/workflow';

import type { MessageState } from '../../entities/sms/message-state';

/** The queue of SMS: workflows, database steps and calls of providers. */
export const SMS_QUEUE = 'sms';
export const SMS_DELIVERY_WORKFLOW = 'smsDelivery';

/** The id of a message's workflow. */
export const smsDeliveryWorkflowId = (messageId: string): string => `sms:${messageId}`;

/** Every duration of the workflow, in milliseconds. */
export interface SmsDeliveryTiming {
  /** The pause after all providers were tried in vain. Each further pause is twice as long. */
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  /** When a notice whose send got no answer is looked for, after that send; after the last time a person decides. */
  readonly findAfterMs: readonly number[];
}

/** Nothing personal: the message's row has the number and the text. */
export interface SmsDeliveryInput {
  readonly messageId: string;
  readonly timing: SmsDeliveryTiming;
}

/** How the message ended: its status, or `lost` when Postgres does not know it. */
export type SmsDeliveryResult = MessageState['status'] | 'lost';

/** The message after the workflow has served an update. */
export interface SmsDeliveryAnswer {
  readonly message: MessageState;
}

/** What a person may decide about a notice that may or may not have gone out. */
export const SMS_DECISIONS = ['resend', 'leave'] as const;
export type SmsDecision = (typeof SMS_DECISIONS)[number];

/** An operator has corrected something. Everything that pauses is tried at once. */
export const retry = defineUpdate<SmsDeliveryAnswer, []>('retry');

/** An operator wants no more sends. */
export const giveUp = defineUpdate<SmsDeliveryAnswer, [{ note: string }]>('giveUp');

/** Carries out an operator's decision about an ambiguous notice. The note is the reason. */
export const decide = defineUpdate<SmsDeliveryAnswer, [{ decision: SmsDecision; note: string }]>('decide');

/** A provider's report was stored, or the sweep found the message unfinished. The workflow reads the rows again. */
export const wake = defineSignal('wake');

/** The arguments with which a client starts the workflow of a message. A running one stays as it is. */
export function deliveryOf(messageId: string, timing: SmsDeliveryTiming) {
  return {
    workflowId: smsDeliveryWorkflowId(messageId),
    taskQueue: SMS_QUEUE,
    args: [{ messageId, timing }] as [SmsDeliveryInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowTaskTimeout: '5 seconds',
    staticSummary: 'A message by SMS',
  } as const;
}
