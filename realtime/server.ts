import type { RequestListener } from 'node:http';

import { Server } from 'socket.io';

import { AppError } from '../entities/errors';
import type { RealtimeConfig } from '../platform/config/realtime';
import { startHttpServer, type RunningServer } from '../platform/http-server';
import type { Metrics } from '../platform/metrics';
import type { Connections } from './connections';
import { connectError } from './open-namespace';
import type { FanOutRedis } from './redis';

export const SOCKET_PATH = '/ws';

/** How long a connection may be open without a namespace. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Tokens in addresses end in logs and histories. */
const NOT_IN_QUERY = ['token', 'ticket', 'auth'];

interface Parts {
  readonly config: RealtimeConfig;
  /** The origins whose pages may connect, `*` for all. */
  readonly origins: ReadonlySet<string>;
  readonly connections: Connections;
  readonly adapter: FanOutRedis['adapter'];
  readonly metrics: Metrics;
  readonly isStopping: () => boolean;
  /** Answers what is not for the sockets. */
  readonly health: RequestListener;
}

/** An HTTP server with Socket.IO under `/ws`. Its default namespace refuses everybody. */
export async function startSocketServer({
  config,
  origins,
  connections,
  adapter,
  metrics,
  isStopping,
  health,
}: Parts): Promise<{ readonly io: Server; readonly http: RunningServer }> {
  const refused = metrics.counter('realtime_refused_total', 'Connections that were refused, by the reason.', [
    'reason',
  ]);
  const http = await startHttpServer(health, { host: config.realtimeHost, port: config.realtimePort });
  const io = new Server(http.server, {
    path: SOCKET_PATH,
    serveClient: false,
    adapter,
    maxHttpBufferSize: config.frameLimitBytes,
    pingInterval: config.pingIntervalMs,
    pingTimeout: config.pingTimeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    perMessageDeflate: false,
    httpCompression: false,
    cors: { origin: origins.has('*') ? '*' : [...origins] },
    allowRequest(request, decide) {
      const reason = reasonAgainst(request);
      if (reason !== undefined) refused.inc({ reason });
      decide(reason ?? null, reason === undefined);
    },
  });

  /** CORS does not hold for WebSocket: a browser connects from any page and only says from which. */
  function reasonAgainst(request: Parameters<RequestListener>[0]): string | undefined {
    // Clients that were let go would come back to the node that lets them go.
    if (isStopping()) return 'stopping';
    const { origin } = request.headers;
    if (origin !== undefined && !origins.has('*') && !origins.has(origin)) return 'origin';
    const query = new URLSearchParams(request.url?.split('?')[1] ?? '');
    if (NOT_IN_QUERY.some((name) => query.has(name))) return 'token_in_query';
    return connections.admits(request) ? undefined : 'address';
  }

  io.engine.on('connection', connections.add);
  io.use((_socket, next) => next(connectError(new AppError('route.not_found'))));
  return { io, http };
}
