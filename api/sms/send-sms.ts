import { createHash } from 'node:crypto';

import { assertThat } from '../../entities/errors';
import type { MessageState } from '../../entities/sms/message-state';
import { requestMessage, smsMessageIdOf } from '../../entities/sms/request-message';
import { phoneNumber } from '../../entities/values/phone-number';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import type { SendSmsInput } from './sms.input';

/** Until staff sign in, they are one. */
const STAFF = 'staff';

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
  }: SendSmsInput & { idempotencyKey: string; log: Logger },
): Promise<SentSms> {
  const recipient = phoneNumber(to, { isStrict: smsConfig.smsStrictNumbers });
  assertThat(recipient, 'sms.recipient_invalid');
  const sorted = Object.entries(variables).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const asked = JSON.stringify([recipient, template, language, sorted]);
  const { message, isNew } = await withTransaction(database, (transaction) =>
    requestMessage(transaction, {
      messageId: smsMessageIdOf(STAFF, idempotencyKey),
      template,
      language,
      recipient,
      variables,
      requestedBy: STAFF,
      requestDigest: createHash('sha256').update(asked).digest('hex'),
      codeLifetimeMs: smsConfig.smsCodeLifetimeMs,
    }),
  );
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
