import { defineSignal, defineUpdate } from '@temporalio/workflow';

import type { SmsDeliveryTiming } from '../sms/sms-delivery.contract';

/** The queue of one-time codes. */
export const VERIFICATION_QUEUE = 'verification';
export const VERIFICATION_WORKFLOW = 'verification';

/** The id of a code's workflow. */
export const verificationWorkflowId = (verificationId: string): string => `verification:${verificationId}`;

/** Nothing personal: the row has the number, and nothing has the code. */
export interface VerificationInput {
  readonly verificationId: string;
  /** For the workflows of its messages. */
  readonly sms: SmsDeliveryTiming;
}

/** How the code ended; `lost` when Postgres does not know it. */
export type VerificationResult = 'used' | 'over' | 'lost';

/** A code that was sent. Instants are milliseconds since the epoch. */
export interface SentCode {
  readonly sentAt: number;
  /** How many messages carry the code so far. */
  readonly sends: number;
  /** When it may be sent again, counted from the answer; null when it may not any more. */
  readonly resendAfterSeconds: number | null;
  readonly expiresAt: number;
}

/** Sends the code for the first time, however often it is asked for. */
export const send = defineUpdate<SentCode, []>('send');

/** Sends the same code again, once for each `askId`. */
export const resend = defineUpdate<SentCode, [{ askId: string }]>('resend');

/** The code was used. The workflow reads the row and ends. */
export const used = defineSignal('used');
