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

export function createHttpClient({ timeoutMs, maxBytes }: HttpLimits): HttpClient {
  async function call(url: string, request: RequestInit): Promise<HttpAnswer> {
    const signal = AbortSignal.timeout(timeoutMs);
    const host = URL.canParse(url) ? new URL(url).host : 'an invalid address';
    try {
      const response = await fetch(url, { ...request, redirect: 'manual', signal });
      const text = await readText(response, maxBytes, host);
      return { status: response.status, headers: Object.fromEntries(response.headers), text };
    } catch (error) {
      if (error instanceof HttpTransportError) throw error;
      if (signal.aborted) {
        throw new HttpTransportError('timeout', `${host} did not answer within ${timeoutMs} ms`, {
          cause: error,
        });
      }
      throw new HttpTransportError('network', `${host} could not be reached: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }

  return {
    get: (url, headers = {}) =>
      call(url, { method: 'GET', headers: { accept: 'application/json', ...headers } }),
    postJson: (url, body, headers = {}) =>
      call(url, {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
}

async function readText(response: Response, maxBytes: number, host: string): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream and with it the connection.
    if (bytes > maxBytes)
      throw new HttpTransportError('too_large', `${host} sent more than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return code;
  return cause instanceof Error ? cause.message : String(cause);
}
