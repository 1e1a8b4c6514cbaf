import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';

import ZarinPal from 'zarinpal-node-sdk';

// The client's own axios, which is no dependency of ours.
const { default: axios } = createRequire(require.resolve('zarinpal-node-sdk'))('axios') as {
  default: { defaults: { httpsAgent?: Agent } };
};

/**
 * The official Node client, unmodified: it asks `https://…zarinpal.com` as ever, and only the connection under it goes
 * to the sandbox. It pins https, so the agent below hands it a plain connection where it expects an encrypted one;
 * host name, path, headers and body are what production would get.
 */
export function officialClient(
  url: string,
  config: { merchantId: string; accessToken?: string; sandbox?: boolean },
): ZarinPal {
  const before = axios.defaults.httpsAgent;
  axios.defaults.httpsAgent = new PlainAgent(Number(new URL(url).port));
  try {
    // Instances copy the defaults when they are made, and the client makes its own in the constructor.
    return new ZarinPal(config);
  } finally {
    if (before) axios.defaults.httpsAgent = before;
    else delete axios.defaults.httpsAgent;
  }
}

class PlainAgent extends Agent {
  constructor(private readonly port: number) {
    super();
  }

  override createConnection(): Socket {
    return connect({ host: '127.0.0.1', port: this.port });
  }
}
