import { randomBytes } from 'node:crypto';

import type { DataSource } from 'typeorm';

import { confirmNumberChange } from '../../../entities/customers/confirm-number-change';
import { approveNumberChange } from '../../../entities/customers/lost-number';
import {
  requestNumberChange,
  type RequestNumberChange,
} from '../../../entities/customers/request-number-change';
import { newId } from '../../../entities/values/uuid';
import { createKeyedHash } from '../../../platform/keyed-hash';
import { withTransaction } from '../../../platform/transaction';
import { row } from '../sql';
import { buildSession } from './accounts';
import { buildPhone } from './phone';
import { codeFor, PEPPERS } from './verifications';

const keyedHash = createKeyedHash('a secret for hashes that never changes');

export interface BuiltNumberChange {
  readonly changeId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly oldPhone: string;
  readonly newPhone: string;
  readonly newCode: string;
  /** Null where the old number is lost. */
  readonly oldCode: string | null;
  /** Of the code to the new number, and of that to the old one. */
  readonly verificationIds: readonly string[];
}

/** A change of number with its codes sent, of a new person unless told. */
export async function buildNumberChange(
  database: DataSource,
  overrides: Partial<RequestNumberChange> = {},
): Promise<BuiltNumberChange> {
  const { sessionId, accountId } = await buildSession(
    database,
    overrides.accountId === undefined ? {} : { accountId: overrides.accountId },
  );
  const { phone: oldPhone } = (await row<{ phone: string }>(
    database.manager,
    'SELECT phone FROM accounts WHERE id = $1',
    [accountId],
  ))!;
  const newPhone = overrides.newPhone ?? buildPhone();
  const { changeId, verificationIds } = await withTransaction(database, (transaction) =>
    requestNumberChange(transaction, {
      changeId: newId(),
      isOldLost: false,
      clientKey: randomBytes(32).toString('hex'),
      sessionKey: randomBytes(32).toString('hex'),
      keyedHash,
      peppers: PEPPERS,
      ...overrides,
      accountId,
      newPhone,
    }),
  );
  const { peppers } = overrides;
  const [newCode, oldCode = null] = await Promise.all(
    verificationIds.map((id) => codeFor(database, id, peppers)),
  );
  return { changeId, accountId, sessionId, oldPhone, newPhone, newCode: newCode!, oldCode, verificationIds };
}

/** Types codes, the right ones unless told. */
export const confirm = (
  database: DataSource,
  change: BuiltNumberChange,
  codes: { readonly newCode?: string; readonly oldCode?: string | null } = {},
) =>
  withTransaction(database, (transaction) =>
    confirmNumberChange(transaction, { ...change, ...codes, peppers: PEPPERS }),
  );

/** A change of somebody who has lost the old number, as staff have approved it. */
export async function buildApprovedChange(database: DataSource, waitMs: number): Promise<BuiltNumberChange> {
  const change = await buildNumberChange(database, { isOldLost: true });
  await confirm(database, change);
  await withTransaction(database, (transaction) => approveNumberChange(transaction, { ...change, waitMs }));
  return change;
}

/** Where a change and its account stand. */
export const standingOf = (database: DataSource, { changeId }: Pick<BuiltNumberChange, 'changeId'>) =>
  row<{ status: string; phone: string | null; newPhone: string | null; liveSessions: number }>(
    database.manager,
    `SELECT n.status, a.phone, n.new_phone AS "newPhone",
       (SELECT count(*)::int FROM sessions s WHERE s.account_id = a.id AND s.ended_at IS NULL) AS "liveSessions"
     FROM number_changes n JOIN accounts a ON a.id = n.account_id WHERE n.id = $1`,
    [changeId],
  );
