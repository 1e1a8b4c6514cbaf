import { assertThat } from '../../entities/errors';
import { grantRole, inviteStaff } from '../../entities/staff/grant-role';
import { replaceFactor } from '../../entities/staff/replace-factor';
import { readStaff } from '../../entities/staff/staff-member';
import { takeRolesWithTickets } from '../../entities/support/put-back-tickets';
import { phoneNumber } from '../../entities/values/phone-number';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf, changeAccount } from './acting';
import { InviteInput, StaffParams, StaffRoleParams } from './staff.input';
import { presentMember } from './staff.presenter';
import { StaffMemberView, StaffView } from './staff.view';

/** Who works for the shop, and in which roles. */
export function staffRoutes(
  router: StaffRouter,
  dependencies: Pick<Dependencies, 'database' | 'liveSessions' | 'smsConfig'>,
): void {
  const { database, smsConfig } = dependencies;

  router.get(
    '/staff',
    [
      describeRoute({
        operation: 'listStaff',
        tag: 'staff',
        summary: 'Everybody who works for the shop',
        answers: { 200: StaffView },
      }),
      may('staff.list'),
    ],
    async () => ({ status: 200, body: { items: (await readStaff(database.manager)).map(presentMember) } }),
  );

  router.post(
    '/staff',
    [
      describeRoute({
        operation: 'inviteStaff',
        tag: 'staff',
        summary: 'Invite the person with a number to work for the shop',
        description:
          'The answer is the same whether the number had an account or not. The person signs in with a code, then enrols a second factor. Only then does the role count.',
        answers: { 200: StaffMemberView },
        errors: ['auth.phone_invalid', 'staff.not_yourself'],
      }),
      may('staff.invite'),
      validate(InviteInput),
    ],
    async (ctx) => {
      const { role, ...input } = ctx.state.input;
      const phone = phoneNumber(input.phone, { isStrict: smsConfig.smsStrictNumbers });
      assertThat(phone, 'auth.phone_invalid');
      const member = await withTransaction(database, (transaction) =>
        inviteStaff(transaction, actorOf(ctx.state), { phone, role }),
      );
      return { status: 200, body: presentMember(member) };
    },
  );

  router.delete(
    '/staff/:id',
    [
      describeRoute({
        operation: 'dismissStaff',
        tag: 'staff',
        summary: 'Take all roles from somebody',
        description:
          'Signs the person out everywhere and takes the second factor away. The account stays a customer.',
        answers: { 204: 'The person works for the shop no more.' },
        errors: ['staff.not_found', 'staff.last_admin'],
      }),
      may('staff.dismiss'),
      validateParams(StaffParams, 'staff.not_found'),
    ],
    async (ctx) => {
      const { id: accountId } = ctx.state.params;
      await changeAccount(dependencies, ctx.state, accountId, (transaction, actor) =>
        takeRolesWithTickets(transaction, actor, { accountId, role: null }),
      );
      return { status: 204 };
    },
  );

  router.put(
    '/staff/:id/roles/:role',
    [
      describeRoute({
        operation: 'grantRole',
        tag: 'staff',
        summary: 'Give somebody who works for the shop a further role',
        answers: { 200: StaffMemberView },
        errors: ['staff.not_found', 'staff.not_yourself'],
      }),
      may('role.grant'),
      validateParams(StaffRoleParams, 'staff.not_found'),
    ],
    async (ctx) => {
      const { id: accountId, role } = ctx.state.params;
      const member = await changeAccount(dependencies, ctx.state, accountId, (transaction, actor) =>
        grantRole(transaction, actor, { accountId, role }),
      );
      return { status: 200, body: presentMember(member) };
    },
  );

  router.delete(
    '/staff/:id/roles/:role',
    [
      describeRoute({
        operation: 'takeRole',
        tag: 'staff',
        summary: 'Take a role from somebody',
        description: 'Signs the person out everywhere.',
        answers: { 204: 'The person does not have the role any more.' },
        errors: ['staff.not_found', 'staff.last_admin'],
      }),
      may('role.take'),
      validateParams(StaffRoleParams, 'staff.not_found'),
    ],
    async (ctx) => {
      const { id: accountId, role } = ctx.state.params;
      await changeAccount(dependencies, ctx.state, accountId, (transaction, actor) =>
        takeRolesWithTickets(transaction, actor, { accountId, role }),
      );
      return { status: 204 };
    },
  );

  router.delete(
    '/staff/:id/factor',
    [
      describeRoute({
        operation: 'replaceFactor',
        tag: 'staff',
        summary: 'Take the lost second factor of somebody away',
        description:
          'Make sure by another way who asks for it. The person is signed out everywhere and enrols another factor at the next sign-in.',
        answers: { 204: 'The second factor is worth nothing any more.' },
        errors: ['staff.not_found', 'staff.not_yourself', 'staff.last_admin'],
      }),
      may('factor.replace'),
      validateParams(StaffParams, 'staff.not_found'),
    ],
    async (ctx) => {
      const { id } = ctx.state.params;
      await changeAccount(dependencies, ctx.state, id, (transaction, actor) =>
        replaceFactor(transaction, actor, id),
      );
      return { status: 204 };
    },
  );
}
