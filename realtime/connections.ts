import { createHash } from 'node:crypto';

import type { Socket } from 'socket.io';

import { AppError, assertThat } from '../entities/errors';
import { clientAddressOf, limitIdentityOf } from '../platform/client-address';
import type { RealtimeConfig } from '../platform/config/realtime';
import { createTokenBucket, type TokenBucket } from '../platform/token-bucket';
import type { Caller } from './registry';

/** The transport below the sockets of one client. */
export type Transport = Socket['conn'];

/** A signed-in caller, and until when the connection may last. */
export interface Principal extends Caller {
  readonly expiresAt: Date;
  /** When its session was read. */
  readonly readAt: Date;
}

/** One client's connection, with a socket in each namespace that it has joined. */
export interface Connection {
  readonly transport: Transport;
  /** What limits count: an IPv4 address, or the network of an IPv6 one. */
  readonly address: string;
  readonly sockets: Set<Socket>;
  /** The namespaces that it has joined or is joining: it has at most one socket in each. */
  readonly joined: Set<string>;
  /** Bounds how often it may join namespaces and show tokens. */
  readonly handshakes: TokenBucket;
  /** Undefined as long as it belongs to a guest. */
  principal: Principal | undefined;
  /** The token or ticket that was shown last, by its digest, and what became of it. */
  proof: { readonly digest: string; readonly principal: Promise<Principal> } | undefined;
  hasWarned: boolean;
  /** Since when the client takes less than it gets. */
  behindSince: number | undefined;
}

type Limits = Pick<RealtimeConfig, 'connectionsPerAccount' | 'connectionsPerAddress'> & {
  readonly trustedProxies: number;
};

/** The connections of this node. */
export interface Connections {
  /** Whether one more connection from this address may open. */
  admits(request: Parameters<typeof clientAddressOf>[0]): boolean;
  add(transport: Transport): void;
  /** Undefined once it has closed. */
  of(transport: Transport): Connection | undefined;
  all(): readonly Connection[];
  sessions(): readonly string[];
  ofSession(sessionId: string): readonly Connection[];
  ofAccount(accountId: string): readonly Connection[];
  /**
   * Says who is behind the connection.
   *
   * @throws AppError `access.forbidden` when it was somebody else or another session, `socket.connections_too_many`
   */
  identify(connection: Connection, principal: Principal): void;
}

/** A page opens a few namespaces at once, and shows its token for each. */
const HANDSHAKES = { perSecond: 1, burst: 20 };
/** Of all kinds and for all namespaces together. Frames have a narrower limit of their own, which answers. */
const PACKETS = { perSecond: 200, burst: 2_000 };

export function createConnections(limits: Limits): Connections {
  const known = new Map<Transport, Connection>();
  const byAddress = new Map<string, number>();
  const bySession = createIndex<Connection>();
  const byAccount = createIndex<Connection>();
  const addressOf = (request: Parameters<typeof clientAddressOf>[0]) =>
    limitIdentityOf(clientAddressOf(request, limits.trustedProxies));

  function remove(connection: Connection): void {
    known.delete(connection.transport);
    const left = byAddress.get(connection.address)! - 1;
    if (left > 0) byAddress.set(connection.address, left);
    else byAddress.delete(connection.address);
    if (!connection.principal) return;
    bySession.remove(connection.principal.sessionId, connection);
    byAccount.remove(connection.principal.accountId, connection);
  }

  return {
    admits: (request) => (byAddress.get(addressOf(request)) ?? 0) < limits.connectionsPerAddress,
    add(transport) {
      const address = addressOf(transport.request);
      const connection: Connection = {
        transport,
        address,
        sockets: new Set(),
        joined: new Set(),
        handshakes: createTokenBucket(HANDSHAKES),
        principal: undefined,
        proof: undefined,
        hasWarned: false,
        behindSince: undefined,
      };
      const packets = createTokenBucket(PACKETS);
      // Socket.IO answers each attempt to join what is not there, for nothing.
      transport.on('packet', () => {
        if (!packets.take() && transport.readyState === 'open') transport.close(true);
      });
      known.set(transport, connection);
      byAddress.set(address, (byAddress.get(address) ?? 0) + 1);
      transport.once('close', () => remove(connection));
    },
    of: (transport) => known.get(transport),
    all: () => [...known.values()],
    sessions: () => bySession.keys(),
    ofSession: (sessionId) => bySession.get(sessionId),
    ofAccount: (accountId) => byAccount.get(accountId),
    identify(connection, principal) {
      // It may have closed while its token was checked.
      assertThat(known.has(connection.transport), 'access.token_invalid');
      const { accountId, sessionId } = principal;
      const before = connection.principal;
      if (before) {
        assertThat(before.accountId === accountId && before.sessionId === sessionId, 'access.forbidden');
      } else {
        if (byAccount.get(accountId).length >= limits.connectionsPerAccount) {
          throw new AppError('socket.connections_too_many', { limit: limits.connectionsPerAccount });
        }
        bySession.add(sessionId, connection);
        byAccount.add(accountId, connection);
      }
      const isLonger = before === undefined || principal.expiresAt > before.expiresAt;
      settle(connection, isLonger ? principal : { ...principal, expiresAt: before.expiresAt });
      if (isLonger) connection.hasWarned = false;
    },
  };
}

/**
 * Gives a connection what its session says: of what was read at different times, the newer. After the loss of a role it may be in
 * rooms of that role: it is closed, comes back and joins those that are left.
 */
export function settle(connection: Connection, read: Principal): void {
  const before = connection.principal;
  const isOlder = before !== undefined && before.readAt > read.readAt;
  const principal = isOlder ? { ...before, expiresAt: read.expiresAt } : read;
  connection.principal = principal;
  if (before?.roles.some((role) => !principal.roles.includes(role))) connection.transport.close();
}

/** Takes all sockets of a connection out of their rooms. */
export function leaveRooms({ sockets }: Connection): void {
  for (const socket of sockets) {
    for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
  }
}

/** Names a token without keeping it. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function createIndex<Item>() {
  const items = new Map<string, Set<Item>>();
  return {
    keys: () => [...items.keys()],
    get: (key: string): readonly Item[] => [...(items.get(key) ?? [])],
    add(key: string, item: Item): void {
      items.set(key, (items.get(key) ?? new Set()).add(item));
    },
    remove(key: string, item: Item): void {
      const set = items.get(key);
      set?.delete(item);
      if (set?.size === 0) items.delete(key);
    },
  };
}
