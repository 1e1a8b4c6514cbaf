import { accountExists } from '../../entities/auth/account-exists';
import { rejectNumberChange } from '../../entities/customers/lost-number';
import { readNumberChanges } from '../../entities/customers/read-number-change';
import { assertThat } from '../../entities/errors';
import { endAccountSessions, unblockAccount } from '../../entities/staff/block-account';
import { findCustomer, type FoundCustomer } from '../../entities/staff/find-customer';
import { blockWithTickets } from '../../entities/support/put-back-tickets';
import { maskedPhone, phoneNumber } from '../../entities/values/phone-number';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { approveChange, type NumberChangeDependencies } from '../me/change-number';
import { NumberChangesView, presentNumberChange } from '../me/number-changes.view';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf, changeAccount } from '../staff/acting';
import { CustomerNumberChangeParams, CustomerParams, FindCustomerInput } from './customer.input';
import { FoundCustomersView, type CustomerView } from './customer.view';

/** What staff do with the accounts of customers. */
export function customersRoutes(
  router: StaffRouter,
  dependencies: NumberChangeDependencies & Pick<Dependencies, 'liveSessions'>,
): void {
  const { database, smsConfig } = dependencies;

  router.post(
    '/customers/search',
    [
      describeRoute({
        operation: 'findCustomer',
        tag: 'customers',
        summary: 'Find the account with exactly this number',
        description: 'It is recorded that somebody asked, without the number.',
        answers: { 200: FoundCustomersView },
        errors: ['auth.phone_invalid'],
      }),
      may('customer.find'),
      validate(FindCustomerInput),
    ],
    async (ctx) => {
      const phone = phoneNumber(ctx.state.input.phone, { isStrict: smsConfig.smsStrictNumbers });
      assertThat(phone, 'auth.phone_invalid');
      const found = await withTransaction(database, (transaction) =>
        findCustomer(transaction, actorOf(ctx.state), phone),
      );
      return { status: 200, body: { items: found ? [presentCustomer(found)] : [] } };
    },
  );

  router.put(
    '/customers/:id/block',
    [
      describeRoute({
        operation: 'blockAccount',
        tag: 'customers',
        summary: 'Block an account',
        description: 'Signs the person out everywhere. Orders that are under way go on.',
        answers: { 204: 'The account is blocked.' },
        errors: ['account.not_found', 'staff.not_yourself', 'staff.last_admin'],
      }),
      may('account.block'),
      validateParams(CustomerParams, 'account.not_found'),
    ],
    async (ctx) => {
      const { id } = ctx.state.params;
      await changeAccount(dependencies, ctx.state, id, (transaction, actor) =>
        blockWithTickets(transaction, actor, id),
      );
      return { status: 204 };
    },
  );

  router.delete(
    '/customers/:id/block',
    [
      describeRoute({
        operation: 'unblockAccount',
        tag: 'customers',
        summary: 'Let a blocked account sign in again',
        answers: { 204: 'The account is not blocked.' },
        errors: ['account.not_found'],
      }),
      may('account.unblock'),
      validateParams(CustomerParams, 'account.not_found'),
    ],
    async (ctx) => {
      const { id } = ctx.state.params;
      await changeAccount(dependencies, ctx.state, id, (transaction, actor) =>
        unblockAccount(transaction, actor, id),
      );
      return { status: 204 };
    },
  );

  router.delete(
    '/customers/:id/sessions',
    [
      describeRoute({
        operation: 'endAccountSessions',
        tag: 'customers',
        summary: 'Sign an account out everywhere',
        description: 'Say for somebody who has lost a phone.',
        answers: { 204: 'The account is signed in nowhere.' },
        errors: ['account.not_found'],
      }),
      may('account.end_sessions'),
      validateParams(CustomerParams, 'account.not_found'),
    ],
    async (ctx) => {
      const { id } = ctx.state.params;
      await changeAccount(dependencies, ctx.state, id, (transaction, actor) =>
        endAccountSessions(transaction, actor, id),
      );
      return { status: 204 };
    },
  );

  router.get(
    '/customers/:id/number-changes',
    [
      describeRoute({
        operation: 'listCustomerNumberChanges',
        tag: 'customers',
        summary: 'The latest changes of number of an account, without the numbers',
        description: 'A `proved` one waits for an admin, who approves or rejects it.',
        answers: { 200: NumberChangesView },
      }),
      may('number_change.read'),
      validateParams(CustomerParams, 'account.not_found'),
    ],
    async (ctx) => {
      const { id } = ctx.state.params;
      assertThat(await accountExists(database.manager, id), 'account.not_found');
      const changes = await readNumberChanges(database.manager, id);
      return { status: 200, body: { items: changes.map(presentNumberChange) } };
    },
  );

  router.post(
    '/customers/:id/number-changes/:changeId/reject',
    [
      describeRoute({
        operation: 'rejectNumberChange',
        tag: 'customers',
        summary: 'Reject the new number of somebody who says that the old one is lost',
        description: 'Also after an approval, until the change is made. A repetition changes nothing.',
        answers: { 204: 'The change is cancelled.' },
        errors: ['number_change.over', 'number_change.not_proved'],
      }),
      may('number_change.reject'),
      validateParams(CustomerNumberChangeParams, 'number_change.not_found'),
    ],
    async (ctx) => {
      const { id: accountId, changeId } = ctx.state.params;
      await withTransaction(database, (transaction) =>
        rejectNumberChange(transaction, actorOf(ctx.state), { accountId, changeId }),
      );
      await dependencies.numberChanges.cancelled(changeId);
      return { status: 204 };
    },
  );

  router.post(
    '/customers/:id/number-changes/:changeId/approve',
    [
      describeRoute({
        operation: 'approveNumberChange',
        tag: 'customers',
        summary: 'Approve the new number of somebody who has lost the old one',
        description:
          'It is made after a wait, in which the owner of the old number can cancel. A repetition changes nothing.',
        answers: { 204: 'The change is approved.' },
        errors: [
          'number_change.over',
          'number_change.not_proved',
          'auth.account_blocked',
          'staff.not_yourself',
          'service.unavailable',
        ],
      }),
      may('number_change.approve'),
      validateParams(CustomerNumberChangeParams, 'number_change.not_found'),
    ],
    async (ctx) => {
      const { id: accountId, changeId } = ctx.state.params;
      await approveChange(dependencies, { accountId, changeId }, actorOf(ctx.state));
      return { status: 204 };
    },
  );
}

function presentCustomer({ accountId, phone, status, createdAt }: FoundCustomer): CustomerView {
  return { id: accountId, phone: maskedPhone(phone), status, createdAt: createdAt.toISOString() };
}
