import type { WorkflowMoment, CheckoutStanding } from '../../temporal/inspect-checkout';
import type { Check } from './checks';
import type { ShopAddresses } from './find-shop';
import type { OrderEvent, Purchase } from './shopper';
import type { Timeline } from './timeline';

/** Adds the events of the journal, with their versions. */
export function tellJournal(timeline: Timeline, events: readonly OrderEvent[]): void {
  for (const { version, type, payload, at } of events) {
    timeline.said('journal', `v${version} ${type}${detailOf(payload)}`, Date.parse(at));
  }
}

/** The most telling detail of an event's payload. */
function detailOf(payload: OrderEvent['payload']): string {
  const { refId, reason, payableUntil } = payload as Readonly<Record<string, unknown>>;
  if (typeof refId === 'string') return `, receipt ${refId}`;
  if (typeof reason === 'string') return `, ${reason.replaceAll('_', ' ')}`;
  return typeof payableUntil === 'string' ? `, payable until ${payableUntil}` : '';
}

/** Adds the messages and calls of the workflow, from Temporal's history. */
export function tellWorkflow(timeline: Timeline, { moments }: CheckoutStanding): void {
  for (const moment of moments) timeline.said('workflow', sentenceOf(moment), moment.at);
}

function sentenceOf({ kind, name, summary, tookMs }: WorkflowMoment): string {
  if (kind === 'heard') return `hears ${name}`;
  if (kind === 'ended') return `ends: ${name}`;
  const answer = tookMs === undefined ? 'no answer yet' : `${Math.round(tookMs)} ms`;
  return `${name}: ${summary ?? 'a call'} (${answer})`;
}

/**
 * Where to find more about the order.
 *
 * @param accessToken of its customer, which is good for ten minutes: the order's own token shows only status and amount
 */
export function linksOf(
  shop: ShopAddresses,
  { order, authorities }: Purchase,
  accessToken: string | undefined,
): readonly string[] {
  const { apiUrl, zarinpalUrl, temporalUiUrl, temporalNamespace } = shop;
  const workflowId = `checkout:${order.id}`;
  const workflow = temporalUiUrl
    ? `${temporalUiUrl}/namespaces/${temporalNamespace}/workflows/${encodeURIComponent(workflowId)}`
    : `temporal workflow describe --address ${shop.temporalAddress} --namespace ${temporalNamespace} -w ${workflowId}`;
  return [
    `the order      curl -s ${apiUrl}/api/v1/orders/${order.id} -H 'Authorization: Bearer ${accessToken}'`,
    `its journal    curl -s ${apiUrl}/api/v1/orders/${order.id}/events -H 'Authorization: Bearer ${accessToken}'`,
    `its workflow   ${workflow}`,
    ...authorities.map((authority) => `at Zarinpal    ${zarinpalUrl}/_sandbox/sessions/${authority}`),
    `all payments   ${zarinpalUrl}`,
    `the API        ${apiUrl}/docs`,
  ];
}

export function checkLine({ sentence, holds, found }: Check): string {
  return holds ? `ok   ${sentence}` : `NOT  ${sentence}; found ${found}`;
}
