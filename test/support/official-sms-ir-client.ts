import type { Agent } from 'node:https';
import { createRequire } from 'node:module';

import { Smsir } from 'smsir-js';

import { PlainAgent } from './plain-agent';

// The client's own axios; we do not depend on it.
const axios = createRequire(require.resolve('smsir-js'))('axios') as {
  defaults: { httpsAgent?: Agent };
};

/**
 * The official Node client, unmodified. It asks `https://api.sms.ir` with axios's defaults; only the agent in them differs, so that
 * the connection goes to the sandbox. Call `restore` in the end.
 */
export function officialSmsIr(
  url: string,
  key: string,
  line: string,
): { readonly client: Smsir; restore(): void } {
  const before = axios.defaults.httpsAgent;
  axios.defaults.httpsAgent = new PlainAgent(url);
  return {
    client: new Smsir(key, Number(line)),
    restore() {
      if (before) axios.defaults.httpsAgent = before;
      else delete axios.defaults.httpsAgent;
    },
  };
}
