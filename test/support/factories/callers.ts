import type { StaffRole } from '../../../entities/auth/policy';
import type { Shop } from '../shop';
import { buildAccount, buildSession } from './accounts';
import { giveRoles } from './factors';

export interface BuiltCaller {
  readonly accountId: string;
  readonly sessionId: string;
  readonly accessToken: string;
  /** What a request of this caller sends. */
  readonly headers: { readonly authorization: string };
}

/** Somebody who has signed in: a customer, or a person of the staff with these roles. Of a new person unless told. */
export async function buildCaller(
  shop: Pick<Shop, 'database' | 'accessToken'>,
  { roles = [], accountId }: { readonly roles?: readonly StaffRole[]; readonly accountId?: string } = {},
): Promise<BuiltCaller> {
  const account = accountId ?? (await buildAccount(shop.database)).id;
  await giveRoles(shop.database, account, roles);
  const session = await buildSession(shop.database, {
    kind: roles.length > 0 ? 'staff' : 'customer',
    accountId: account,
  });
  const accessToken = shop.accessToken(session);
  const { sessionId } = session;
  return {
    accountId: session.accountId,
    sessionId,
    accessToken,
    headers: { authorization: `Bearer ${accessToken}` },
  };
}
