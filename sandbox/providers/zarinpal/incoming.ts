import type { IncomingMessage } from 'node:http';

/** A request as the router sees it. */
export interface Incoming {
  readonly method: string;
  /** The host that was asked, without port. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly address: string;
  readonly referer: string | null;
  readonly authorization: string | null;
  readonly contentType: string;
  readonly origin: string | null;
  readonly text: string;
}

/** What arrived is no request that anybody could answer. */
export class UnreadableRequest extends Error {
  override readonly name = 'UnreadableRequest';

  constructor(
    readonly status: 400 | 413,
    message: string,
  ) {
    super(message);
  }
}

const BODY_LIMIT_BYTES = 1024 * 1024;

/** Reads a request to its end. Throws {@link UnreadableRequest}. */
export async function readIncoming(request: IncomingMessage): Promise<Incoming> {
  const { headers } = request;
  const base = `http://${headers.host ?? 'localhost'}`;
  if (!URL.canParse(request.url ?? '/', base))
    throw new UnreadableRequest(400, 'the address is not readable');
  // A proxy's client sends the whole URL; its host counts then.
  const url = new URL(request.url ?? '/', base);
  return {
    method: request.method ?? 'GET',
    host: url.hostname,
    path: url.pathname,
    query: url.searchParams,
    address: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    referer: headers.referer ?? null,
    authorization: headers.authorization ?? null,
    contentType: (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase(),
    origin: headers.origin ?? null,
    text: await readText(request),
  };
}

/** The JSON object of a body; anything else counts as an empty one, as it does at Zarinpal, which then answers -9. */
export function jsonObject({ text }: Incoming): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early must not destroy the request, or there is nobody left to tell.
  const parts = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of parts) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) throw new UnreadableRequest(413, 'the body is larger than 1 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
