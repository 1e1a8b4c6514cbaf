import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { ACCOUNT } from './auth.events';
import { DEVICES_AT_MOST } from './open-session';
import { ATTEMPTS_AT_MOST } from './verification';

/** What holds at every instant for accounts and sessions. */
export const AUTH_INVARIANTS: readonly Invariant[] = [
  // A partial index of the sessions that have not ended, and their accounts by key.
  {
    invariant: 'live-sessions-have-live-accounts',
    sentence: 'Only an active account has sessions that have not ended.',
    violations: `
      SELECT s.id AS "sessionId", s.account_id AS "accountId", a.status
      FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id
      WHERE s.ended_at IS NULL AND a.status IS DISTINCT FROM 'active'`,
  },
  // A partial index of the sessions that have not ended.
  {
    invariant: 'accounts-have-few-sessions',
    sentence: `An account is signed in on at most ${DEVICES_AT_MOST} devices.`,
    violations: `
      SELECT account_id AS "accountId", count(*) AS sessions
      FROM sessions WHERE ended_at IS NULL AND idle_until > now()
      GROUP BY account_id HAVING count(*) > ${DEVICES_AT_MOST}`,
  },
  // One pass each over the sessions and their events.
  {
    invariant: 'session-ends-are-told',
    sentence: 'The journal tells of each opening and end of a session, once.',
    violations: `
      SELECT coalesce(s.id, e.session_id) AS "sessionId", s.ended_at AS "endedAt", e.opened, e.ended
      FROM sessions s FULL JOIN (
        SELECT (payload ->> 'sessionId')::uuid AS session_id,
          count(*) FILTER (WHERE type = 'account.session_opened') AS opened,
          count(*) FILTER (WHERE type = 'account.session_ended') AS ended
        FROM events WHERE aggregate_type = 'account' AND type LIKE 'account.session_%' GROUP BY 1
      ) AS e ON e.session_id = s.id
      WHERE s.id IS NOT NULL
        AND (e.opened IS DISTINCT FROM 1 OR e.ended IS DISTINCT FROM (s.ended_at IS NOT NULL)::int)`,
  },
  // One pass over the sessions, and their codes by key.
  {
    invariant: 'sessions-have-used-codes',
    sentence: 'Each session was opened by a code for signing in that was used.',
    violations: `
      SELECT s.id AS "sessionId", s.verification_id AS "verificationId", v.purpose, v.used_at AS "usedAt"
      FROM sessions s LEFT JOIN verifications v ON v.id = s.verification_id
      WHERE v.used_at IS NULL OR v.purpose <> 'sign_in'`,
  },
  // One pass over the codes.
  {
    invariant: 'codes-are-within-their-attempts',
    sentence: `A code is tried at most ${ATTEMPTS_AT_MOST} times, and a used one was tried in time.`,
    violations: `
      SELECT id AS "verificationId", attempts, used_at AS "usedAt", expires_at AS "expiresAt"
      FROM verifications
      WHERE attempts NOT BETWEEN (used_at IS NOT NULL)::int AND ${ATTEMPTS_AT_MOST} OR used_at >= expires_at`,
  },
  journalHasNoGaps(ACCOUNT),
];
