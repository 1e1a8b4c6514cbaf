import { AppError } from '../errors';
import { boolean } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';

/** An admin counts with an active account and a second factor. */
export const COUNTED_ADMINS = `
  SELECT r.account_id FROM account_roles r
  JOIN accounts a ON a.id = r.account_id AND a.status = 'active'
  JOIN factors f ON f.account_id = r.account_id AND f.confirmed_at IS NOT NULL AND f.retired_at IS NULL
  WHERE r.role = 'admin'`;

const LOCK = statement<{ isLocked: boolean }>(
  `WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('staff', 0)))
   SELECT true AS "isLocked" FROM locked`,
  { isLocked: boolean },
);

/** Lets changes of who works for the shop run one after another. They are rare. It comes before any lock of an account. */
export async function lockStaff(transaction: Transaction): Promise<void> {
  await rows(transaction, LOCK);
}

const IS_LAST = statement<{ isLast: boolean }>(
  `WITH admins AS (${COUNTED_ADMINS})
   SELECT EXISTS (SELECT FROM admins WHERE account_id = $1) AND (SELECT count(*) FROM admins) = 1 AS "isLast"`,
  { isLast: boolean },
);

/**
 * Refuses what would leave the shop without an admin. It comes after {@link lockStaff}, so that two who take the role from each
 * other do not both succeed.
 *
 * @throws AppError `staff.last_admin`
 */
export async function refuseLastAdmin(transaction: Transaction, accountId: string): Promise<void> {
  const { isLast } = (await row(transaction, IS_LAST, [accountId]))!;
  if (isLast) throw new AppError('staff.last_admin');
}

const HAS_ADMIN = statement<{ hasAdmin: boolean }>(`SELECT EXISTS (${COUNTED_ADMINS}) AS "hasAdmin"`, {
  hasAdmin: boolean,
});

/** Whether anybody can act as an admin. */
export async function hasAdmin(transaction: Transaction): Promise<boolean> {
  return (await row(transaction, HAS_ADMIN))!.hasAdmin;
}
