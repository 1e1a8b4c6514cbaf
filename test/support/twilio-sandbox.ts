import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startProvider, type StartOptions } from '../../sandbox/kit/start-provider';
import { ACCOUNT, FIRST_ACCOUNT_SID } from '../../sandbox/providers/twilio/accounts';
import { twilioProvider, type TwilioOptions } from '../../sandbox/providers/twilio/provider';

export const ACCOUNT_SID = FIRST_ACCOUNT_SID;
export const AUTH_TOKEN = ACCOUNT.authToken.fallback;
export const FROM = '+15005550006';

/** An answer with its JSON, if it is JSON. */
export interface TwilioAnswer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into the bodies by name
  readonly body: any;
}

/** A running Twilio, as a shop and as a test reach it. */
export interface TwilioUnderTest {
  readonly url: string;
  readonly inbox: ReturnType<typeof twilioProvider>['messages'];
  /** `POST …/Messages.json` from the usual number. A field may be a form of its own, to repeat a name. */
  send(fields?: Record<string, string>, as?: Credentials): Promise<TwilioAnswer>;
  /** @param path below the account, such as `/Messages.json` */
  call(
    method: string,
    path: string,
    fields?: string | Record<string, string>,
    as?: Credentials,
  ): Promise<TwilioAnswer>;
  control(method: string, path: string, body?: object): Promise<TwilioAnswer>;
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface Credentials {
  readonly account?: string;
  readonly user?: string;
  readonly password?: string;
}

/** Starts a Twilio whose clock stands still, so that nothing is sent before a test says so. */
export async function twilioUnderTest(
  options: TwilioOptions = {},
  start: Partial<StartOptions> = {},
): Promise<TwilioUnderTest> {
  const provider = twilioProvider(options);
  const { url, stop } = await startProvider(provider, { port: 0, ...start });
  async function ask(method: string, path: string, init: RequestInit): Promise<TwilioAnswer> {
    const response = await fetch(url + path, { method, ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    };
  }
  const call: TwilioUnderTest['call'] = (method, path, fields, as = {}) => {
    const { account = ACCOUNT_SID, user = account, password = AUTH_TOKEN } = as;
    const basic = Buffer.from(`${user}:${password}`).toString('base64');
    return ask(method, `/2010-04-01/Accounts/${account}${path}`, {
      headers: { Authorization: `Basic ${basic}` },
      body: fields === undefined ? null : new URLSearchParams(fields),
    });
  };
  const control: TwilioUnderTest['control'] = (method, path, body = {}) =>
    ask(
      method,
      `/_sandbox${path}`,
      method === 'GET' ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
    );
  await control('POST', '/clock', { freeze: '2026-03-21T08:00:00Z' });
  return {
    url,
    inbox: provider.messages,
    call,
    control,
    send: (fields = {}, as = {}) =>
      call('POST', '/Messages.json', { To: '+989121234567', From: FROM, Body: 'سلام', ...fields }, as),
    async advance(ms) {
      await control('POST', '/clock', { advanceMs: ms });
    },
    stop,
  };
}

/** A status callback as the shop got it. */
export interface ReceivedCallback {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A shop that records callbacks and answers with these statuses, the last one for ever. */
export interface CallbackShop {
  readonly url: string;
  readonly callbacks: readonly ReceivedCallback[];
  close(): Promise<void>;
}

/** Listens on a free port. */
export async function callbackShop(...statuses: number[]): Promise<CallbackShop> {
  const callbacks: ReceivedCallback[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      callbacks.push({ path, headers, body: Buffer.concat(chunks).toString() });
      response.statusCode = statuses[callbacks.length - 1] ?? statuses.at(-1) ?? 204;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callbacks,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
