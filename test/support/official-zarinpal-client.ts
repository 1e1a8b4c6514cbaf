import type { Agent } from 'node:https';
import { createRequire } from 'node:module';

import ZarinPal from 'zarinpal-node-sdk';

import { PlainAgent } from './plain-agent';

// The client's own axios; we do not depend on it.
const { default: axios } = createRequire(require.resolve('zarinpal-node-sdk'))('axios') as {
  default: { defaults: { httpsAgent?: Agent } };
};

/**
 * The official Node client, unmodified. It asks `https://…zarinpal.com`; only the connection below goes to the sandbox. The
 * client pins https, so the agent gives it a plain connection instead of an encrypted one. Host name, path, headers and body
 * are what production gets.
 */
export function officialClient(
  url: string,
  config: { merchantId: string; accessToken?: string; sandbox?: boolean },
): ZarinPal {
  const before = axios.defaults.httpsAgent;
  axios.defaults.httpsAgent = new PlainAgent(url);
  try {
    // An instance copies the defaults when it is made, and the client makes its own in its constructor.
    return new ZarinPal(config);
  } finally {
    if (before) axios.defaults.httpsAgent = before;
    else delete axios.defaults.httpsAgent;
  }
}
