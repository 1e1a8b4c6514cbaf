import { boolean, integer, nullable, text, uuid } from '../row-shape';
import type { SmsLanguage } from '../sms/sms-status';
import { row, rows, statement, type Transaction } from '../sql';
import { decideDelivery, lookAfterDeploy, notAfter, type Decision, type Recipient } from './decide-delivery';
import { localTime } from './local-time';
import { lockOpenBoxes, readChoices } from './notification-boxes';
import { CATEGORY_CHANNELS } from './notification-categories';
import type { DeferralReason, DeliveryStatus } from './notification-delivery';
import { FIXED_TEMPLATES, knownKind } from './notification-kinds';
import { readSettings } from './own-settings';
import { REQUESTED_BY, requestDigest, requestNotice, type Requested } from './request-notice';
import { JUDGED_AT_ONCE, readWaiting, storeOutcomes, type Outcome, type Waiting } from './waiting-messages';

/** Messages that one transaction requests, beside a digest. */
const SENT_AT_ONCE = 20;

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

/** Messages are counted by number, whichever box they came from. Of cancelled ones nothing went out. */
const PAST = statement<{ sentToday: number; lastDigest: string | null }>(
  `SELECT (
     SELECT count(*) FROM (
       SELECT FROM sms_messages WHERE recipient = $3 AND created_at > $2::timestamptz - interval '1 day'
         AND requested_by = '${REQUESTED_BY}' AND status <> 'cancelled' AND template <> ALL ($4::text[]) LIMIT 100) AS sent) AS "sentToday",
     (SELECT max(day)::text FROM notification_digests WHERE box_id = $1) AS "lastDigest"`,
  { sentToday: integer, lastDigest: nullable(text) },
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
 * Judges what waits in a box, by the account, choices, settings and quiet hours of now, and requests the messages whose time has come.
 * Statuses, messages and the digest of the day are one transaction under the lock of the box: neither a repetition nor a reset tells
 * anybody twice.
 */
export async function deliverNotifications(
  transaction: Transaction,
  { boxId, now }: { readonly boxId: string; readonly now: Date },
): Promise<NotificationDelivering> {
  const box = await row(transaction, BOX, [boxId]);
  if (!box) return NOTHING;
  const account = box.accountId === null ? undefined : await row(transaction, LOCK_ACCOUNT, [boxId]);
  await lockOpenBoxes(transaction, [boxId]);
  const person = box.accountId === null ? await row(transaction, LOCK_RECIPIENT, [boxId]) : account;
  const settings = await readSettings(transaction, boxId);
  const phone = person?.phone ?? null;
  const past = (await row(transaction, PAST, [boxId, now, phone, FIXED_TEMPLATES]))!;
  const recipient: Recipient = {
    ...{ isThere: phone !== null, isStaff: person?.isStaff ?? false },
    ...{ choices: (await readChoices(transaction, [boxId])).get(boxId) ?? [], settings, ...past },
  };
  const locale = settings.locale ?? person?.language ?? 'fa';

  const addressee = (message: Waiting) => ({
    recipient: phone!,
    locale,
    notAfter: notAfter(message, settings, now),
  });

  const waiting = await readWaiting(transaction, boxId);
  const outcomes: Outcome[] = [];
  const summed: Waiting[] = [];
  let sent = 0;
  let sentToday = past.sentToday;
  for (const message of waiting) {
    const { id, kind, category } = message;
    const spec = Object.hasOwn(CATEGORY_CHANNELS, category) ? knownKind(kind) : undefined;
    const decision = spec?.sms
      ? decideDelivery({ ...message, standsForNext: spec.standsForNext }, { ...recipient, sentToday }, now)
      : decideUnknown(message, recipient, now);
    if (decision.kind === 'drop')
      outcomes.push({ id, status: 'suppressed', reason: decision.reason, dueAt: null, messageId: null });
    else if (decision.kind === 'wait') outcomes.push(deferred(id, decision.reason, decision.until));
    else if (decision.kind === 'digest') summed.push(message);
    else if (sent < SENT_AT_ONCE) {
      const form = spec!.sms!;
      const notice = { key: messageKey(message), form, facts: message.facts };
      const told = await requestNotice(transaction, addressee(message), notice);
      outcomes.push(outcomeOf(message, told, now));
      sent += 1;
      if (told.messageId !== null && !FIXED_TEMPLATES.includes(form.template)) sentToday += 1;
    }
  }
  if (summed.length > 0) {
    const { day } = localTime(now, settings.zone);
    const digest = { boxId, day, count: summed.length };
    const told = await requestDigest(transaction, addressee(summed.at(-1)!), digest);
    if (told) outcomes.push(...summed.map((message) => outcomeOf(message, told, now)));
  }
  await storeOutcomes(transaction, outcomes, now);

  const unsent = await rows(transaction, UNSENT, [boxId, now]);
  return {
    messageIds: unsent.map(({ id }) => id),
    lookAgainInMs: lookAgain(waiting, outcomes, now),
    outcomes: outcomes.map(({ status, reason }) => ({ status, reason })),
  };
}

/** One that is queued again has another message: the first one is cancelled for ever. */
const messageKey = ({ id, reopened }: Waiting) => (reopened === 0 ? id : `${id}:${reopened}`);

const deferred = (id: string, reason: DeferralReason, dueAt: Date): Outcome => ({
  ...{ id, status: 'deferred', reason, dueAt, messageId: null },
});

/** A newer version of the code has made it. Its worker runs beside this one, or will soon. */
function decideUnknown({ deploySince }: Waiting, { isThere }: Recipient, now: Date): Decision {
  if (!isThere) return { kind: 'drop', reason: 'gone' };
  const until = lookAfterDeploy(deploySince, now);
  return until ? { kind: 'wait', reason: 'deploy', until } : { kind: 'drop', reason: 'unknown' };
}

/** What becomes of a message that was requested. A refusal is final, unless a deploy may be unfinished. */
function outcomeOf({ id, deploySince }: Waiting, { isEarly, ...told }: Requested, now: Date): Outcome {
  const until = isEarly ? lookAfterDeploy(deploySince, now) : null;
  return until ? deferred(id, 'deploy', until) : { id, dueAt: null, ...told };
}

/**
 * At once where there may be more and this look came further; otherwise when the first of those that wait is due. A page of which
 * nothing has ended and nothing is new would be the same again.
 */
function lookAgain(waiting: readonly Waiting[], outcomes: readonly Outcome[], now: Date): number | null {
  const isWhole = outcomes.length === waiting.length && waiting.length < JUDGED_AT_ONCE;
  const isNew = new Set(waiting.flatMap((it) => (it.isNew ? [it.id] : [])));
  const cameFurther = outcomes.some(({ id, status }) => status !== 'deferred' || isNew.has(id));
  if (!isWhole && cameFurther) return 0;
  const due = outcomes.flatMap(({ dueAt }) => (dueAt ? [dueAt.getTime()] : []));
  return due.length > 0 ? Math.max(Math.min(...due) - now.getTime(), 0) : null;
}
