import type { DataSource } from 'typeorm';

import { beginSmsAttempt, type SmsRoute } from '../../../entities/sms/begin-attempt';
import { claimSend } from '../../../entities/sms/claim-send';
import type { MessageState } from '../../../entities/sms/message-state';
import { recordSendOutcome, type RecordSendOutcome } from '../../../entities/sms/record-outcome';
import { requestMessage, type RequestMessage } from '../../../entities/sms/request-message';
import type { SmsKind } from '../../../entities/sms/sms-status';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';

/** The providers of a shop that has two. */
export const TWO_ROUTES: readonly SmsRoute[] = ['first', 'second'].map((provider) => ({
  provider,
  operations: { code: 'text', notice: 'text' },
}));

/** A message as the API requests it, queued. */
export async function buildMessage(
  database: DataSource,
  { kind = 'code', ...overrides }: Partial<RequestMessage> & { readonly kind?: SmsKind } = {},
): Promise<MessageState> {
  const { message } = await withTransaction(database, (transaction) =>
    requestMessage(transaction, {
      messageId: newId(),
      template: kind === 'code' ? 'sign_in_code' : 'order_paid',
      language: 'fa',
      recipient: '+989121234567',
      variables: kind === 'code' ? { code: '123456' } : { number: '100042' },
      requestedBy: 'a test',
      requestDigest: 'digest',
      codeLifetimeMs: 300_000,
      ...overrides,
    }),
  );
  return message;
}

/** A send of a message, from the choice of its provider to the recorded answer. Null when no provider may be asked. */
export async function buildSend(
  database: DataSource,
  messageId: string,
  outcome: RecordSendOutcome['outcome'] | 'pending' = {
    kind: 'accepted',
    providerMessageId: newId(),
  },
  { routes = TWO_ROUTES, tried = [] }: { routes?: readonly SmsRoute[]; tried?: readonly string[] } = {},
): Promise<{ readonly attemptId: string; readonly provider: string; readonly message: MessageState } | null> {
  return withTransaction(database, async (transaction) => {
    const [{ count }] = (await transaction.query(
      'SELECT count(*)::integer AS count FROM sms_attempts WHERE message_id = $1',
      [messageId],
    )) as [{ count: number }];
    const begun = await beginSmsAttempt(transaction, { messageId, ordinal: count + 1, tried }, routes);
    const { attemptId } = begun;
    if (attemptId === null) return null;
    const { provider } = begun.message.attempts.at(-1)!;
    await claimSend(transaction, attemptId);
    if (outcome === 'pending') return { attemptId, provider, message: begun.message };
    return { attemptId, provider, message: await recordSendOutcome(transaction, { attemptId, outcome }) };
  });
}
