import { AppError } from '../errors';
import { boolean, instant, integer, nullable, text, uuid } from '../row-shape';
import { requestMessage, smsMessageIdOf, smsRequestDigest } from '../sms/request-message';
import type { SmsLanguage } from '../sms/sms-status';
import { row, rows, statement, type Transaction } from '../sql';
import { decideDelivery, type Recipient } from './decide-delivery';
import { localTime } from './local-time';
import { lockOpenBoxes, readChoices } from './notification-boxes';
import type { NotificationCategory } from './notification-categories';
import type { DeliveryStatus } from './notification-delivery';
import { FACT_JOINS, facts, FACTS_OF } from './notification-facts';
import { DIGEST_SMS, kindOf, type NotificationKind, type SmsForm } from './notification-kinds';
import type { Facts } from './notification-text';
import { readSettings } from './own-settings';

const REQUESTED_BY = 'notification';
/** Messages that one transaction requests, beside a digest. */
const SENT_AT_ONCE = 20;
/** Deliveries that one transaction judges, those that nothing holds back first. */
const JUDGED_AT_ONCE = 500;

const BOX = statement<{ accountId: string | null; orderId: string | null }>(
  'SELECT account_id AS "accountId", order_id AS "orderId" FROM notification_boxes WHERE id = $1',
  { accountId: nullable(uuid), orderId: nullable(uuid) },
);

interface Person {
  readonly phone: string | null;
  readonly language: SmsLanguage | null;
  readonly isStaff: boolean;
}

const PERSON = { phone: nullable(text), language: nullable(text), isStaff: boolean };

/** Blocking, erasing and changes of the number wait for this, or this for them. */
const LOCK_ACCOUNT = statement<Person>(
  `SELECT CASE WHEN a.status = 'active' THEN a.phone END AS phone,
     (SELECT p.language FROM profiles p WHERE p.account_id = a.id) AS language,
     EXISTS (SELECT FROM account_roles r WHERE r.account_id = a.id) AS "isStaff"
   FROM accounts a WHERE a.id = $1 FOR SHARE OF a`,
  PERSON,
);

const LOCK_RECIPIENT = statement<Person>(
  `SELECT phone, NULL::varchar AS language, false AS "isStaff" FROM order_recipients WHERE order_id = $1 FOR SHARE`,
  PERSON,
);

interface Waiting {
  readonly id: string;
  readonly kind: NotificationKind;
  readonly category: NotificationCategory;
  readonly createdAt: Date;
  readonly isRead: boolean;
  readonly facts: Facts;
}

const WAITING = statement<Waiting>(
  `SELECT n.id, n.kind, n.category, n.created_at AS "createdAt", n.read_at IS NOT NULL AS "isRead", ${FACTS_OF}
   FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id ${FACT_JOINS}
   WHERE d.box_id = $1 AND d.status IN ('queued', 'deferred')
   ORDER BY n.category IN ('security', 'payment') DESC, d.created_at, n.id LIMIT ${JUDGED_AT_ONCE}`,
  { id: uuid, kind: text, category: text, createdAt: instant, isRead: boolean, facts },
);

const PAST = statement<{ sentToday: number; lastDigest: string | null }>(
  `SELECT (
     SELECT count(DISTINCT message_id) FROM notification_deliveries
     WHERE box_id = $1 AND created_at > $2::timestamptz - interval '5 days' AND status = 'sent'
       AND ended_at > $2::timestamptz - interval '1 day') AS "sentToday",
     (SELECT max(day)::text FROM notification_digests WHERE box_id = $1) AS "lastDigest"`,
  { sentToday: integer, lastDigest: nullable(text) },
);

/** What becomes of a delivery. */
interface Outcome {
  readonly id: string;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly dueAt: Date | null;
  readonly messageId: string | null;
}

const STORE = statement(
  `UPDATE notification_deliveries d SET status = o.status, reason = o.reason, due_at = o."dueAt", message_id = o."messageId",
     ended_at = CASE WHEN o.status <> 'deferred' THEN $2::timestamptz END
   FROM jsonb_to_recordset($1::jsonb) AS o(id uuid, status text, reason text, "dueAt" timestamptz, "messageId" uuid)
   WHERE d.notification_id = o.id AND d.channel = 'sms' AND d.status IN ('queued', 'deferred')`,
);

const BEGIN_DIGEST = statement<{ day: string }>(
  `INSERT INTO notification_digests (box_id, day, notifications) VALUES ($1, $2::date, $3)
   ON CONFLICT DO NOTHING RETURNING day::text AS day`,
  { day: text },
);

const NAME_DIGEST = statement(
  'UPDATE notification_digests SET message_id = $3 WHERE box_id = $1 AND day = $2::date',
);

/** Also those of an earlier attempt of this step whose answer was lost. */
const UNSENT = statement<{ id: string }>(
  `SELECT DISTINCT m.id FROM notification_deliveries d JOIN sms_messages m ON m.id = d.message_id
   WHERE d.box_id = $1 AND d.created_at > $2::timestamptz - interval '5 days' AND m.status = 'queued' LIMIT 100`,
  { id: uuid },
);

/** What was done, and what to do after it. */
export interface NotificationDelivering {
  /** Messages whose delivery may not have begun. */
  readonly messageIds: readonly string[];
  /** How long until the next look, in milliseconds. Null: nothing waits. */
  readonly lookAgainInMs: number | null;
  /** How often which status was given for which reason, for metrics. */
  readonly outcomes: readonly { readonly status: DeliveryStatus; readonly reason: string | null }[];
}

const NOTHING: NotificationDelivering = { messageIds: [], lookAgainInMs: null, outcomes: [] };

/**
 * Judges every message of a box that waits, by the account, choices, settings and quiet hours of now, and requests those whose time
 * has come. Statuses, messages and the digest of the day are one transaction under the lock of the box: neither a repetition nor
 * a reset tells anybody twice.
 */
export async function deliverNotifications(
  transaction: Transaction,
  { boxId, now }: { readonly boxId: string; readonly now: Date },
): Promise<NotificationDelivering> {
  const box = await row(transaction, BOX, [boxId]);
  if (!box) return NOTHING;
  const person = await row(transaction, box.accountId === null ? LOCK_RECIPIENT : LOCK_ACCOUNT, [boxId]);
  await lockOpenBoxes(transaction, [boxId]);
  const settings = await readSettings(transaction, boxId);
  const past = (await row(transaction, PAST, [boxId, now]))!;
  const recipient: Recipient = {
    ...{ isThere: typeof person?.phone === 'string', isStaff: person?.isStaff ?? false },
    ...{ choices: (await readChoices(transaction, [boxId])).get(boxId) ?? [], settings, ...past },
  };
  const waiting = await rows(transaction, WAITING, [boxId]);
  const locale = settings.locale ?? person?.language ?? 'fa';
  const send = (key: string, form: SmsForm, known: Facts) =>
    request(transaction, { key, form, facts: known, recipient: person!.phone!, locale });

  const outcomes: Outcome[] = [];
  const summed: Waiting[] = [];
  let sent = 0;
  for (const message of waiting) {
    const decision = decideDelivery(message, { ...recipient, sentToday: past.sentToday + sent }, now);
    const { id } = message;
    if (decision.kind === 'drop')
      outcomes.push({ id, status: 'suppressed', reason: decision.reason, dueAt: null, messageId: null });
    else if (decision.kind === 'wait')
      outcomes.push({
        id,
        status: 'deferred',
        reason: decision.reason,
        dueAt: decision.until,
        messageId: null,
      });
    else if (decision.kind === 'digest') summed.push(message);
    else if (sent < SENT_AT_ONCE) {
      outcomes.push({ id, dueAt: null, ...(await send(id, kindOf(message.kind).sms!, message.facts)) });
      sent += 1;
    }
  }
  if (summed.length > 0) outcomes.push(...(await sendDigest(summed)));
  if (outcomes.length > 0) await rows(transaction, STORE, [JSON.stringify(outcomes), now]);

  /** The row comes first. A day that has one gets no other. */
  async function sendDigest(messages: readonly Waiting[]): Promise<Outcome[]> {
    const { day } = localTime(now, settings.zone);
    if (!(await row(transaction, BEGIN_DIGEST, [boxId, day, messages.length]))) return [];
    const told = await send(`${boxId}:${day}`, DIGEST_SMS, { count: String(messages.length) });
    await rows(transaction, NAME_DIGEST, [boxId, day, told.messageId]);
    return messages.map(({ id }) => ({ id, dueAt: null, ...told }));
  }

  const unsent = await rows(transaction, UNSENT, [boxId, now]);
  return {
    messageIds: unsent.map(({ id }) => id),
    lookAgainInMs: lookAgain(outcomes, {
      isWhole: outcomes.length === waiting.length && waiting.length < JUDGED_AT_ONCE,
      now,
    }),
    outcomes: outcomes.map(({ status, reason }) => ({ status, reason })),
  };
}

function lookAgain(
  outcomes: readonly Outcome[],
  { isWhole, now }: { readonly isWhole: boolean; readonly now: Date },
): number | null {
  if (!isWhole) return outcomes.length > 0 ? 0 : null;
  const due = outcomes.flatMap(({ dueAt }) => (dueAt ? [dueAt.getTime()] : []));
  return due.length > 0 ? Math.max(Math.min(...due) - now.getTime(), 0) : null;
}

interface Request {
  readonly key: string;
  readonly form: SmsForm;
  readonly facts: Facts;
  readonly recipient: string;
  readonly locale: SmsLanguage;
}

/** Requests a message, once per key. A refusal is the end of it: a repetition would be refused as well. */
async function request(
  transaction: Transaction,
  { key, form, facts: known, recipient, locale }: Request,
): Promise<Pick<Outcome, 'status' | 'reason' | 'messageId'>> {
  const messageId = smsMessageIdOf(REQUESTED_BY, key);
  const variables = Object.fromEntries(
    Object.entries(form.variables).map(([name, fact]) => [name, known[fact] ?? '']),
  );
  const message = { template: form.template, language: locale, recipient, variables };
  try {
    await requestMessage(transaction, {
      ...message,
      ...{
        messageId,
        requestedBy: REQUESTED_BY,
        requestDigest: smsRequestDigest(message),
        codeLifetimeMs: 0,
      },
    });
    return { status: 'sent', reason: null, messageId };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { status: 'failed', reason: error.code, messageId: null };
  }
}
