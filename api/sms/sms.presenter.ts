import type { MessageState, SmsAttemptState } from '../../entities/sms/message-state';
import { maskedPhone } from '../../entities/values/phone-number';
import type { SmsAttemptView, SmsMessageView } from './sms.view';

/** @param recipient E.164 */
export function presentMessage(message: MessageState, recipient: string): SmsMessageView {
  return {
    id: message.id,
    kind: message.kind,
    template: message.template,
    language: message.language,
    to: maskedPhone(recipient),
    status: message.status,
    reason: message.failureCode,
    createdAt: new Date(message.createdAt).toISOString(),
    expiresAt: instant(message.expiresAt),
    finishedAt: instant(message.finishedAt),
    attempts: message.attempts.map(presentAttempt),
  };
}

function presentAttempt(attempt: SmsAttemptState): SmsAttemptView {
  const { cost, costUnit } = attempt;
  return {
    id: attempt.id,
    provider: attempt.provider,
    operation: attempt.operation,
    status: attempt.status,
    refusal: attempt.outcomeClass,
    code: attempt.code,
    explanation: attempt.message,
    cost: cost === null || costUnit === null ? null : { amount: cost, unit: costUnit },
    latencyMs: attempt.latencyMs,
    isProbe: attempt.isProbe,
    delivery: attempt.delivery,
    startedAt: new Date(attempt.startedAt).toISOString(),
    deliveredAt: instant(attempt.deliveredAt),
  };
}

function instant(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
