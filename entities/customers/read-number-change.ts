import type { EntityManager } from 'typeorm';

import { boolean, instant, nullable, text, uuid } from '../row-shape';
import { row, rows, statement } from '../sql';
import type { NumberChangeStatus } from './number-change';

/** A change of number as its person and staff see it. */
export interface NumberChangeState {
  readonly id: string;
  readonly accountId: string;
  readonly status: NumberChangeStatus;
  readonly isOldLost: boolean;
  /** When an approved change is carried out. */
  readonly effectiveAt: Date | null;
  readonly createdAt: Date;
}

/** With what only operations may see. */
export interface NumberChangeRow extends NumberChangeState {
  readonly oldPhone: string | null;
  readonly newPhone: string | null;
  readonly newVerificationId: string;
  readonly oldVerificationId: string | null;
  readonly newProved: boolean;
  readonly oldProved: boolean;
}

const STATE = `id, account_id AS "accountId", status, is_old_lost AS "isOldLost", effective_at AS "effectiveAt",
  created_at AS "createdAt"`;

const STATE_SHAPE = {
  id: uuid,
  accountId: uuid,
  status: text,
  isOldLost: boolean,
  effectiveAt: nullable(instant),
  createdAt: instant,
};

const FIND = statement<NumberChangeRow>(
  `SELECT ${STATE}, old_phone AS "oldPhone", new_phone AS "newPhone", new_verification_id AS "newVerificationId",
     old_verification_id AS "oldVerificationId", new_proved AS "newProved", old_proved AS "oldProved"
   FROM number_changes WHERE id = $1`,
  {
    ...STATE_SHAPE,
    oldPhone: nullable(text),
    newPhone: nullable(text),
    newVerificationId: uuid,
    oldVerificationId: nullable(uuid),
    newProved: boolean,
    oldProved: boolean,
  },
);

const LIST = statement<NumberChangeState>(
  `SELECT ${STATE} FROM number_changes WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 20`,
  STATE_SHAPE,
);

/** The change with its numbers. Whoever changes it has locked its account. */
export function findNumberChange(
  manager: EntityManager,
  changeId: string,
): Promise<NumberChangeRow | undefined> {
  return row(manager, FIND, [changeId]);
}

/** The latest changes of an account, the newest first, without their numbers. */
export function readNumberChanges(manager: EntityManager, accountId: string): Promise<NumberChangeState[]> {
  return rows(manager, LIST, [accountId]);
}
