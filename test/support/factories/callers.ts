import type { StaffRole } from '../../../entities/auth/policy';
import type { Shop } from '../shop';
import { rows } from '../sql';
import { buildSession } from './accounts';

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
  const session = await buildSession(shop.database, {
    kind: roles.length > 0 ? 'staff' : 'customer',
    ...(accountId === undefined ? {} : { accountId }),
  });
  await rows(
    shop.database.manager,
    'INSERT INTO account_roles (account_id, role) SELECT $1, unnest($2::varchar[]) ON CONFLICT DO NOTHING',
    [session.accountId, roles],
  );
  const accessToken = shop.accessToken(session);
  const { sessionId } = session;
  return {
    accountId: session.accountId,
    sessionId,
    accessToken,
    headers: { authorization: `Bearer ${accessToken}` },
  };
}
