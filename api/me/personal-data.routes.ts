import { eraseAccount } from '../../entities/customers/erase-account';
import { exportAccount } from '../../entities/customers/export-account';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import type { CustomerRouter } from '../router-kinds';
import { PersonalDataView } from './personal-data.view';

/** What the shop knows of a person, to take along and to erase. */
export function personalDataRoutes(
  router: CustomerRouter,
  { database, liveSessions }: Pick<Dependencies, 'database' | 'liveSessions'>,
): void {
  router.get(
    '/me/export',
    [
      describeRoute({
        operation: 'exportMe',
        tag: 'me',
        summary: 'Everything that the shop knows of the caller',
        answers: { 200: PersonalDataView },
      }),
      may('account.export'),
    ],
    async (ctx) => {
      const { accountId } = ctx.state.caller;
      const tables = await withTransaction(database, (transaction) => exportAccount(transaction, accountId));
      return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: { tables } };
    },
  );

  router.post(
    '/me/erasure',
    [
      describeRoute({
        operation: 'eraseMe',
        tag: 'me',
        summary: 'Erase the account',
        description:
          'Removes everything personal and ends every session. It cannot be undone. It needs no `Idempotency-Key`: repeat it after a lost answer. `auth.session_over` then means that it was done. Another process may answer 204 for 2 s more. Codes of the last day keep their number until that day is over, so that an erasure is no way to more codes.',
        answers: { 204: 'The account is erased.' },
        errors: ['account.has_roles', 'account.order_open'],
      }),
      may('account.erase'),
    ],
    async (ctx) => {
      const { accountId } = ctx.state.caller;
      await withTransaction(database, (transaction) => eraseAccount(transaction, accountId));
      await liveSessions.forgetAccount(accountId);
      return { status: 204 };
    },
  );
}
