import { changeProfile } from '../../entities/customers/change-profile';
import { readProfile } from '../../entities/customers/read-profile';
import { invalidRequest } from '../../entities/problem';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import { ChangeProfileInput } from './me.input';
import { presentProfile } from './me.presenter';
import { ProfileView } from './me.view';

const NOTHING = { in: 'body', field: '', rule: 'change', detail: 'must hold a field to change' } as const;

/** What a person says of themselves. */
export function meRoutes(router: CustomerRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/me',
    [
      describeRoute({
        operation: 'getMe',
        tag: 'me',
        summary: 'Who the caller is',
        answers: { 200: ProfileView },
      }),
      may('profile.read'),
    ],
    async (ctx) => {
      const { caller } = ctx.state;
      return {
        status: 200,
        body: presentProfile(await readProfile(database.manager, caller.accountId), caller),
      };
    },
  );

  router.patch(
    '/me',
    [
      describeRoute({
        operation: 'changeMe',
        tag: 'me',
        summary: 'Change name, e-mail, language or consent',
        answers: { 200: ProfileView },
      }),
      may('profile.change'),
      validate(ChangeProfileInput),
    ],
    async (ctx) => {
      const { caller, input } = ctx.state;
      if (Object.keys(input).length === 0) throw invalidRequest([NOTHING]);
      const profile = await withTransaction(database, (transaction) =>
        changeProfile(transaction, { ...input, accountId: caller.accountId }),
      );
      return { status: 200, body: presentProfile(profile, caller) };
    },
  );
}
