import type { DataSource } from 'typeorm';

import { readLiveSessions, type LiveSession } from '../entities/auth/read-live-sessions';
import type { Logger } from '../platform/logger';
import { settle, type Connection, type Connections } from './connections';

export type { LiveSession };

/** Reads sessions for connections that open. */
export interface SessionReader {
  /** The session as it is now; undefined when it has ended. Those that many ask for at once are read by one statement. */
  find(sessionId: string): Promise<LiveSession | undefined>;
}

/** Ends the connections of sessions that have ended, and gives the others the roles that their people have now. */
export interface SessionWatch {
  /** Reads the sessions that these accounts have here. Never rejects: what fails is read again within 2 s. */
  checkAccounts(accountIds: readonly string[]): Promise<void>;
  close(): void;
}

/** What the journal did not tell is found within this time. */
const CHECK_EVERY_MS = 2_000;

export function createSessionReader(database: DataSource): SessionReader {
  let waiting: Map<string, LiveSession | undefined> | undefined;
  let reading: Promise<ReadonlyMap<string, LiveSession | undefined>> | undefined;

  /** Runs once for all that were asked for in this turn of the event loop. */
  async function readWaiting(): Promise<ReadonlyMap<string, LiveSession | undefined>> {
    await new Promise(setImmediate);
    const found = waiting!;
    waiting = undefined;
    reading = undefined;
    for (const session of await readLiveSessions(database.manager, [...found.keys()])) {
      found.set(session.sessionId, session);
    }
    return found;
  }

  return {
    async find(sessionId) {
      waiting ??= new Map();
      waiting.set(sessionId, undefined);
      reading ??= readWaiting();
      return (await reading).get(sessionId);
    },
  };
}

export function watchSessions(database: DataSource, connections: Connections, logger: Logger): SessionWatch {
  let isChecking = false;

  async function check(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    try {
      const alive = new Map(
        (await readLiveSessions(database.manager, sessionIds)).map((session) => [session.sessionId, session]),
      );
      for (const sessionId of sessionIds) {
        for (const connection of connections.ofSession(sessionId)) apply(connection, alive.get(sessionId));
      }
    } catch (error) {
      // Access tokens live for ten minutes, so no session outlives its end by more while Postgres is away.
      logger.warn({ err: error }, 'the sessions of the sockets could not be read');
    }
  }

  const timer = setInterval(() => {
    if (isChecking) return;
    isChecking = true;
    void check(connections.sessions()).finally(() => (isChecking = false));
  }, CHECK_EVERY_MS);
  timer.unref();

  return {
    checkAccounts: (accountIds) =>
      check([
        ...new Set(
          accountIds
            .flatMap((id) => connections.ofAccount(id))
            .flatMap((it) => it.principal?.sessionId ?? []),
        ),
      ]),
    close: () => clearInterval(timer),
  };
}

function apply(connection: Connection, session: LiveSession | undefined): void {
  if (!session) {
    // The client is told that the server ended it, so it does not come back by itself.
    for (const socket of connection.sockets) socket.disconnect(true);
    connection.transport.close();
    return;
  }
  const { provedAt, readAt } = session;
  settle(connection, { ...connection.principal!, roles: ['customer', ...session.roles], provedAt, readAt });
}
