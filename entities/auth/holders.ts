import { reachOf, STAFF_ROLES, type Action } from './policy';

/** The roles with which an action reaches everybody's, as a list in SQL. */
const rolesFor = (action: Action) =>
  STAFF_ROLES.filter((role) => reachOf(action, [role]) === 'any')
    .map((role) => `'${role}'`)
    .join(', ');

/**
 * The active accounts that may do something for everybody, as SQL: rows of `holder(account_id)`, one for each role that lets them. More
 * conditions may follow with `AND`.
 */
export const holdersOf = (action: Action): string =>
  `account_roles holder JOIN accounts active ON active.id = holder.account_id AND active.status = 'active'
   WHERE holder.role IN (${rolesFor(action)})`;

/**
 * Whether an account is active and may do something for everybody, as SQL.
 *
 * @param account an expression of the statement, say `d.assignee_id`
 */
export const mayDo = (action: Action, account: string): string =>
  `EXISTS (SELECT FROM ${holdersOf(action)} AND holder.account_id = ${account})`;
