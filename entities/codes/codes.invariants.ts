import type { Invariant } from '../invariant';

/** What holds at every instant for messages with codes. */
export const CODES_INVARIANTS: readonly Invariant[] = [
  // One pass over the codes and one over their messages, joined by hash.
  {
    invariant: 'codes-count-their-messages',
    sentence: 'A code counts each message that carries it, and no row of those holds it.',
    violations: `
      SELECT v.id AS "verificationId", v.sends, coalesce(m.messages, 0) AS messages, coalesce(m.holding, 0) AS holding
      FROM verifications v LEFT JOIN (
        SELECT verification_id, count(*) AS messages, count(*) FILTER (WHERE variables <> '{}') AS holding
        FROM sms_messages WHERE verification_id IS NOT NULL GROUP BY verification_id
      ) AS m ON m.verification_id = v.id
      WHERE v.sends <> coalesce(m.messages, 0) OR m.holding > 0`,
  },
];
