import { boolean } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { lockMessage, moveMessage } from './lock-message';
import { requireMessageState, type MessageState } from './message-state';
import { OVER, type SmsStatus } from './sms-status';

export interface CloseMessage {
  readonly messageId: string;
  /** `ended`: its time is over. `given_up`: a person wants no more sends. `late`: no provider took a notice in time. */
  readonly as: 'ended' | 'given_up' | 'late';
}

const READ = statement<{ isUndelivered: boolean; mayHaveGone: boolean }>(
  `SELECT coalesce(bool_or(delivery = 'undelivered'), false) AS "isUndelivered",
     coalesce(bool_or(status IN ('accepted', 'abandoned') AND coalesce(delivery, '') <> 'failed'
       OR status IN ('sending', 'unknown') AND called_at IS NOT NULL), false) AS "mayHaveGone"
   FROM sms_attempts WHERE message_id = $1`,
  { isUndelivered: boolean, mayHaveGone: boolean },
);

/** From now on nobody gets the right to call for a send that has begun. */
const STOP = statement(
  "UPDATE sms_attempts SET status = 'unknown', answered_at = now() WHERE message_id = $1 AND status = 'sending'",
);

/** Ends a message by what is known of its sends. One that is over stays as it is. */
export async function closeMessage(
  transaction: Transaction,
  { messageId, as }: CloseMessage,
): Promise<MessageState> {
  const message = await lockMessage(transaction, messageId);
  if (!OVER.includes(message.status)) {
    await rows(transaction, STOP, [messageId]);
    const sends = (await row(transaction, READ, [messageId]))!;
    const isOpenEnded = message.status === 'ambiguous' || sends.mayHaveGone;
    const nothingWent: SmsStatus = as !== 'ended' && message.status !== 'accepted' ? 'cancelled' : 'failed';
    const end = sends.isUndelivered && message.status !== 'ambiguous' ? 'undelivered' : 'unconfirmed';
    await moveMessage(transaction, message, isOpenEnded ? end : nothingWent, as);
  }
  return requireMessageState(transaction, messageId);
}
