import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { lockOpenBoxes } from './notification-boxes';
import { REQUESTED_BY } from './request-notice';
import type { TendedPage } from './wake-overdue';

const BOXES_AT_ONCE = 500;

/**
 * Deliveries whose message was cancelled because no provider took it in time, and which still help: not read, and not too old to be
 * judged. A message that a person gave up ends before its time.
 */
const LATE = `FROM sms_messages m
   JOIN notification_deliveries d ON d.message_id = m.id AND d.status = 'sent'
   JOIN notifications n ON n.id = d.notification_id AND n.read_at IS NULL AND n.created_at > now() - interval '3 days'
   WHERE m.status = 'cancelled' AND m.not_after IS NOT NULL AND m.requested_by = '${REQUESTED_BY}'
     AND m.finished_at >= m.not_after AND m.finished_at > now() - interval '3 days'`;

const FIND = statement<{ boxId: string }>(
  `SELECT DISTINCT d.box_id AS "boxId" ${LATE} LIMIT ${BOXES_AT_ONCE}`,
  { boxId: uuid },
);

const REOPEN = statement<{ boxId: string }>(
  `UPDATE notification_deliveries o
   SET status = 'queued', message_id = NULL, ended_at = NULL, reopened = o.reopened + 1
   FROM (SELECT d.notification_id ${LATE} AND d.box_id = ANY($1::uuid[])) AS late
   WHERE o.notification_id = late.notification_id AND o.channel = 'sms' RETURNING o.box_id AS "boxId"`,
  { boxId: uuid },
);

/**
 * Queues again what no provider took before the night: its person is told by SMS in the morning, if that is still wanted. Nothing of a
 * cancelled message went out, so nobody is told twice.
 */
export async function reopenLate(transaction: Transaction): Promise<TendedPage> {
  const boxes = (await rows(transaction, FIND)).map(({ boxId }) => boxId);
  if (boxes.length === 0) return { count: 0, isFull: false };
  await lockOpenBoxes(transaction, boxes);
  const reopened = await rows(transaction, REOPEN, [boxes]);
  return { count: reopened.length, isFull: boxes.length === BOXES_AT_ONCE };
}
