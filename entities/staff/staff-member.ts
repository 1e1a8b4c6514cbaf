import type { AccountStatus } from '../auth/account';
import type { StaffRole } from '../auth/policy';
import { AppError } from '../errors';
import { boolean, instant, json, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';

/** Somebody who works for the shop. */
export interface StaffMember {
  readonly accountId: string;
  /** E.164; null for an erased account. */
  readonly phone: string | null;
  readonly status: AccountStatus;
  readonly roles: readonly StaffRole[];
  /** Whether there is a confirmed second factor. Without one the roles do not count yet. */
  readonly isEnrolled: boolean;
  /** When the first of the roles was granted. */
  readonly since: Date;
}

/** More than any shop has. */
const MOST_STAFF = 1_000;

const MEMBERS = `
  SELECT a.id AS "accountId", a.phone, a.status, json_agg(r.role ORDER BY r.role) AS roles,
    EXISTS (SELECT FROM factors f
      WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL AND f.retired_at IS NULL) AS "isEnrolled",
    min(r.granted_at) AS since
  FROM account_roles r JOIN accounts a ON a.id = r.account_id`;

const SHAPE = {
  accountId: uuid,
  phone: nullable(text),
  status: text,
  roles: json<StaffRole[]>(),
  isEnrolled: boolean,
  since: instant,
} as const;

const ALL = statement<StaffMember>(
  `${MEMBERS} GROUP BY a.id ORDER BY min(r.granted_at), a.id LIMIT ${MOST_STAFF}`,
  SHAPE,
);
const ONE = statement<StaffMember>(`${MEMBERS} WHERE a.id = $1 GROUP BY a.id`, SHAPE);

/** Everybody who works for the shop, who was invited first. */
export function readStaff(transaction: Transaction): Promise<StaffMember[]> {
  return rows(transaction, ALL);
}

/** @throws AppError `staff.not_found` */
export async function readStaffMember(transaction: Transaction, accountId: string): Promise<StaffMember> {
  const member = await row(transaction, ONE, [accountId]);
  if (!member) throw new AppError('staff.not_found');
  return member;
}
