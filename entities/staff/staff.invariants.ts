import type { Invariant } from '../invariant';
import { COUNTED_ADMINS } from './last-admin';

/** What holds at every instant for people who work for the shop. */
export const STAFF_INVARIANTS: readonly Invariant[] = [
  // A partial index of the sessions that have not ended, and their factors and codes by key.
  {
    invariant: 'staff-sessions-have-two-proofs',
    sentence: 'A staff session was opened by a used code and a confirmed second factor of its account.',
    violations: `
      SELECT s.id AS "sessionId", s.account_id AS "accountId", f.id AS "factorId", v.used_at AS "usedAt"
      FROM sessions s
      LEFT JOIN factors f ON f.id = s.factor_id AND f.account_id = s.account_id AND f.confirmed_at IS NOT NULL
        AND (f.retired_at IS NULL OR s.ended_at IS NOT NULL)
      LEFT JOIN verifications v ON v.id = s.verification_id
      WHERE s.kind = 'staff' AND (f.id IS NULL OR v.used_at IS NULL)`,
  },
  // A partial index of the sessions that have not ended, and roles by key.
  {
    invariant: 'staff-sessions-have-roles',
    sentence: 'Only somebody with a role has staff sessions that have not ended.',
    violations: `
      SELECT s.id AS "sessionId", s.account_id AS "accountId"
      FROM sessions s
      WHERE s.kind = 'staff' AND s.ended_at IS NULL
        AND NOT EXISTS (SELECT FROM account_roles r WHERE r.account_id = s.account_id)`,
  },
  // One pass over the events of accounts, and the few roles.
  {
    invariant: 'there-is-an-admin',
    sentence: 'Once there was an admin with a second factor, there is one.',
    violations: `
      SELECT count(*) AS "onceAdmins" FROM (
        SELECT FROM events g JOIN events c ON c.aggregate_type = 'account' AND c.aggregate_id = g.aggregate_id
          AND c.type = 'account.factor_confirmed'
        WHERE g.aggregate_type = 'account' AND g.type = 'account.role_granted' AND g.payload ->> 'role' = 'admin'
      ) AS once
      HAVING count(*) > 0 AND NOT EXISTS (${COUNTED_ADMINS})`,
  },
];
