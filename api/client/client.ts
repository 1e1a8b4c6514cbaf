import { OPERATIONS, type Operations, type ProblemView } from './generated';

/** An answer that is not a failure. */
export interface ApiAnswer<Data> {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; undefined for an answer without JSON. */
  readonly data: Data;
}

/** The API refused or failed. `problem.code` names the refusal; 503 and 429 say when to retry. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly operation: keyof Operations,
    readonly problem: ProblemView,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(`${operation}: ${problem.status} ${problem.code}: ${problem.title}`);
  }
}

/** What every call may add to what its operation takes. */
interface Extras {
  readonly moreHeaders?: Readonly<Record<string, string>>;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What any operation may take, without its types. */
interface AnyRequest extends Extras {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The shop over HTTP. */
export interface ApiClient {
  /** Throws {@link ApiProblem} for a 4xx or 5xx, and what `fetch` throws when there is no answer. */
  call<Name extends keyof Operations>(
    name: Name,
    request: Operations[Name]['request'] & Extras,
  ): Promise<ApiAnswer<Operations[Name]['answer']>>;
}

/** A session that refreshes itself, as `createApiSession` makes one. */
export interface ApiSession {
  /** A token that is good for some seconds more; undefined when the session is over. */
  accessToken(): Promise<string | undefined>;
  /** The API has refused this token. Returns another one, or undefined when the session is over. */
  renew(refused: string): Promise<string | undefined>;
}

interface ClientOptions {
  readonly timeoutMs?: number;
  /** Whose access token goes with each call that takes one. Without it the caller is a guest. */
  readonly session?: ApiSession;
}

/** @param baseUrl scheme, host and port, without the path */
export function createApiClient(
  baseUrl: string,
  { timeoutMs = 15_000, session }: ClientOptions = {},
): ApiClient {
  async function send<Name extends keyof Operations>(
    name: Name,
    { path = {}, query = {}, headers, body, moreHeaders }: AnyRequest,
    token: string | undefined,
  ): Promise<ApiAnswer<Operations[Name]['answer']>> {
    const { method, path: template } = OPERATIONS[name];
    const isTable = typeof body === 'string';
    const response = await fetch(addressOf(baseUrl, template, path, query), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': isTable ? 'text/csv' : 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
        ...moreHeaders,
      },
      body: body === undefined ? null : isTable ? body : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    const data: unknown = isJson ? await response.json() : undefined;
    if (response.status >= 400) throw new ApiProblem(name, problemOf(response, data), retryAfterOf(response));
    return { status: response.status, headers: response.headers, data: data as Operations[Name]['answer'] };
  }

  return {
    async call<Name extends keyof Operations>(name: Name, request: Operations[Name]['request'] & Extras) {
      const token = OPERATIONS[name].takesToken ? await session?.accessToken() : undefined;
      try {
        return await send(name, request as AnyRequest, token);
      } catch (error) {
        // The API refuses a token before it does anything, so the call may be made again.
        if (token === undefined || !isTokenRefused(error)) throw error;
        const other = await session!.renew(token);
        if (other === undefined) throw error;
        return send(name, request as AnyRequest, other);
      }
    },
  };
}

/** A token that is over. A session that is over stays so. */
function isTokenRefused(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === 'access.token_invalid';
}

function addressOf(
  baseUrl: string,
  template: string,
  path: Readonly<Record<string, unknown>>,
  query: Query,
): URL {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(String(path[name])),
  );
  const address = new URL(filled, baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, String(value));
  }
  return address;
}

/** A proxy before the API may fail without a problem document. */
function problemOf(response: Response, data: unknown): ProblemView {
  if (typeof data === 'object' && data !== null && 'code' in data) return data as ProblemView;
  const { status } = response;
  return { type: 'about:blank', title: response.statusText, status, code: 'service.failed', requestId: '' };
}

function retryAfterOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}
