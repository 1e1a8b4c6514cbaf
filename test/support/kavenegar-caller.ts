import { request, type Dispatcher } from 'undici';

export const KAVENEGAR_KEY = 'A1B2C3D4E5F60718';
export const KAVENEGAR_LINE = '20001000';

/** An answer of the sandbox. */
export interface KavenegarAnswer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the shapes of Kavenegar's bodies are what the tests are about
  readonly body: any;
}

type Fields = Readonly<Record<string, string | number>> | string;
type Init = Partial<Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>>;

/** Calls the sandbox and its control API over HTTP, without our adapter. */
export interface KavenegarCaller {
  /** As a form. A text is the body as it is. */
  post(method: string, parameters?: Fields, key?: string): Promise<KavenegarAnswer>;
  get(method: string, parameters?: Fields, key?: string): Promise<KavenegarAnswer>;
  delete(method: string, parameters: Fields): Promise<KavenegarAnswer>;
  control(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<KavenegarAnswer>;
  account(change: object): Promise<KavenegarAnswer>;
  switches(change: object): Promise<KavenegarAnswer>;
  advance(ms: number): Promise<KavenegarAnswer>;
  credit(): Promise<number>;
}

/** `fetch` cannot be used: it takes a 407 for a failure of a proxy and shows nobody its body. */
async function call(url: string, init: Init = {}): Promise<KavenegarAnswer> {
  const { statusCode, headers, body } = await request(url, init);
  const text = await body.text();
  const isJson = headers['content-type'] === 'application/json';
  return { status: statusCode, body: isJson ? JSON.parse(text) : text };
}

/** @param url the base of a running Kavenegar */
export function kavenegarCaller(url: string): KavenegarCaller {
  const written = (parameters: Fields) =>
    typeof parameters === 'string'
      ? parameters
      : new URLSearchParams(
          Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
        ).toString();
  const path = (method: string, key: string) => `${url}/v1/${key}/${method}.json`;
  const control: KavenegarCaller['control'] = (method, at, body = {}) =>
    call(
      `${url}/_sandbox${at}`,
      method === 'GET'
        ? {}
        : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    );
  return {
    post: (method, parameters = {}, key = KAVENEGAR_KEY) =>
      call(path(method, key), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: written(parameters),
      }),
    get: (method, parameters = {}, key = KAVENEGAR_KEY) =>
      call(`${path(method, key)}?${written(parameters)}`),
    delete: (method, parameters) =>
      call(`${path(method, KAVENEGAR_KEY)}?${written(parameters)}`, { method: 'DELETE' }),
    control,
    account: (change) => control('PUT', `/accounts/${KAVENEGAR_KEY}`, change),
    switches: (change) => control('PATCH', '/switches', change),
    advance: (advanceMs) => control('POST', '/clock', { advanceMs }),
    async credit() {
      return (await call(path('account/info', KAVENEGAR_KEY))).body.entries.remaincredit;
    },
  };
}
