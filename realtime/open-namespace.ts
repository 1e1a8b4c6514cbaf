import { randomUUID } from 'node:crypto';

import type { Namespace as SocketNamespace, Server, Socket } from 'socket.io';

import { AppError, assertThat } from '../entities/errors';
import { readInput } from '../entities/input/read-input';
import { problemOf } from '../entities/problem';
import type { RealtimeConfig } from '../platform/config/realtime';
import type { Logger } from '../platform/logger';
import type { Connection, Connections } from './connections';
import type { Handshakes } from './handshake';
import { HandshakeInput, RenewInput, RenewedView } from './handshake.input';
import { refusalOf } from './refusal';
import { registerVerbs } from './register-verb';
import {
  defineVerb,
  type Caller,
  type Dependencies,
  type Namespace,
  type SocketContext,
  type Verb,
} from './registry';
import type { Turns } from './turns';

/** What a node serves its namespaces with. */
export interface NodeParts {
  readonly io: Server;
  readonly config: RealtimeConfig;
  readonly dependencies: Dependencies;
  readonly connections: Connections;
  readonly handshakes: Handshakes;
  /** Bounds what one caller keeps busy of the node, in all namespaces together. */
  readonly turns: Turns;
  readonly logger: Logger;
}

/** A namespace of this node. */
export interface OpenNamespace {
  readonly definition: Namespace;
  readonly sockets: SocketNamespace;
  /** Who is behind a socket of this node; undefined for a guest. */
  callerOf(socketId: string): Caller | undefined;
}

/** Lets clients connect to a namespace. */
export function openNamespace(definition: Namespace, parts: NodeParts): OpenNamespace {
  const { io, config, dependencies, connections, handshakes, turns } = parts;
  const sockets = io.of(definition.name);
  /** The sockets of guests, also on connections that have a person in another namespace. */
  const guests = new WeakSet<Socket>();
  const logger = parts.logger.child({ namespace: definition.name });

  const callerOf = (socket: Socket): Caller | undefined =>
    guests.has(socket) ? undefined : connections.of(socket.conn)?.principal;

  sockets.use(async (socket, next) => {
    next(await admit(socket));
  });

  /** The refusal; undefined when the socket may join. */
  async function admit(socket: Socket): Promise<Error | undefined> {
    const connection = connections.of(socket.conn);
    // Socket.IO refuses a second socket only once the first has joined: one client could hold any number of them.
    if (!connection || connection.joined.has(definition.name)) {
      socket.conn.close(true);
      return connectError(new AppError('request.too_many', { retryAfterSeconds: 1 }));
    }
    connection.joined.add(definition.name);
    try {
      await identify(socket, connection);
      return undefined;
    } catch (error) {
      connection.joined.delete(definition.name);
      const refusal = refusalOf(error);
      if (refusal.code === 'service.failed') logger.error({ err: error }, 'a handshake failed');
      // No page joins so often. Without waiting for what the client does not take.
      if (refusal.code === 'request.too_many') socket.conn.close(true);
      return connectError(refusal);
    }
  }

  async function identify(socket: Socket, connection: Connection): Promise<void> {
    const shown = readInput(HandshakeInput, socket.handshake.auth, 'body');
    // Other parts of Socket.IO pass the handshake on.
    socket.handshake.auth = {};
    const principal = await handshakes.identify(connection, shown);
    assertThat(principal || definition.who === 'anybody', 'access.token_missing');
    const isStaff = principal?.roles.some((role) => role !== 'customer') ?? false;
    assertThat(isStaff || definition.who !== 'staff', 'access.forbidden');
    if (!principal) guests.add(socket);
  }

  sockets.on('connection', (socket) => {
    const connection = connections.of(socket.conn);
    if (!connection) return;
    connection.sockets.add(socket);
    const context = contextOf(socket, connection);
    socket.on('disconnect', () => {
      connection.sockets.delete(socket);
      connection.joined.delete(definition.name);
    });
    // Before it leaves its rooms.
    socket.on('disconnecting', () => {
      void definition.onDisconnect?.(context).catch((error: unknown) => {
        logger.error({ err: error }, 'the end of a socket was not handled');
      });
    });
    const verbs = { ...definition.verbs, 'auth.renew': renewal(connection, handshakes) as unknown as Verb };
    const { address } = connection;
    registerVerbs(
      {
        ...{ namespace: definition.name, verbs, context, address, socket, turns },
        isBehind: () => connection.behindSince !== undefined,
      },
      config,
      dependencies.metrics,
    );
    void definition.onConnect?.(context).catch((error: unknown) => {
      logger.error({ err: error }, 'the start of a socket was not handled');
      socket.conn.close();
    });
  });

  function contextOf(socket: Socket, connection: Connection): SocketContext {
    return {
      ...dependencies,
      // Also while it closes, when it is no longer known.
      get caller() {
        return guests.has(socket) ? undefined : connection.principal;
      },
      socketId: socket.id,
      userAgent: socket.handshake.headers['user-agent'] ?? '',
      address: connection.address,
      log: logger.child({ socket: socket.id }),
      rooms: () => [...socket.rooms],
      join(room) {
        // It may have gone while the caller was waiting, and would never leave the room again.
        if (!socket.connected || socket.rooms.has(room)) return;
        // Each socket is in a room of its own.
        const { roomsPerSocket: limit } = config;
        assertThat(socket.rooms.size <= limit, 'socket.rooms_too_many', { limit });
        void socket.join(room);
      },
      leave: (room) => void socket.leave(room),
      isIn: (room) => socket.rooms.has(room),
      tell: (room, event, payload, except = []) =>
        void socket.volatile
          .to(room)
          .except([...except])
          .emit(event, payload),
    };
  }

  return {
    definition,
    sockets,
    callerOf(socketId) {
      const socket = sockets.sockets.get(socketId);
      return socket && callerOf(socket);
    },
  };
}

/** The verb of every namespace by which a connection outlives its token. */
export const RENEWAL = {
  summary: 'Show a newer token of the same session, so that the connection lasts',
  input: RenewInput,
  answer: RenewedView,
  action: 'session.connect',
  errors: ['access.token_invalid', 'auth.session_over', 'auth.ticket_invalid'],
} as const satisfies Omit<Verb, 'handle'>;

function renewal(connection: Connection, handshakes: Handshakes) {
  return defineVerb({
    ...RENEWAL,
    async handle(_context, input) {
      const principal = await handshakes.identify(connection, input);
      assertThat(principal, 'access.token_missing');
      return { expiresAt: connection.principal!.expiresAt.toISOString() };
    },
  });
}

/** A refusal as Socket.IO brings it to the client: `error.data` is the problem, and the client does not try again by itself. */
export function connectError(refusal: AppError): Error {
  return Object.assign(new Error(refusal.message), { data: problemOf(refusal, randomUUID()) });
}
