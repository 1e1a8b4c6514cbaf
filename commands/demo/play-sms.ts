import { randomInt } from 'node:crypto';

import type { MessageState } from '../../entities/sms/message-state';
import { openMessageDesk } from '../message-desk';
import { checkAllInvariants, type Check } from './checks';
import type { ShopAddresses } from './find-shop';
import { readInbox, type InboxMessage } from './inbox';
import { checkLine } from './report';
import { until } from './until';

export const SMS_SUMMARY = 'the first SMS provider is down: a code goes out through the next one';

const PRIMARY = 'sms-ir';
/** Long enough for the worker to give a call up and for the sandbox to deliver. */
const DELIVERED_WITHIN_MS = 60_000;
const POLL_MS = 500;

/**
 * Sends a code while the first provider answers with a firewall's page, and shows its sends, the delivery and the inbox.
 *
 * @returns the checks that failed
 */
export async function playSms(shop: ShopAddresses, print: (line: string) => void): Promise<Check[]> {
  const desk = await openMessageDesk({
    DATABASE_URL: shop.databaseUrl,
    TEMPORAL_ADDRESS: shop.temporalAddress,
    TEMPORAL_NAMESPACE: shop.temporalNamespace,
  });
  const to = `+98912${randomInt(1_000_000, 9_999_999)}`;
  const code = String(randomInt(100_000, 999_999));
  const fault = await arm(shop);
  try {
    const sent = await desk.send({ to, template: 'sign_in_code', language: 'fa', variables: { code } });
    const message = await until(
      () => desk.read(sent.id),
      ({ status }) => !['queued', 'sending', 'accepted'].includes(status),
      DELIVERED_WITHIN_MS,
      ({ status }) => `the message is still ${status}`,
      POLL_MS,
    );
    const inbox = await readInbox(shop, to);
    for (const line of tell(message)) print(line);
    for (const { provider, text } of inbox) print(`inbox      ${provider}: ${text.replaceAll('\n', ' ⏎ ')}`);
    print('');
    for (const line of linksOf(shop, message, to)) print(line);
    print('');
    const checks = [...checksOf(message, inbox, code), await checkAllInvariants(shop.databaseUrl)];
    for (const check of checks) print(checkLine(check));
    return checks.filter(({ holds }) => !holds);
  } finally {
    await disarm(shop, fault);
    await desk.close();
  }
}

function tell({ attempts, status }: MessageState): string[] {
  const sends = attempts.map(({ provider, operation, status: found, message, latencyMs }) => {
    const details = [message, latencyMs === null ? null : `${latencyMs} ms`].filter((it) => it !== null);
    return `send       ${provider}, by ${operation}: ${found}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
  });
  return [...sends, `message    ${status}`];
}

function checksOf({ attempts, status }: MessageState, inbox: readonly InboxMessage[], code: string): Check[] {
  const accepted = attempts.filter((attempt) => attempt.status === 'accepted');
  const [first] = inbox;
  return [
    {
      sentence: 'the provider that is down has not taken the message, and the next one has',
      holds: accepted.length === 1 && accepted[0]!.provider !== PRIMARY,
      found: attempts.map((attempt) => `${attempt.provider} ${attempt.status}`).join(', '),
    },
    { sentence: 'the message is delivered', holds: status === 'delivered', found: status },
    {
      sentence: 'the recipient has it once, with the code',
      holds: inbox.length === 1 && first!.text.includes(code),
      found: `${inbox.length} messages`,
    },
  ];
}

function linksOf(shop: ShopAddresses, { id }: MessageState, to: string): string[] {
  const { temporalUiUrl, temporalAddress, temporalNamespace } = shop;
  const workflowId = `sms:${id}`;
  return [
    `the inbox      ${shop.smsInboxUrl}/?to=${encodeURIComponent(to)}`,
    `its workflow   ${
      temporalUiUrl
        ? `${temporalUiUrl}/namespaces/${temporalNamespace}/workflows/${encodeURIComponent(workflowId)}`
        : `temporal workflow describe --address ${temporalAddress} --namespace ${temporalNamespace} -w ${workflowId}`
    }`,
  ];
}

/** Every call of the first provider gets the page of a firewall. Returns the number of the fault. */
async function arm({ smsIrUrl }: ShopAddresses): Promise<number> {
  const response = await control(`${smsIrUrl}/_sandbox/faults`, 'POST', {
    kind: 'html',
    times: null,
  });
  return ((await response.json()) as { id: number }).id;
}

async function disarm({ smsIrUrl }: ShopAddresses, fault: number): Promise<void> {
  await control(`${smsIrUrl}/_sandbox/faults/${fault}`, 'DELETE');
}

async function control(url: string, method: string, body?: object): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${url}: HTTP ${response.status}`);
  return response;
}
