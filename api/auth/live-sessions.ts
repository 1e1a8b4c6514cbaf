import type { DataSource } from 'typeorm';

import { readLiveSessions, type LiveSession } from '../../entities/auth/read-live-sessions';
import { confirmGeneration } from '../../entities/auth/refresh-session';
import { AppError } from '../../entities/errors';
import { isPostgresAway } from '../../platform/postgres-errors';
import { withTransaction } from '../../platform/transaction';

/** Which sessions are alive, for every request with an access token. */
export interface LiveSessions {
  /**
   * The session as it was at most 2 s ago; undefined when it has ended.
   *
   * @throws AppError `service.unavailable` when Postgres has not answered for 10 s
   */
  find(sessionId: string): Promise<LiveSession | undefined>;
  /** Stores that the owner has this generation, once. */
  confirm(session: LiveSession, generation: number): Promise<void>;
  /** Forgets what is remembered of a session that this process has changed, so that its own change counts at once. */
  forget(sessionId: string): void;
  /** {@link forget} for all sessions of an account. */
  forgetAccount(accountId: string): Promise<void>;
}

/** A revoked session and a changed role count within this time. No Redis is asked, so none can be lost. */
const REMEMBERED_MS = 2_000;
/** While Postgres is away, what was read is good for so long. */
const LONGEST_MS = 10_000;
const MOST_SESSIONS = 10_000;

interface Remembered {
  readonly session: Promise<LiveSession | undefined>;
  readonly readAt: number;
}

export function createLiveSessions(database: DataSource, now: () => number = Date.now): LiveSessions {
  const remembered = new Map<string, Remembered>();

  function remember(sessionId: string, entry: Remembered): void {
    remembered.delete(sessionId);
    remembered.set(sessionId, entry);
    if (remembered.size > MOST_SESSIONS) remembered.delete(remembered.keys().next().value!);
  }

  /** Requests that come meanwhile wait for the same read. One that fails leaves what was known before. */
  function read(sessionId: string, before: Remembered | undefined): Promise<LiveSession | undefined> {
    const readAt = now();
    const session = readLiveSessions(database.manager, [sessionId]).then(
      ([found]) => found,
      (error: unknown) => {
        if (remembered.get(sessionId)?.session === session) {
          if (before) remember(sessionId, before);
          else remembered.delete(sessionId);
        }
        if (!isPostgresAway(error)) throw error;
        if (before && now() - before.readAt < LONGEST_MS) return before.session;
        throw new AppError('service.unavailable', {}, { cause: error });
      },
    );
    remember(sessionId, { session, readAt });
    return session;
  }

  return {
    async find(sessionId) {
      const known = remembered.get(sessionId);
      if (known && now() - known.readAt < REMEMBERED_MS) return known.session;
      return read(sessionId, known);
    },
    async confirm({ sessionId, confirmed }, generation) {
      if (generation <= confirmed) return;
      await withTransaction(database, (transaction) =>
        confirmGeneration(transaction, { sessionId, generation }),
      );
      remembered.delete(sessionId);
    },
    forget: (sessionId) => void remembered.delete(sessionId),
    async forgetAccount(accountId) {
      await Promise.all(
        [...remembered].map(async ([sessionId, { session }]) => {
          const found = await session.catch(() => undefined);
          if (found?.accountId === accountId) remembered.delete(sessionId);
        }),
      );
    },
  };
}
