import { buildSentCode, type Asked } from './factories/verifications';
import type { Shop } from './shop';
import { SHOP_PEPPERS } from './shop-codes';

/** What the answers about sessions have in them. */
interface AuthBody {
  readonly code: string;
  readonly id: string;
  readonly attemptsLeft: number;
  readonly workChallenge: string;
  readonly deviceToken: string;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly session: {
    readonly sessionId: string;
    readonly accessToken: string;
    readonly refreshToken: string;
  };
  readonly secondFactor: { readonly token: string; readonly expiresAt: string };
  readonly items: readonly { readonly id: string; readonly label: string; readonly isCurrent: boolean }[];
  readonly [field: string]: unknown;
}

export interface AuthAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AuthBody;
  /** The cookies that it sets. */
  readonly cookies: readonly string[];
}

export type Headed = Readonly<Record<string, string>>;

/** Calls a route of the API. A text is sent as it is. */
export async function ask(
  { url }: Pick<Shop, 'url'>,
  method: string,
  path: string,
  { headers = {}, body }: { readonly headers?: Headed; readonly body?: unknown } = {},
): Promise<AuthAnswer> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as AuthBody,
    cookies: response.headers.getSetCookie(),
  };
}

export const bearer = (accessToken: string): Headed => ({ Authorization: `Bearer ${accessToken}` });

/** A code of this shop that was asked for, as its owner types it. No message is sent. */
export async function codeOf({ database }: Pick<Shop, 'database'>, asked: Asked = {}) {
  const { verificationId, phone, code } = await buildSentCode(database, { peppers: SHOP_PEPPERS, ...asked });
  return { verificationId, phone, code };
}

/** Signs in on a new device, with the tokens in the answer unless told. */
export async function signInOn(
  shop: Pick<Shop, 'url' | 'database'>,
  { headers = {}, ...asked }: Asked & { readonly headers?: Headed } = {},
  input: object = {},
): Promise<AuthAnswer> {
  const body = { ...(await codeOf(shop, asked)), delivery: 'body', ...input };
  return ask(shop, 'POST', '/auth/sessions', { headers, body });
}

export const refreshWith = (shop: Pick<Shop, 'url'>, refreshToken: string): Promise<AuthAnswer> =>
  ask(shop, 'POST', '/auth/sessions/refresh', { body: { refreshToken } });

/** Whether the session of this access token is alive, and why not. */
export async function stateOf(shop: Pick<Shop, 'url'>, accessToken: string): Promise<string> {
  const { status, body } = await ask(shop, 'GET', '/me/sessions', { headers: bearer(accessToken) });
  return status === 200 ? 'alive' : body.code;
}
