import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** An answer of another service, whatever its status; the body is text because providers also send HTML. */
export interface HttpAnswer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** How a call failed to get an answer. `timeout` and `network` leave open whether the other side acted. */
export type HttpFailureKind = 'timeout' | 'network' | 'too_large';

/** No usable answer arrived. */
export class HttpTransportError extends Error {
  override readonly name = 'HttpTransportError';

  constructor(
    readonly kind: HttpFailureKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** What a call may cost. */
export interface HttpLimits {
  /** For the whole call, from connecting to the last byte. */
  readonly timeoutMs: number;
  /** The largest body that is read. */
  readonly maxBytes: number;
}

/** Calls to one provider. Redirects are never followed: they come back as the 3xx they are. */
export interface HttpClient {
  /** Throws {@link HttpTransportError} when no whole answer arrived. */
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** Throws {@link HttpTransportError} when no whole answer arrived. */
  postJson(url: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
}

/**
 * Below the 5 s after which many servers close a connection that nobody uses: a request that meets such an end would fail
 * without anybody knowing whether it arrived.
 */
const IDLE_CONNECTION_MS = 4_000;

/** Said of every call: some firewalls turn away who does not say who it is, and a coded answer would not be read. */
const ALWAYS = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'asoud' };

/** Made of `node:http` and not of `fetch`, which costs nearly three times the CPU for such small calls. */
export function createHttpClient(limits: HttpLimits): HttpClient {
  const agentOptions = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  const plain = new HttpAgent(agentOptions);
  const secure = new HttpsAgent(agentOptions);

  function begin(address: URL, method: string, headers: OutgoingHttpHeaders): ClientRequest {
    return address.protocol === 'https:'
      ? httpsRequest(address, { method, headers, agent: secure })
      : httpRequest(address, { method, headers, agent: plain });
  }

  async function call(
    url: string,
    method: string,
    headers: OutgoingHttpHeaders,
    body?: string,
  ): Promise<HttpAnswer> {
    let request: ClientRequest;
    try {
      request = begin(new URL(url), method, headers);
    } catch (error) {
      throw new HttpTransportError('network', `nothing was sent: ${(error as Error).message}`, {
        cause: error,
      });
    }
    return answerTo(request, body, limits);
  }

  return {
    get: (url, headers = {}) => call(url, 'GET', { ...ALWAYS, ...headers }),
    async postJson(url, value, headers = {}) {
      const body = JSON.stringify(value);
      const described = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      return call(url, 'POST', { ...ALWAYS, ...described, ...headers }, body);
    },
  };
}

function answerTo(
  request: ClientRequest,
  body: string | undefined,
  { timeoutMs, maxBytes }: HttpLimits,
): Promise<HttpAnswer> {
  const { host } = request;
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => fail('timeout', `${host} did not answer within ${timeoutMs} ms`),
      timeoutMs,
    );
    /** What happens to the request afterwards is its end, and says nothing new. */
    function fail(kind: HttpFailureKind, message: string, cause?: Error): void {
      clearTimeout(limit);
      reject(new HttpTransportError(kind, message, { cause }));
      request.destroy();
    }
    const lose = (error: NodeJS.ErrnoException) =>
      fail('network', `${host} gave no whole answer: ${error.code ?? error.message}`, error);

    request.on('error', lose);
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      fail('network', `${host} wants to speak something else`);
    });
    request.on('response', (response) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      response.on('error', lose);
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
        pieces.push(piece);
        if (bytes > maxBytes) fail('too_large', `${host} sent more than ${maxBytes} bytes`);
      });
      response.on('end', () => {
        clearTimeout(limit);
        resolve({
          status: response.statusCode ?? 0,
          headers: textsOf(response.headers),
          // Unlike `toString`, this leaves a byte order mark out, which some providers send before their JSON.
          text: new TextDecoder().decode(Buffer.concat(pieces)),
        });
      });
    });
    request.end(body);
  });
}

function textsOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
