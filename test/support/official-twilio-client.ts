import type { Agent } from 'node:https';

import twilio, { type RequestClient, type Twilio } from 'twilio';

import { PlainAgent } from './plain-agent';

/** The official Node client, unmodified. It asks `https://api.twilio.com`; only the connection goes to the sandbox. */
export function officialTwilio(
  url: string,
  user: string,
  password: string,
  options: { accountSid?: string } = {},
): Twilio {
  const client = twilio(user, password, options);
  const { axios } = client.httpClient as RequestClient & { axios: { defaults: { httpsAgent?: Agent } } };
  axios.defaults.httpsAgent = new PlainAgent(url);
  return client;
}
