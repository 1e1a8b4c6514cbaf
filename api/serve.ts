import type Koa from 'koa';

import type { ApiConfig } from '../platform/config/api';
import { startHttpServer, type RunningServer } from '../platform/http-server';

const BROKEN: Readonly<Record<string, { status: number; reason: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'Request Header Fields Too Large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'Request Timeout' },
};
const MALFORMED = { status: 400, reason: 'Bad Request' };

/** Listens. Answers also what is not HTTP with a problem, where Node would send an empty 400. */
export async function serveApi(
  app: Koa,
  config: Pick<ApiConfig, 'apiHost' | 'apiPort' | 'requestTimeoutMs'>,
): Promise<RunningServer> {
  const { apiHost, apiPort, requestTimeoutMs } = config;
  const running = await startHttpServer(app.callback(), { host: apiHost, port: apiPort, requestTimeoutMs });
  running.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { status, reason } = BROKEN[error.code ?? ''] ?? MALFORMED;
    const body = JSON.stringify({
      type: '/problems/request.malformed',
      title: 'The request is not HTTP that can be read.',
      status,
      code: 'request.malformed',
    });
    socket.end(
      `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      // A client that goes on sending would keep its half of the connection open.
      () => socket.destroy(),
    );
  });
  return running;
}
