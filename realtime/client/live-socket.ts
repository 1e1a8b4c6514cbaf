import type { Manager, Socket } from 'socket.io-client';

import type { Problem } from '../../entities/problem';
import { LiveProblem } from './protocol';

/** Where access tokens come from: a session of `api/client` is one. */
export interface TokenSource {
  /** A token that is good for some seconds more; undefined when the session is over. */
  accessToken(): Promise<string | undefined>;
  /** This token is refused, or expires. Returns another one, or undefined when the session is over. */
  renew(refused: string): Promise<string | undefined>;
}

interface Parts {
  /** Absent for guests. */
  readonly session: TokenSource | undefined;
  /** The server will not have this client again, or the session is over. Called at most once. */
  readonly onEnd: (problem?: LiveProblem) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/**
 * A socket in a namespace that stays connected: it shows a good token at every connect, renews it before it expires, and comes back
 * with a spread where the server refuses it for now. Transports that break are brought back by the manager.
 */
export function openLiveSocket(manager: Manager, namespace: string, { session, onEnd }: Parts): Socket {
  let shown: string | undefined;
  let pauses = 0;
  let isOver = false;
  let later: ReturnType<typeof setTimeout> | undefined;

  const socket = manager.socket(namespace, { auth: (give) => void show(give) });

  async function show(give: (auth: object) => void): Promise<void> {
    if (!session) return give({});
    try {
      const token = await session.accessToken();
      if (token === undefined) return end();
      shown = token;
      give({ token });
    } catch {
      comeBack();
    }
  }

  function end(problem?: LiveProblem): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(later);
    socket.disconnect();
    onEnd(problem);
  }

  function comeBack(): void {
    if (isOver) return;
    socket.disconnect();
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** pauses, LONGEST_PAUSE_MS);
    pauses += 1;
    clearTimeout(later);
    later = setTimeout(() => socket.connect(), pause * (0.5 + Math.random()));
  }

  /** Undefined where the session is over, or there is none. */
  async function anotherToken(): Promise<string | undefined> {
    return session && shown !== undefined ? session.renew(shown) : undefined;
  }

  async function refused(problem: LiveProblem): Promise<void> {
    if (problem.retryAfterSeconds !== undefined) return comeBack();
    if (problem.problem.code !== 'access.token_invalid') return end(problem);
    try {
      const token = await anotherToken();
      if (token === undefined) end(problem);
      else comeBack();
    } catch {
      comeBack();
    }
  }

  /** Without an answer the connection ends when the token does, and a new one shows another. */
  async function renew(): Promise<void> {
    const token = await anotherToken().catch(() => undefined);
    if (token === undefined) return;
    shown = token;
    socket.emit('auth.renew', { token }, () => {});
  }

  socket.on('connect', () => (pauses = 0));
  socket.on('connect_error', (error: Error & { data?: Problem }) => {
    if (error.data) void refused(new LiveProblem('connect', error.data));
  });
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') end();
    if (reason === 'io client disconnect') clearTimeout(later);
  });
  socket.on('auth.expiring', () => void renew());
  return socket;
}
