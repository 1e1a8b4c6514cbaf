import type { MessageState, SmsAttemptState } from '../../entities/sms/message-state';
import { renderBlockers, type Blocker } from '../shared/attention';

/** What an operator reads about a message in the Temporal UI: nothing personal. */
export function renderDelivery(
  messageId: string,
  message: MessageState | undefined,
  blockers: readonly Blocker[],
): string {
  if (!message) return [`**Message** \`${messageId}\``, ...renderBlockers(blockers)].join('\n\n');
  const { kind, status, template, language, expiresAt, failureCode, attempts } = message;
  return [
    `**${status}** – ${kind} \`${template}\` in ${language}`,
    `Message \`${messageId}\``,
    ...(expiresAt === null ? [] : [`Of use until ${instant(expiresAt)}.`]),
    ...(failureCode === null || status === 'delivered' ? [] : [`Last reason \`${failureCode}\`.`]),
    ...renderBlockers(blockers),
    ...attempts.flatMap(renderAttempt),
  ].join('\n\n');
}

function renderAttempt(attempt: SmsAttemptState): string[] {
  const { ordinal, provider, operation, status, code, message, delivery, latencyMs } = attempt;
  const facts = [
    `by ${operation}${attempt.isProbe ? ', a probe' : ''}`,
    ...(latencyMs === null ? [] : [`answered in ${latencyMs} ms`]),
    ...(attempt.outcomeClass === null ? [] : [`class \`${attempt.outcomeClass}\`, code \`${code}\``]),
    ...(message === null ? [] : [message]),
    ...(attempt.cost === null ? [] : [`cost ${attempt.cost} ${attempt.costUnit}`]),
    ...(delivery === null ? [] : [`delivery \`${delivery}\`, code \`${attempt.deliveryCode}\``]),
    `attempt \`${attempt.id}\``,
  ];
  return [`**${ordinal}. ${status}** at ${provider}`, facts.map((fact) => `- ${fact}`).join('\n')];
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
