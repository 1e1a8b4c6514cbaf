import { ApiProblem, type ApiClient, type ApiSession } from './client';
import type { SessionView } from './generated';

/** What a client keeps of a session, for example in a file of its own. */
export interface KeptSession {
  readonly accessToken: string;
  /** When the access token is over, in milliseconds since the epoch, by this machine's clock. */
  readonly expiresAt: number;
  readonly refreshToken: string;
}

interface SessionOptions {
  /** Without a session of its own: it calls `refreshSession` only. */
  readonly api: ApiClient;
  readonly kept: KeptSession;
  /** Called after each refresh, before the new token is used, and with undefined when the session is over. */
  readonly onChange?: (kept: KeptSession | undefined) => void | Promise<void>;
}

/** A token is replaced so long before its end, in milliseconds. */
const EARLY_MS = 10_000;

/**
 * Refreshes a session that was opened with `delivery: 'body'`. Calls that come together refresh once. A refresh without an answer
 * may be repeated with the same token, also days later; `onChange` is the place to keep the new one.
 */
export function createApiSession({ api, kept, onChange = () => {} }: SessionOptions): ApiSession {
  let current: KeptSession | undefined = kept;
  let refreshing: Promise<void> | undefined;

  async function refresh(refreshToken: string): Promise<void> {
    current = await refreshed(api, refreshToken);
    await onChange(current);
  }

  async function refreshOnce(): Promise<string | undefined> {
    if (!current) return undefined;
    refreshing ??= refresh(current.refreshToken).finally(() => (refreshing = undefined));
    await refreshing;
    return current?.accessToken;
  }

  return {
    async accessToken() {
      const isGood = current !== undefined && current.expiresAt - EARLY_MS > Date.now();
      return isGood ? current!.accessToken : refreshOnce();
    },
    async renew(refused) {
      return current && current.accessToken !== refused ? current.accessToken : refreshOnce();
    },
  };
}

/** What is to be kept of an answer that opened or refreshed a session with `delivery: 'body'`. */
export function keptOf({ accessToken, expiresIn, refreshToken }: SessionView): KeptSession {
  if (refreshToken === null) throw new Error('the session was delivered as a cookie');
  return { accessToken, expiresAt: Date.now() + expiresIn * 1_000, refreshToken };
}

async function refreshed(api: ApiClient, refreshToken: string): Promise<KeptSession | undefined> {
  try {
    const { data } = await api.call('refreshSession', { body: { refreshToken } });
    return keptOf(data);
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status === 401) return undefined;
    throw error;
  }
}
