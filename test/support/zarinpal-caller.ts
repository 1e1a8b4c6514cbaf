import type { ZarinpalControl } from './zarinpal';

export const MERCHANT = '11111111-2222-4333-8444-555555555555';
export const OTHER_MERCHANT = '99999999-2222-4333-8444-555555553444';
const USUAL_AMOUNT = 150_000;

/** A raw answer of the REST API. */
export interface RawAnswer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the shapes of Zarinpal's bodies are what the tests are about
  body: any;
}

/** A shop that calls the sandbox over plain REST. Without our adapter, neither hides the other's mistakes. */
export interface ZarinpalCaller {
  call(endpoint: string, body: unknown): Promise<RawAnswer>;
  raw(endpoint: string, text: string, headers?: Record<string, string>): Promise<RawAnswer>;
  /** Requests a session; returns its authority. */
  open(part?: Record<string, unknown>): Promise<string>;
  paid(control: ZarinpalControl, part?: Record<string, unknown>): Promise<string>;
  verified(control: ZarinpalControl, part?: Record<string, unknown>): Promise<string>;
  verify(authority: string, amount?: number): Promise<RawAnswer>;
  inquire(authority: string): Promise<RawAnswer>;
  reverse(authority: string): Promise<RawAnswer>;
}

/** The body of an ordinary request of {@link MERCHANT}. */
export function buildRequest(part: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    merchant_id: MERCHANT,
    amount: USUAL_AMOUNT,
    currency: 'IRR',
    description: 'سفارش ۱',
    callback_url: 'https://shop.example.ir/pay/callback',
    ...part,
  };
}

/** Calls the REST API below `url`. */
export function zarinpalCaller(url: string): ZarinpalCaller {
  async function raw(
    endpoint: string,
    text: string,
    headers: Record<string, string> = {},
  ): Promise<RawAnswer> {
    const response = await fetch(`${url}/pg/v4/payment/${endpoint}.json`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
      body: text,
    });
    const answer = await response.text();
    return {
      status: response.status,
      body: response.headers.get('content-type')?.startsWith('application/json')
        ? JSON.parse(answer)
        : answer,
    };
  }
  const call = (endpoint: string, body: unknown) => raw(endpoint, JSON.stringify(body));
  const verify = (authority: string, amount = USUAL_AMOUNT) =>
    call('verify', { merchant_id: MERCHANT, authority, amount });
  async function open(part?: Record<string, unknown>): Promise<string> {
    return (await call('request', buildRequest(part))).body.data.authority;
  }
  async function paid(control: ZarinpalControl, part?: Record<string, unknown>): Promise<string> {
    const authority = await open(part);
    await control.pay(authority);
    return authority;
  }
  return {
    call,
    raw,
    open,
    paid,
    async verified(control, part) {
      const authority = await paid(control, part);
      await verify(authority, (part?.amount as number | undefined) ?? USUAL_AMOUNT);
      return authority;
    },
    verify,
    inquire: (authority) => call('inquiry', { merchant_id: MERCHANT, authority }),
    reverse: (authority) => call('reverse', { merchant_id: MERCHANT, authority }),
  };
}
