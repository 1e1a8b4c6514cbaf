import type { DataSource } from 'typeorm';

import { confirmGeneration } from '../entities/auth/refresh-session';
import { readTicket, spendTicket } from '../entities/auth/ticket';
import { AppError, assertThat } from '../entities/errors';
import { LONGEST_LIFE_SECONDS, type AccessTokenCheck } from '../platform/access-token';
import type { SignedTokens } from '../platform/signed-token';
import { withTransaction } from '../platform/transaction';
import { digestOf, type Connection, type Connections, type Principal } from './connections';
import type { HandshakeInput } from './handshake.input';
import type { LiveSession, SessionReader } from './sessions';

/** Finds out who shows a token or a ticket. */
export interface Handshakes {
  /**
   * Who is behind the connection; undefined for a guest, who shows nothing. One token is checked and one ticket used up once for
   * a connection, however many namespaces it joins.
   *
   * @throws AppError for what is not good now, and for another person or session than the connection has
   */
  identify(connection: Connection, shown: HandshakeInput): Promise<Principal | undefined>;
}

interface Parts {
  readonly database: DataSource;
  readonly tokens: SignedTokens;
  readonly checkAccessToken: AccessTokenCheck;
  readonly connections: Connections;
  readonly sessions: SessionReader;
}

export function createHandshakes(parts: Parts): Handshakes {
  const { database, tokens, checkAccessToken, connections, sessions } = parts;

  async function byToken(token: string): Promise<Principal> {
    const claims = await checkAccessToken(token);
    assertThat(claims, 'access.token_invalid');
    const { accountId, sessionId, generation, expiresAt } = claims;
    const session = await sessions.find(sessionId);
    // A token that is newer than its row was given out before the rows were restored from an older dump.
    assertThat(session?.accountId === accountId && generation <= session.generation, 'auth.session_over');
    if (generation > session.confirmed) {
      await withTransaction(database, (transaction) =>
        confirmGeneration(transaction, { sessionId, generation }),
      );
    }
    return principalOf(session, expiresAt);
  }

  async function byTicket(text: string): Promise<Principal> {
    const ticket = readTicket(tokens, text);
    assertThat(ticket, 'auth.ticket_invalid');
    const isFirst = await withTransaction(database, (transaction) => spendTicket(transaction, ticket));
    assertThat(isFirst, 'auth.ticket_invalid');
    const session = await sessions.find(ticket.sessionId);
    assertThat(session?.accountId === ticket.accountId, 'auth.session_over');
    return principalOf(session, new Date(Date.now() + LONGEST_LIFE_SECONDS * 1_000));
  }

  return {
    async identify(connection, { token, ticket }) {
      // A guest's too: each join makes a socket, and frames count by socket.
      if (!connection.handshakes.take()) {
        throw new AppError('request.too_many', { retryAfterSeconds: 1 });
      }
      const shown = token ?? ticket;
      if (shown === undefined) return undefined;
      const digest = digestOf(shown);
      let { proof } = connection;
      if (proof?.digest !== digest) {
        proof = { digest, principal: token === undefined ? byTicket(shown) : byToken(shown) };
        connection.proof = proof;
        proof.principal.catch(() => {
          if (connection.proof?.digest === digest) connection.proof = undefined;
        });
      }
      const principal = await proof.principal;
      connections.identify(connection, principal);
      return principal;
    },
  };
}

function principalOf(session: LiveSession, expiresAt: Date): Principal {
  const { accountId, sessionId, roles, provedAt, readAt } = session;
  return { accountId, sessionId, roles: ['customer', ...roles], provedAt, readAt, expiresAt };
}
