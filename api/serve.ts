import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import type Koa from 'koa';

import { AppError, type ErrorCode } from '../entities/errors';
import { problemOf } from '../entities/problem';
import type { ApiConfig } from '../platform/config/api';
import { startHttpServer, type RunningServer } from '../platform/http-server';
import type { Logger } from '../platform/logger';

const BROKEN: Readonly<Record<string, { code: ErrorCode; reason: string }>> = {
  HPE_HEADER_OVERFLOW: { code: 'request.head_too_large', reason: 'Request Header Fields Too Large' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request.timeout', reason: 'Request Timeout' },
};
const MALFORMED = { code: 'request.malformed', reason: 'Bad Request' } as const;

/** Listens. Answers also what is not HTTP with a problem, where Node would send an empty 400. */
export async function serveApi(
  app: Koa,
  config: Pick<ApiConfig, 'apiHost' | 'apiPort' | 'requestTimeoutMs' | 'connectionsAtOnce'>,
  logger: Logger,
): Promise<RunningServer> {
  const { apiHost, apiPort, requestTimeoutMs, connectionsAtOnce } = config;
  const { answer, hasBegun } = watchConnections(app.callback(), requestTimeoutMs);
  const running = await startHttpServer(answer, {
    host: apiHost,
    port: apiPort,
    requestTimeoutMs,
    acceptsNoHost: true,
    mostConnections: connectionsAtOnce,
  });
  warnOfDrops(running.server, connectionsAtOnce, logger);
  running.server.on('checkExpectation', answer);
  running.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { code, reason } = BROKEN[error.code ?? ''] ?? MALFORMED;
    const requestId = randomUUID();
    const problem = problemOf(new AppError(code), requestId);
    logger.info({ requestId, code, status: problem.status, cause: error.code }, 'what arrived is no request');
    if (hasBegun(socket)) {
      // The client would read a second answer as a part of the first.
      socket.destroy();
      return;
    }
    const body = JSON.stringify(problem);
    const head = [
      `HTTP/1.1 ${problem.status} ${reason}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      'X-Content-Type-Options: nosniff',
      'Cache-Control: no-store',
      'Connection: close',
    ];
    // A client that goes on sending would keep its half of the connection open.
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  });
  return running;
}

const DROPS_ARE_TOLD_EVERY_MS = 60_000;

/** A flood of connections must not become one of log lines. */
function warnOfDrops(server: Server, connectionsAtOnce: number, logger: Logger): void {
  let toldAt = -Infinity;
  server.on('drop', () => {
    if (performance.now() - toldAt < DROPS_ARE_TOLD_EVERY_MS) return;
    toldAt = performance.now();
    logger.warn(
      { connectionsAtOnce },
      'connections are closed without an answer: as many as may be are open',
    );
  });
}

/** No common client or proxy sends its next request before it has an answer. */
const MOST_WAITING = 32;

/**
 * Bounds the answers that one connection may leave in memory: it ends when more requests than a few wait on it, and when the
 * client takes nothing of an answer for as long as it may take to send a request.
 */
function watchConnections(handle: RequestListener, stalledMs: number) {
  const waiting = new WeakMap<Duplex, Set<ServerResponse>>();

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const responses = waiting.get(socket) ?? new Set();
    waiting.set(socket, responses.add(response));
    if (responses.size > MOST_WAITING) {
      socket.destroy();
      return;
    }
    const forget = () => responses.delete(response);
    // An early answer may end before its request.
    response.once('close', () => (request.complete ? forget() : request.once('end', forget)));
    response.setTimeout(stalledMs, () => {
      // Otherwise the handler is at work.
      if (socket.writableLength > 0) socket.destroy();
    });
    handle(request, response);
  }

  /** Whether the client already reads an answer on this connection. */
  function hasBegun(socket: Duplex): boolean {
    return [...(waiting.get(socket) ?? [])].some(({ headersSent }) => headersSent);
  }

  return { answer, hasBegun };
}
