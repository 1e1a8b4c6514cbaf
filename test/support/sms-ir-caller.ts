import { request, type Dispatcher } from 'undici';

export const SMS_IR_KEY = '64-characters-in-production-0000000000000000000000000000000beef';
export const SMS_IR_LINE = '30007732000000';

/** An answer of the sandbox. */
export interface SmsIrAnswer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the shapes of SMS.ir's bodies are what the tests are about
  readonly body: any;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Calls the sandbox and its control API over HTTP, without our adapter. */
export interface SmsIrCaller {
  /** A path below `/v1/`. A text is the body as it is. */
  call(method: Method, path: string, body?: object | string, key?: string): Promise<SmsIrAnswer>;
  control(method: Method, path: string, body?: object): Promise<SmsIrAnswer>;
  account(change: object): Promise<SmsIrAnswer>;
  switches(change: object): Promise<SmsIrAnswer>;
  advance(ms: number): Promise<SmsIrAnswer>;
  credit(): Promise<number>;
  /** Sends a text and answers what `data` is. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  bulk(mobiles: readonly string[], change?: object): Promise<any>;
}

/** @param url the base of a running SMS.ir */
export function smsIrCaller(url: string): SmsIrCaller {
  const call: SmsIrCaller['call'] = (method, path, body, key = SMS_IR_KEY) =>
    ask(`${url}/v1/${path}`, {
      method,
      headers: { 'x-api-key': key, accept: 'text/plain', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const control: SmsIrCaller['control'] = (method, path, body) =>
    ask(`${url}/_sandbox/${path}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
  return {
    call,
    control,
    account: (change) => control('PUT', `accounts/${SMS_IR_KEY}`, change),
    switches: (change) => control('PATCH', 'switches', change),
    advance: (advanceMs) => control('POST', 'clock', { advanceMs }),
    async credit() {
      return (await call('GET', 'credit')).body.data as number;
    },
    async bulk(mobiles, change = {}) {
      const body = { lineNumber: Number(SMS_IR_LINE), messageText: 'سلام', mobiles, ...change };
      return (await call('POST', 'send/bulk', body)).body.data;
    },
  };
}

async function ask(url: string, options: Parameters<typeof request>[1]): Promise<SmsIrAnswer> {
  const { statusCode, headers, body } = await request(url, options as Dispatcher.RequestOptions);
  const text = await body.text();
  return {
    status: statusCode,
    body: headers['content-type'] === 'application/json' ? JSON.parse(text) : text,
  };
}
