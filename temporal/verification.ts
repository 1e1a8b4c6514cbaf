import { randomUUID } from 'node:crypto';

import { WithStartWorkflowOperation, type Client } from '@temporalio/client';

import type { VerificationLimits } from '../entities/auth/verification-limits';
import type { CodesConfig } from '../platform/config/codes';
import type { SmsDeliveryTiming } from '../workflows/sms/sms-delivery.contract';
import {
  resend,
  send,
  used,
  VERIFICATION_QUEUE,
  VERIFICATION_WORKFLOW,
  verificationWorkflowId,
  type SentCode,
  type VerificationInput,
  type VerificationResult,
} from '../workflows/verification/verification.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** A code that is over has no workflow any more. */
export type CodeCallResult = Exclude<CallResult<SentCode>, { readonly kind: 'read_again' }>;

/** What the API may ask of the workflows of codes. The row comes first: `requestVerification`. */
export interface VerificationCalls {
  /**
   * Sends the first message of a code, however often it is called; a repeated call gets the first answer. Refused with
   * `auth.code_over`. While Temporal is away nothing is sent: the same call may be repeated.
   */
  send(verificationId: string): Promise<CodeCallResult>;
  /**
   * Sends the same code again, once per `askId`; a refused one may be repeated. Refused with `auth.code_over`,
   * `auth.code_too_soon`, `auth.codes_too_many`, `request.too_many` or `auth.codes_exhausted`.
   *
   * @param askId at most 100 characters
   */
  resend(verificationId: string, askId: string): Promise<CodeCallResult>;
  /** Tells the workflow that the code was used. Nothing depends on it: the workflow reads the row when the code expires. */
  used(verificationId: string): Promise<CallResult<void>>;
}

/** How often codes may be asked for and guessed, from the configuration. */
export function verificationLimits(config: CodesConfig): VerificationLimits {
  return {
    lifetimeSeconds: config.codeLifetimeSeconds,
    perNumber: { hour: config.codesPerNumberPerHour, day: config.codesPerNumberPerDay },
    waitSeconds: config.codeWaitSeconds.map(Number),
    perAddress: { hour: config.codesPerAddressPerHour },
    inAll: { minute: config.codesPerMinute, hour: config.codesPerHour, day: config.codesPerDay },
    keptOneIn: config.codesKeptOneIn,
    wrongPerHour: config.wrongCodesPerHour,
  };
}

/** Somebody waits for signing in, and does not need the workflow to know. */
const USED_DEADLINE_MS = 1_000;

/** @param deadlineMs how long a caller waits */
export function createVerificationCalls(
  client: Client,
  sms: SmsDeliveryTiming,
  deadlineMs: number,
): VerificationCalls {
  const handleOf = (verificationId: string) =>
    client.workflow.getHandle(verificationWorkflowId(verificationId));
  const call = async (ask: () => Promise<SentCode>): Promise<CodeCallResult> => {
    const result = await callWorkflow(client, deadlineMs, ask);
    return result.kind === 'read_again' ? { kind: 'refused', code: 'auth.code_over', details: {} } : result;
  };

  return {
    send: (verificationId) =>
      call(() =>
        client.workflow.executeUpdateWithStart(send, {
          updateId: 'send',
          startWorkflowOperation: startOf({ verificationId, sms }),
        }),
      ),
    resend(verificationId, askId) {
      // New for each call: with the same one a workflow would answer a repeated call with an earlier refusal.
      const updateId = `resend:${randomUUID()}`;
      return call(() => handleOf(verificationId).executeUpdate(resend, { args: [{ askId }], updateId }));
    },
    used: (verificationId) =>
      callWorkflow(client, Math.min(deadlineMs, USED_DEADLINE_MS), () =>
        handleOf(verificationId).signal(used),
      ),
  };
}

/** A duplicate joins a running workflow. One that starts after the end finds that the code is over. */
function startOf(input: VerificationInput) {
  return new WithStartWorkflowOperation<(input: VerificationInput) => Promise<VerificationResult>>(
    VERIFICATION_WORKFLOW,
    {
      workflowId: verificationWorkflowId(input.verificationId),
      taskQueue: VERIFICATION_QUEUE,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      // A killed worker costs somebody who waits at most this plus the sticky queue's time-out.
      workflowTaskTimeout: '5 seconds',
      staticSummary: 'A one-time code',
    },
  );
}
