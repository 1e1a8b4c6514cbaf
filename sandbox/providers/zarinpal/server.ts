import type { IncomingMessage, ServerResponse } from 'node:http';

import { startHttpServer } from '../../../platform/http-server';
import type { Logger } from '../../../platform/logger';
import { meetBuyerAgain } from './auto-buyer';
import { readIncoming, UnreadableRequest } from './incoming';
import { jsonReply, type Reply } from './reply';
import { answer } from './router';
import { openSandbox, type SandboxOptions } from './sandbox';

/** Where the sandbox listens and what it remembers; without a state file it forgets everything when it stops. */
export interface ZarinpalSandboxOptions extends SandboxOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host?: string | undefined;
  readonly logger?: Logger | undefined;
}

/** A running sandbox. */
export interface ZarinpalSandbox {
  /** `http://127.0.0.1:PORT`: base of REST, pay page, GraphQL and control API alike. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a local Zarinpal. Rejects when the port is taken. */
export async function startZarinpalSandbox({
  port,
  host = '127.0.0.1',
  logger,
  ...options
}: ZarinpalSandboxOptions): Promise<ZarinpalSandbox> {
  const sandbox = openSandbox(options);
  let url = '';

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: Reply;
    try {
      reply = await answer(sandbox, await readIncoming(request), url);
    } catch (error) {
      reply = failure(request, error, logger);
    }
    // Whoever has an answer may rely on it, also after a kill -9.
    sandbox.flush();
    write(request, response, reply);
  }

  const server = await startHttpServer((request, response) => void handle(request, response), {
    host,
    port,
  }).catch((error: unknown) => {
    sandbox.close();
    throw error;
  });
  url = server.url;
  meetBuyerAgain(sandbox);
  logger?.info({ url }, 'zarinpal sandbox listens');
  return {
    url,
    async stop() {
      await server.close();
      sandbox.close();
    },
  };
}

function failure(request: IncomingMessage, error: unknown, logger: Logger | undefined): Reply {
  if (error instanceof UnreadableRequest) {
    // What has not been read of the body cannot be taken for the next request.
    return { ...jsonReply(error.status, { message: error.message }), headers: { Connection: 'close' } };
  }
  // The caller went away while it was still speaking.
  if (request.destroyed) return { hangUp: 'silence' };
  logger?.error({ err: error, path: request.url }, 'sandbox failed');
  return jsonReply(500, { message: 'the sandbox itself has failed: see its log' });
}

function write(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if ('hangUp' in reply) {
    if (reply.hangUp === 'reset') request.socket.resetAndDestroy();
    return;
  }
  const text = reply.text ?? '';
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.type ? { 'Content-Type': reply.type } : {}),
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
