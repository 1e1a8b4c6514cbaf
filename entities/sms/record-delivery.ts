import { boolean, integer, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { lockMessageOf, moveMessage, type LockedMessage } from './lock-message';
import { requireMessageState, type MessageState } from './message-state';
import { SMS_TRANSITIONS, type SmsDelivery } from './sms-status';

/** What a provider says about an accepted send. */
export interface DeliveryResult {
  readonly state: SmsDelivery;
  readonly code: string;
  /** `stop` when it failed because of the recipient. */
  readonly class?: 'stop';
  readonly cost?: { readonly amount: string; readonly unit: string };
}

export interface RecordDeliveryReport {
  readonly attemptId: string;
  readonly report: DeliveryResult;
}

const RANK = (column: string) =>
  `CASE ${column} WHEN 'pending' THEN 1 WHEN 'undelivered' THEN 2 WHEN 'delivered' THEN 3 WHEN 'failed' THEN 3 ELSE 0 END`;

/** Late, doubled and reordered reports change nothing: a delivery only moves forward. */
const RECORD = statement<{ moved: boolean; delivery: SmsDelivery }>(
  `WITH before AS (
     SELECT id, ${RANK('delivery')} < ${RANK('$2::text')} AS moved FROM sms_attempts
     WHERE id = $1 AND status = 'accepted' FOR UPDATE
   )
   UPDATE sms_attempts a SET reported_at = now(),
     delivery = CASE WHEN before.moved THEN $2::text ELSE a.delivery END,
     delivery_code = CASE WHEN before.moved THEN left($3, 40) ELSE a.delivery_code END,
     delivered_at = CASE WHEN before.moved AND $2::text = 'delivered' THEN now() ELSE a.delivered_at END,
     cost = coalesce(a.cost, $4::numeric), cost_unit = CASE WHEN a.cost IS NULL THEN left($5, 20) ELSE a.cost_unit END
   FROM before WHERE a.id = before.id
   RETURNING before.moved, a.delivery`,
  { moved: boolean, delivery: text },
);

/** Sends whose delivery failed, beyond which nobody pays for another one. A recipient may be out of reach for all providers. */
const MOST_FAILED_DELIVERIES = 3;

const FAILED = statement<{ failed: number }>(
  "SELECT count(*) AS failed FROM sms_attempts WHERE message_id = $1 AND delivery = 'failed'",
  { failed: integer },
);

const OTHER_SEND = statement<{ id: string }>(
  `SELECT a.id FROM sms_attempts a JOIN sms_attempts s ON s.id = $1 AND s.message_id = a.message_id
   WHERE a.id <> s.id AND a.status = 'accepted' AND coalesce(a.delivery, '') <> 'failed' LIMIT 1`,
  { id: uuid },
);

/**
 * Records where a send stands. A message whose send failed without the recipient's fault is queued for another provider, unless
 * another send of it may still arrive, its code is worth nothing any more, or it has failed often enough.
 */
export async function recordDeliveryReport(
  transaction: Transaction,
  { attemptId, report }: RecordDeliveryReport,
): Promise<MessageState> {
  const message = await lockMessageOf(transaction, attemptId);
  const known = await row(transaction, RECORD, [
    attemptId,
    report.state,
    report.code,
    report.cost?.amount ?? null,
    report.cost?.unit ?? null,
  ]);
  if (known?.moved) await moveAfterReport(transaction, message, attemptId, report);
  return requireMessageState(transaction, message.id);
}

async function moveAfterReport(
  transaction: Transaction,
  message: LockedMessage,
  attemptId: string,
  { state, code, class: refusal }: DeliveryResult,
): Promise<void> {
  const failureCode = code.slice(0, 80);
  const isLate = message.status === 'undelivered' || message.status === 'unconfirmed';
  if (state === 'delivered') {
    if (SMS_TRANSITIONS[message.status].includes('delivered'))
      await moveMessage(transaction, message, 'delivered');
    return;
  }
  if (state !== 'failed' || (message.status !== 'accepted' && !isLate)) return;
  if (await row(transaction, OTHER_SEND, [attemptId])) return;
  const { failed } = (await row(transaction, FAILED, [message.id]))!;
  const canTryAnother =
    !isLate && refusal !== 'stop' && !message.isExpired && failed < MOST_FAILED_DELIVERIES;
  await moveMessage(transaction, message, canTryAnother ? 'queued' : 'failed', failureCode);
}
