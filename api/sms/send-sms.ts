import { assertThat } from '../../entities/errors';
import type { MessageState } from '../../entities/sms/message-state';
import { requestMessage, smsMessageIdOf, smsRequestDigest } from '../../entities/sms/request-message';
import { audited, type Actor } from '../../entities/staff/audited';
import { phoneNumber } from '../../entities/values/phone-number';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import type { SendSmsInput } from './sms.input';

export interface SentSms {
  readonly message: MessageState;
  /** E.164. */
  readonly recipient: string;
  readonly isNew: boolean;
}

/**
 * Stores a message and starts its workflow. While Temporal is away the message waits as a row, and the sweep starts its workflow.
 *
 * @throws AppError `sms.recipient_invalid`, `sms.template_unknown`, `sms.variables_invalid`,
 * `request.idempotency_key_reused`
 */
export async function sendSms(
  { database, smsDelivery, smsConfig }: Pick<Dependencies, 'database' | 'smsDelivery' | 'smsConfig'>,
  {
    to,
    template,
    language,
    variables,
    idempotencyKey,
    log,
    actor,
  }: SendSmsInput & { idempotencyKey: string; log: Logger; actor: Actor },
): Promise<SentSms> {
  const recipient = phoneNumber(to, { isStrict: smsConfig.smsStrictNumbers });
  assertThat(recipient, 'sms.recipient_invalid');
  const messageId = smsMessageIdOf(actor.accountId, idempotencyKey);
  const { message, isNew } = await withTransaction(database, async (transaction) => {
    const requested = await requestMessage(transaction, {
      messageId,
      template,
      language,
      recipient,
      variables,
      requestedBy: actor.accountId,
      requestDigest: smsRequestDigest({ recipient, template, language, variables }),
      codeLifetimeMs: smsConfig.smsCodeLifetimeMs,
    });
    await audited(transaction, actor, {
      action: 'sms.send',
      object: { type: 'sms_message', id: messageId },
      details: { template, language },
    });
    return requested;
  });
  if (message.status === 'queued') {
    const started = await smsDelivery.start(message.id);
    if (started.kind !== 'answered') {
      log.warn(
        { messageId: message.id, err: started.kind === 'unavailable' ? started.cause : undefined },
        'the workflow of a message could not be started: the sweep will do it',
      );
    }
  }
  return { message, recipient, isNew };
}
