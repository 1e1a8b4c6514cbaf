import type { IncomingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { Agent, buildConnector, errors, request, type Dispatcher } from 'undici';

/** An answer of another service, whatever its status; the body is text because providers also send HTML. */
export interface HttpAnswer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Why there is no answer. */
export type HttpFailureKind = 'timeout' | 'network' | 'too_large';

/** No usable answer arrived. */
export class HttpTransportError extends Error {
  override readonly name = 'HttpTransportError';
  /** No connection came about, so nothing was sent. Otherwise it is unknown whether the other side acted. */
  readonly neverConnected: boolean;

  constructor(
    readonly kind: HttpFailureKind,
    message: string,
    { cause, neverConnected = false }: { cause?: unknown; neverConnected?: boolean } = {},
  ) {
    super(message, { cause });
    this.neverConnected = neverConnected;
  }
}

/** The limits of a call. */
export interface HttpLimits {
  /** For the whole call, from connecting to the last byte. */
  readonly timeoutMs: number;
  /** For connecting only, including TLS; 5 s by default. */
  readonly connectTimeoutMs?: number;
  /** The largest body that is read. */
  readonly maxBytes: number;
  /** Finds the addresses of a host. What it returns is connected to, without a further look. */
  readonly lookup?: LookupFunction;
}

export type HttpHeaders = Readonly<Record<string, string>>;

/**
 * Calls one provider. Redirects are returned, not followed. Nothing is sent twice. Every method throws
 * {@link HttpTransportError} when no complete answer arrives.
 */
export interface HttpClient {
  get(url: string, headers?: HttpHeaders): Promise<HttpAnswer>;
  postJson(url: string, body: unknown, headers?: HttpHeaders): Promise<HttpAnswer>;
  /** Posts JSON exactly as it is written here, because its bytes are signed. */
  postJsonText(url: string, body: string, headers?: HttpHeaders): Promise<HttpAnswer>;
  /** Posts `application/x-www-form-urlencoded`. */
  postForm(url: string, fields: Readonly<Record<string, string>>, headers?: HttpHeaders): Promise<HttpAnswer>;
  delete(url: string, headers?: HttpHeaders): Promise<HttpAnswer>;
}

/**
 * Many servers close idle connections after 5 s. We close ours earlier, because a request sent on a closing connection
 * fails with an unknown outcome.
 */
const IDLE_CONNECTION_MS = 4_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Some firewalls refuse calls without a user agent. Encoded answers are not supported. */
const ALWAYS = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'asoud' };

/** Creates a client with its own connections and limits, so that a slow provider does not delay another one. */
export function createHttpClient(limits: HttpLimits): HttpClient {
  const { timeoutMs, connectTimeoutMs = CONNECT_TIMEOUT_MS, maxBytes, lookup } = limits;
  const connect = buildConnector({ timeout: connectTimeoutMs, ...(lookup && { lookup }) });
  // undici reports a failed connection with the connector's own error.
  const connectFailures = new WeakSet<Error>();
  const agent = new Agent({
    connect: (options, callback) =>
      connect(options, (...result) => {
        if (result[0]) connectFailures.add(result[0]);
        callback(...result);
      }),
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
    maxResponseSize: maxBytes,
    // One timer covers the whole call.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function call(
    url: string,
    method: Dispatcher.HttpMethod,
    headers: HttpHeaders,
    body: string | null = null,
  ): Promise<HttpAnswer> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const response = await request(url, {
        dispatcher: agent,
        method,
        headers: { ...ALWAYS, ...headers },
        body,
        signal: abort.signal,
      });
      const text = await response.body.text();
      // undici frees the connection one turn after the answer: a call that follows at once would open another.
      await nextTurn();
      return { status: response.statusCode, headers: textsOf(response.headers), text };
    } catch (error) {
      const isLate = abort.signal.aborted;
      const neverConnected = error instanceof Error && connectFailures.has(error);
      throw transportError({ error, isLate, neverConnected }, hostOf(url), limits);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    get: (url, headers = {}) => call(url, 'GET', headers),
    postJson: async (url, body, headers = {}) =>
      call(url, 'POST', { 'content-type': 'application/json', ...headers }, JSON.stringify(body)),
    postJsonText: (url, body, headers = {}) =>
      call(url, 'POST', { 'content-type': 'application/json', ...headers }, body),
    postForm: (url, fields, headers = {}) =>
      call(
        url,
        'POST',
        { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        new URLSearchParams(fields).toString(),
      ),
    delete: (url, headers = {}) => call(url, 'DELETE', headers),
  };
}

interface Failure {
  readonly error: unknown;
  /** Whether the whole call took too long. */
  readonly isLate: boolean;
  readonly neverConnected: boolean;
}

function transportError(
  { error, isLate, neverConnected }: Failure,
  host: string,
  { timeoutMs, maxBytes }: HttpLimits,
): HttpTransportError {
  const about = { cause: error, neverConnected };
  if (isLate) {
    return new HttpTransportError('timeout', `${host} did not answer within ${timeoutMs} ms`, about);
  }
  if (error instanceof errors.ConnectTimeoutError) {
    return new HttpTransportError('timeout', `${host} did not accept a connection in time`, about);
  }
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return new HttpTransportError('too_large', `${host} sent more than ${maxBytes} bytes`, about);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === undefined || code.startsWith('UND_ERR') ? message : code;
  return new HttpTransportError('network', `${host} gave no whole answer: ${reason}`, about);
}

/** How long the other side asks to be left alone. Read only in seconds: with a date both clocks would have to agree. */
export function retryAfterMs({ headers }: HttpAnswer): number | undefined {
  const seconds = headers['retry-after'];
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** The address without its path and query, which may hold a token. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an invalid address';
}

function textsOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
