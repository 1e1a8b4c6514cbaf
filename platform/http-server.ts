import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listening HTTP server. */
export interface RunningServer {
  readonly server: Server;
  /** `http://host:port` with the port it really got. */
  readonly url: string;
  readonly port: number;
  /** Takes no new requests, lets those in flight finish within the time, then cuts the rest. */
  close(drainTimeMs?: number): Promise<void>;
}

/** Where to listen and how patiently to read a request. */
export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** How long a client may take to send a whole request, headers included. It is noticed at most a second later. */
  readonly requestTimeoutMs?: number;
  /** Whether requests without `Host` reach the listener. By default Node refuses them with an empty answer. */
  readonly acceptsNoHost?: boolean;
  /** How many connections may be open at once. Further ones are closed, and `drop` is emitted. By default there is no limit. */
  readonly mostConnections?: number;
}

const LATEST_CHECK_MS = 1_000;

/** Starts a server; rejects when the port is taken. */
export async function startHttpServer(
  listener: RequestListener,
  { host, port, requestTimeoutMs = 30_000, acceptsNoHost = false, mostConnections }: ListenOptions,
): Promise<RunningServer> {
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      // Node uses the longer of the two for the whole request, so headers may not get more time than that.
      headersTimeout: requestTimeoutMs,
      // Node looks for slow requests this often; with its default, 30 s, a request gets up to 30 s more.
      connectionsCheckingInterval: Math.min(LATEST_CHECK_MS, requestTimeoutMs / 4),
      // Longer than the keep-alive of common proxies, or a proxy would send a request on a closed socket.
      keepAliveTimeout: 65_000,
      requireHostHeader: !acceptsNoHost,
    },
    listener,
  );
  if (mostConnections !== undefined) server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    server,
    port: bound,
    url: `http://${shownHost}:${bound}`,
    close: (drainTimeMs = 0) => closeServer(server, drainTimeMs),
  };
}

function closeServer(server: Server, drainTimeMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // A connection that is kept alive would hold the server open until its time-out.
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    const cut = setTimeout(() => server.closeAllConnections(), drainTimeMs);
    server.close((error) => {
      clearInterval(sweep);
      clearTimeout(cut);
      if (error && (error as NodeJS.ErrnoException).code !== 'ERR_SERVER_NOT_RUNNING') reject(error);
      else resolve();
    });
  });
}
