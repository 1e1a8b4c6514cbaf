import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { ACCOUNT } from './auth.events';
import { DEVICES_AT_MOST } from './open-session';

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
  journalHasNoGaps(ACCOUNT),
];
