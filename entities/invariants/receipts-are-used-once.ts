import type { Invariant } from './invariant';

/** One pass over the unique index that says the same. */
export const receiptsAreUsedOnce: Invariant = {
  invariant: 'receipts-are-used-once',
  sentence: "A gateway's receipt, like its authority, belongs to one attempt.",
  violations: `
    SELECT gateway, ref_id AS "refId", NULL AS authority, count(*) AS attempts
    FROM payment_attempts WHERE ref_id IS NOT NULL GROUP BY gateway, ref_id HAVING count(*) > 1
    UNION ALL
    SELECT gateway, NULL, authority, count(*)
    FROM payment_attempts WHERE authority IS NOT NULL GROUP BY gateway, authority HAVING count(*) > 1`,
};
