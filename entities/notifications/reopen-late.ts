import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { lockOpenBoxes } from './notification-boxes';

const BOXES_AT_ONCE = 500;

/**
 * Deliveries whose message was cancelled because no provider took it in time, and which still help: not read, and not too old to be
 * judged. A message that a person gave up has another code.
 */
const LATE = `FROM sms_messages m
   JOIN notification_deliveries d ON d.message_id = m.id AND d.status = 'sent'
   JOIN notifications n ON n.id = d.notification_id AND n.read_at IS NULL AND n.created_at > now() - interval '3 days'
   WHERE m.status = 'cancelled' AND m.failure_code = 'late' AND m.not_after IS NOT NULL
     AND m.finished_at > now() - interval '3 days'`;

const FIND = statement<{ boxId: string }>(
  `SELECT DISTINCT d.box_id AS "boxId" ${LATE} LIMIT ${BOXES_AT_ONCE}`,
  { boxId: uuid },
);

const REOPEN = statement<{ boxId: string }>(
  `WITH reopened AS (
     UPDATE notification_deliveries o
     SET status = 'queued', message_id = NULL, ended_at = NULL, reopened = o.reopened + 1, deploy_since = NULL
     FROM (SELECT d.notification_id ${LATE} AND d.box_id = ANY($1::uuid[])) AS late
     WHERE o.notification_id = late.notification_id AND o.channel = 'sms' RETURNING o.box_id
   ), woken AS (
     UPDATE notification_boxes SET woken_at = NULL WHERE id IN (SELECT box_id FROM reopened)
   ) SELECT box_id AS "boxId" FROM reopened`,
  { boxId: uuid },
);

/**
 * Queues again what no provider took before the night: its person is told by SMS in the morning, if that is still wanted. Nothing of a
 * cancelled message went out, so nobody is told twice. Their boxes count as never woken, so the next look for what is overdue wakes
 * them first.
 */
export async function reopenLate(
  transaction: Transaction,
): Promise<{ readonly count: number; readonly isFull: boolean }> {
  const boxes = (await rows(transaction, FIND)).map(({ boxId }) => boxId);
  if (boxes.length === 0) return { count: 0, isFull: false };
  await lockOpenBoxes(transaction, boxes);
  const reopened = await rows(transaction, REOPEN, [boxes]);
  return { count: reopened.length, isFull: boxes.length === BOXES_AT_ONCE };
}
