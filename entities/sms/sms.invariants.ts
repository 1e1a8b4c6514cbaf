import type { Invariant } from '../invariant';
import { OVER, SMS_ATTEMPT_TRANSITIONS, SMS_TRANSITIONS } from './sms-status';

const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** What holds at every instant for messages. */
export const SMS_INVARIANTS: readonly Invariant[] = [
  // One pass over the attempts.
  {
    invariant: 'sms-messages-are-sent-once-at-a-time',
    sentence:
      'At most one send of a message is under way, and at most one send of a notice may have gone out, unless a person let it be repeated.',
    violations: `
      SELECT message_id AS "messageId", count(*) FILTER (WHERE status = 'sending') AS sending,
        count(*) FILTER (WHERE status IN ('sending', 'accepted', 'unknown') AND coalesce(delivery, '') <> 'failed') AS open
      FROM sms_attempts GROUP BY message_id, kind
      HAVING count(*) FILTER (WHERE status = 'sending') > 1 OR (kind = 'notice'
        AND count(*) FILTER (WHERE status IN ('sending', 'accepted', 'unknown') AND coalesce(delivery, '') <> 'failed') > 1)`,
  },
  // One pass over the attempts.
  {
    invariant: 'sms-attempts-have-what-their-status-needs',
    sentence:
      "A send is accepted exactly when it has the provider's name for it, and only accepted ones are delivered.",
    violations: `
      SELECT id AS "attemptId", message_id AS "messageId", status, delivery FROM sms_attempts
      WHERE status NOT IN (${list(Object.keys(SMS_ATTEMPT_TRANSITIONS))})
        OR (status = 'accepted') <> (provider_message_id IS NOT NULL)
        OR (status = 'sending') <> (answered_at IS NULL)
        OR (delivery IS NOT NULL AND status <> 'accepted')`,
  },
  // One pass over the messages and one over the attempts, joined by hash.
  {
    invariant: 'sms-messages-follow-their-sends',
    sentence: 'A message is sending, ambiguous, accepted or delivered only with a send that says so.',
    violations: `
      SELECT m.id AS "messageId", m.status
      FROM sms_messages m LEFT JOIN (
        SELECT message_id, bool_or(status = 'sending') AS sending, bool_or(status = 'unknown') AS unknown,
          bool_or(status = 'accepted') AS accepted, bool_or(delivery = 'delivered') AS delivered
        FROM sms_attempts GROUP BY message_id
      ) AS a ON a.message_id = m.id
      WHERE m.status NOT IN (${list(Object.keys(SMS_TRANSITIONS))})
        OR (m.status = 'sending' AND NOT coalesce(a.sending OR a.unknown, false))
        OR (m.status = 'queued' AND coalesce(a.sending, false))
        OR (m.status = 'ambiguous' AND NOT coalesce(a.unknown, false))
        OR (m.status = 'accepted' AND NOT coalesce(a.accepted, false))
        OR (m.status = 'delivered') <> coalesce(a.delivered, false)`,
  },
  // One pass over the messages.
  {
    invariant: 'sms-codes-are-erased',
    sentence: 'A code whose message is over is not kept.',
    violations: `
      SELECT id AS "messageId", status FROM sms_messages
      WHERE kind = 'code' AND variables IS NOT NULL AND status IN (${list(OVER)})`,
  },
  // One pass over the reports.
  {
    invariant: 'sms-reports-are-erased',
    sentence: 'What a judged report said is not kept.',
    violations: `
      SELECT id AS "reportId", message_id AS "messageId", verdict FROM sms_reports
      WHERE (processed_at IS NOT NULL) <> (fields IS NULL) OR (processed_at IS NOT NULL) <> (verdict IS NOT NULL)`,
  },
];
