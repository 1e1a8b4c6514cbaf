import http, { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';

import Kavenegar from 'kavenegar';

/** The methods of the official client. */
export type KavenegarMethod = keyof ReturnType<typeof Kavenegar.KavenegarApi>;

/** What the client gives its callback. */
export interface ClientAnswer {
  readonly entries: unknown;
  readonly status: number;
  readonly message: string;
}

/**
 * The official Node client, unmodified. It asks for `http://api.kavenegar.com/…` as if it spoke to a proxy; only the connection
 * below goes to the sandbox. It has no agent of its own, so Node's global one is another for as long as the client needs it.
 */
export function officialKavenegarClient(
  url: string,
  apikey: string,
): (method: KavenegarMethod, parameters: object) => Promise<ClientAnswer> {
  const client = Kavenegar.KavenegarApi({ apikey });
  const agent = new SandboxAgent(Number(new URL(url).port));
  return (method, parameters) =>
    new Promise((resolve) => {
      const before = http.globalAgent;
      http.globalAgent = agent;
      client[method](parameters, (entries, status, message) => resolve({ entries, status, message }));
      http.globalAgent = before;
    });
}

class SandboxAgent extends Agent {
  constructor(private readonly port: number) {
    super();
  }

  override createConnection(): Socket {
    return connect({ host: '127.0.0.1', port: this.port });
  }
}
