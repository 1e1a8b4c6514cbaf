import { boolean, instant, integer, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { NotificationCategory } from './notification-categories';
import type { DeliveryStatus } from './notification-delivery';
import { FACT_JOINS, facts, FACTS_OF } from './notification-facts';
import type { Facts } from './notification-text';

/** Messages that one transaction judges: those that nothing holds back, then those that were never judged, then by their time. */
export const JUDGED_AT_ONCE = 500;

/** A message by SMS that waits. */
export interface Waiting {
  readonly id: string;
  /** One that a newer version of the code has made may be unknown to this one. */
  readonly kind: string;
  readonly category: NotificationCategory;
  readonly createdAt: Date;
  /** Since when it waits for a deploy. */
  readonly deploySince: Date | null;
  /** How often it was queued again. */
  readonly reopened: number;
  readonly isRead: boolean;
  /** Whether it was never judged. */
  readonly isNew: boolean;
  readonly facts: Facts;
}

const WAITING = statement<Waiting>(
  `SELECT n.id, n.kind, n.category, n.created_at AS "createdAt", d.deploy_since AS "deploySince", d.reopened, n.read_at IS NOT NULL AS "isRead",
     d.status = 'queued' AS "isNew", ${FACTS_OF}
   FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id ${FACT_JOINS}
   WHERE d.box_id = $1 AND d.status IN ('queued', 'deferred')
   ORDER BY n.category IN ('security', 'payment') DESC, d.due_at NULLS FIRST, d.created_at, n.id LIMIT ${JUDGED_AT_ONCE}`,
  {
    ...{
      id: uuid,
      kind: text,
      category: text,
      createdAt: instant,
      deploySince: nullable(instant),
      reopened: integer,
    },
    ...{ isRead: boolean, isNew: boolean, facts },
  },
);

/** What waits in a box. The box is locked. */
export const readWaiting = (transaction: Transaction, boxId: string): Promise<readonly Waiting[]> =>
  rows(transaction, WAITING, [boxId]);

/** What becomes of a delivery. */
export interface Outcome {
  readonly id: string;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly dueAt: Date | null;
  readonly messageId: string | null;
}

const STORE = statement(
  `UPDATE notification_deliveries d SET status = o.status, reason = o.reason, due_at = o."dueAt", message_id = o."messageId",
     ended_at = CASE WHEN o.status <> 'deferred' THEN $2::timestamptz END,
     deploy_since = coalesce(d.deploy_since, CASE WHEN o.reason = 'deploy' THEN $2::timestamptz END)
   FROM jsonb_to_recordset($1::jsonb) AS o(id uuid, status text, reason text, "dueAt" timestamptz, "messageId" uuid)
   WHERE d.notification_id = o.id AND d.channel = 'sms' AND d.status IN ('queued', 'deferred')`,
);

/** Stores what became of messages that waited. */
export async function storeOutcomes(
  transaction: Transaction,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<void> {
  if (outcomes.length > 0) await rows(transaction, STORE, [JSON.stringify(outcomes), now]);
}
