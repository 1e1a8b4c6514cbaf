import { integer, nullable, uuid } from '../row-shape';
import { row, statement, type Statement, type Transaction } from '../sql';
import { PAGE, type RemovedPage } from './page';

interface Removed {
  readonly removed: number;
}

/** @param before other parts of the statement, which the removal reads */
const removal = (text: string, before = ''): Statement<Removed> =>
  statement<Removed>(`WITH ${before} gone AS (${text} RETURNING 1) SELECT count(*) AS removed FROM gone`, {
    removed: integer,
  });

const DAYS = `now() - $1 * interval '1 day'`;

const STEP_KEYS = removal(
  `DELETE FROM processed_steps WHERE key IN (
     SELECT key FROM processed_steps WHERE created_at < ${DAYS} LIMIT ${PAGE})`,
);

const REQUEST_DIGESTS = removal(
  `DELETE FROM request_digests WHERE object_id IN (
     SELECT object_id FROM request_digests WHERE created_at < ${DAYS} LIMIT ${PAGE})`,
);

const CALLBACKS = removal(
  `DELETE FROM payment_callbacks WHERE id IN (
     SELECT id FROM payment_callbacks
     WHERE received_at < ${DAYS} AND processed_at < ${DAYS} LIMIT ${PAGE} FOR UPDATE SKIP LOCKED)`,
);

/** Long over, whether its person signed out or never came back. */
const SESSIONS = removal(
  `DELETE FROM sessions WHERE id IN (
     SELECT id FROM sessions WHERE signed_in_at < ${DAYS} AND least(ended_at, idle_until, ends_at) < ${DAYS}
     LIMIT ${PAGE} FOR UPDATE SKIP LOCKED)`,
);

/** Limits count the codes of a day. Sessions and changes of number name theirs; those stay as long as these do. */
const CODES = removal(
  'DELETE FROM verifications WHERE id IN (SELECT id FROM due)',
  `due AS MATERIALIZED (
     SELECT id FROM verifications v WHERE created_at < ${DAYS}
       AND NOT EXISTS (SELECT FROM sessions WHERE verification_id = v.id)
       AND NOT EXISTS (SELECT FROM number_changes WHERE new_verification_id = v.id)
       AND NOT EXISTS (SELECT FROM number_changes WHERE old_verification_id = v.id)
     ORDER BY created_at LIMIT ${PAGE} FOR UPDATE SKIP LOCKED
   ), cut AS (
     UPDATE sms_messages SET verification_id = NULL WHERE verification_id IN (SELECT id FROM due)
   ),`,
);

/** Staff may have been told of an alert long after it. Customers are told within an hour of a crossing. */
const STOCK_NOTICES = removal(
  `DELETE FROM stock_notices WHERE (alert_id, account_id, audience) IN (
     SELECT n.alert_id, n.account_id, n.audience
     FROM stock_notices n JOIN stock_alerts a ON a.id = n.alert_id AND a.staff_told_at IS NOT NULL
     WHERE n.created_at < ${DAYS} LIMIT ${PAGE})`,
);

/** The newest of each kind of a history says which crossings are known; a low one that is not rearmed keeps the next away. */
const STOCK_ALERTS = removal(
  `DELETE FROM stock_alerts WHERE id IN (
     SELECT a.id FROM stock_alerts a
     WHERE a.created_at < ${DAYS} AND a.staff_told_at IS NOT NULL AND (a.kind <> 'low' OR a.rearmed_at IS NOT NULL)
       AND NOT EXISTS (SELECT FROM stock_notices WHERE alert_id = a.id)
       AND EXISTS (SELECT FROM stock_alerts n
         WHERE n.aggregate_id = a.aggregate_id AND n.kind = a.kind AND n.version > a.version)
     LIMIT ${PAGE} FOR UPDATE SKIP LOCKED)`,
);

/** With their attempts and reports. Those that a notice or a reminder names stay as long as these do. */
const SMS_MESSAGES = removal(
  'DELETE FROM sms_messages WHERE id IN (SELECT id FROM due)',
  `due AS MATERIALIZED (
     SELECT id FROM sms_messages m WHERE created_at < ${DAYS} AND finished_at < ${DAYS}
       AND NOT EXISTS (SELECT FROM stock_notices WHERE message_id = m.id)
       AND NOT EXISTS (SELECT FROM cart_reminders WHERE message_id = m.id)
     LIMIT ${PAGE} FOR UPDATE SKIP LOCKED
   ), reports AS (
     DELETE FROM sms_reports WHERE message_id IN (SELECT id FROM due)
   ), attempts AS (
     DELETE FROM sms_attempts WHERE message_id IN (SELECT id FROM due)
   ),`,
);

/**
 * Of campaigns that ended long ago, and of drafts that nobody has ended. The campaigns stay, with what they came to; a draft counts its rows,
 * and waits for another table.
 */
const CAMPAIGN_RECIPIENTS = removal(
  'DELETE FROM campaign_recipients WHERE (campaign_id, account_id) IN (SELECT campaign_id, account_id FROM due)',
  `old AS MATERIALIZED (
     SELECT id FROM campaigns c
     WHERE (finished_at < ${DAYS} AND handed = 0 AND report_at IS NULL OR status = 'draft' AND created_at < ${DAYS})
       AND EXISTS (SELECT FROM campaign_recipients WHERE campaign_id = c.id)
     ORDER BY coalesce(finished_at, created_at) LIMIT 20 FOR UPDATE SKIP LOCKED
   ), due AS MATERIALIZED (
     SELECT r.campaign_id, r.account_id FROM old JOIN campaign_recipients r ON r.campaign_id = old.id LIMIT ${PAGE}
   ), counted AS (
     SELECT campaign_id, count(*) AS rows FROM due GROUP BY campaign_id
   ), ended AS (
     UPDATE campaigns SET forgotten_at = coalesce(forgotten_at, now())
     WHERE status <> 'draft' AND id IN (SELECT campaign_id FROM counted)
   ), drafts AS (
     UPDATE campaigns c SET upload = NULL, approved_by = NULL, recipients = recipients - rows, pending = pending - rows
     FROM counted WHERE c.status = 'draft' AND c.id = counted.campaign_id
   ),`,
);

/** Everybody can send replies that are no supplier's. Genuine ones belong to the history of their order. */
const SUPPLIER_REPLIES = removal(
  `DELETE FROM supplier_replies WHERE id IN (
     SELECT id FROM supplier_replies
     WHERE received_at < ${DAYS} AND processed_at < ${DAYS} AND verdict <> 'genuine' LIMIT ${PAGE})`,
);

/** With the lines that were not booked. An import that is done stays: it says who changed what. */
const REFUSED_IMPORTS = removal(
  `DELETE FROM catalog_imports WHERE id IN (
     SELECT id FROM catalog_imports WHERE status = 'refused' AND ended_at < ${DAYS} LIMIT 20)`,
);

const JOB_RUNS = removal(
  `DELETE FROM job_runs WHERE id IN (
     SELECT r.id FROM job_runs r WHERE started_at < ${DAYS} AND state <> 'running'
       AND EXISTS (SELECT FROM job_runs n WHERE n.job = r.job AND n.state = r.state AND n.started_at > r.started_at)
     LIMIT ${PAGE})`,
);

/** The oldest of a room first: its numbers have no gaps. Reports go with their messages. The sweep removes the files. */
const CHAT_MESSAGES = removal(
  'DELETE FROM messages WHERE (room_id, seq) IN (SELECT room_id, seq FROM due)',
  `due AS MATERIALIZED (
     SELECT m.room_id, m.seq FROM rooms r JOIN messages m ON m.room_id = r.id WHERE r.archived_at < ${DAYS}
     ORDER BY m.room_id, m.seq LIMIT ${PAGE}
   ), cut AS (
     UPDATE attachments SET status = 'removed', name = '', message_seq = NULL, place = NULL, changed_at = now()
     WHERE (room_id, message_seq) IN (SELECT room_id, seq FROM due)
   ),`,
);

/** Texts of a few tickets at a time, each of which may have many. Numbers, states, clocks and ratings stay. */
const TICKET_TEXTS = removal(
  `UPDATE tickets SET subject = '' WHERE id IN (SELECT id FROM due)`,
  `due AS MATERIALIZED (
     SELECT id FROM tickets WHERE closed_at < ${DAYS} AND subject <> '' ORDER BY closed_at LIMIT 200 FOR UPDATE SKIP LOCKED
   ), blanked AS (
     UPDATE ticket_messages SET text = '', request_digest = NULL WHERE ticket_id IN (SELECT id FROM due)
   ),`,
);

/** Removes a page of old rows. Its next page is the same statement. */
const simply =
  (removed: Statement<Removed>, page = PAGE) =>
  async (transaction: Transaction, days: number): Promise<RemovedPage> => {
    const found = await row(transaction, removed, [days]);
    return { removed: found!.removed, next: found!.removed < page ? null : '' };
  };

/** Removes keys of steps that nothing repeats any more. */
export const removeStepKeys = simply(STEP_KEYS);
/** Removes what old requests asked for. A repetition that comes later is answered with the object, whatever it asks for. */
export const removeRequestDigests = simply(REQUEST_DIGESTS);
/** Removes callbacks that were processed long ago. */
export const removeCallbacks = simply(CALLBACKS);
/** Removes sessions that ended long ago. */
export const removeSessions = simply(SESSIONS);
/** Removes old codes that nothing names. Messages that carried them keep their rows. */
export const removeCodes = simply(CODES);
/** Removes old notices of stock of alerts that everybody has heard of. */
export const removeStockNotices = simply(STOCK_NOTICES);
/** Removes old alerts of stock, but the newest of each kind, and those that a notice names. */
export const removeStockAlerts = simply(STOCK_ALERTS);
/** Removes messages that ended long ago, whose recipients are people. */
export const removeSmsMessages = simply(SMS_MESSAGES);
/**
 * Removes the recipients of campaigns that ended long ago, and of old drafts. Links in their messages are not known any more after that. A
 * page is of few campaigns, so one that is not full says nothing about the rest.
 */
export const removeCampaignRecipients = simply(CAMPAIGN_RECIPIENTS, 1);
/** Removes old replies that no supplier has sent. */
export const removeSupplierReplies = simply(SUPPLIER_REPLIES);
/** Removes imports that were refused long ago, a few at a time: each may have 20,000 lines. */
export const removeRefusedImports = simply(REFUSED_IMPORTS, 20);
/** Removes old runs of jobs, but the last of each state of each job. */
export const removeJobRuns = simply(JOB_RUNS);

/** Removes what was written in rooms that were archived long ago. The rooms and who was in them stay. */
export const removeChatMessages = simply(CHAT_MESSAGES);
/** Blanks what was written on tickets that were closed long ago. */
export const blankTicketTexts = simply(TICKET_TEXTS, 200);

const CARTS = statement<{ removed: number; seen: number; lastId: string | null }>(
  `WITH page AS MATERIALIZED (
     SELECT id FROM carts WHERE id > $2::uuid ORDER BY id LIMIT ${PAGE}
   ), gone AS (
     DELETE FROM carts c WHERE c.id IN (SELECT id FROM page) AND c.updated_at < ${DAYS}
       AND NOT EXISTS (SELECT FROM orders o WHERE o.cart_id = c.id)
     RETURNING 1
   )
   SELECT (SELECT count(*) FROM gone) AS removed, (SELECT count(*) FROM page) AS seen,
     (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS "lastId"`,
  { removed: integer, seen: integer, lastId: nullable(uuid) },
);

const FIRST = '00000000-0000-0000-0000-000000000000';

/** Removes carts of a page, by their ids, that nobody has changed for so long and that no order names. */
export async function removeCarts(
  transaction: Transaction,
  days: number,
  after: string | null,
): Promise<RemovedPage> {
  const found = await row(transaction, CARTS, [days, after ?? FIRST]);
  const { removed, seen, lastId } = found!;
  return { removed, next: seen < PAGE ? null : lastId };
}
