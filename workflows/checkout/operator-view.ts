import type { SearchAttributeUpdatePair } from '@temporalio/common';

import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import { SEARCH_ATTRIBUTES } from '../search-attributes.contract';
import { renderBlockers, type Blocker } from '../shared/attention';

const STATUS_NAMES = {
  awaiting_payment: 'AwaitingPayment',
  placed: 'Placed',
  expired: 'Expired',
  cancelled: 'Cancelled',
} as const;

export type StatusName = (typeof STATUS_NAMES)[OrderState['status']];

/** How operators find the orders that Postgres does not know. What else is known about them stays as it was. */
export const LOST_ORDER: SearchAttributeUpdatePair[] = [
  { key: SEARCH_ATTRIBUTES.orderStatus, value: 'Lost' },
];

/** An order's status as operators filter by it. */
export function statusNameOf({ status }: OrderState): StatusName {
  return STATUS_NAMES[status];
}

/** By what operators find an order. */
export function searchableBy(order: OrderState): SearchAttributeUpdatePair[] {
  const shown = attemptToShow(order);
  return [
    { key: SEARCH_ATTRIBUTES.orderNumber, value: order.number },
    { key: SEARCH_ATTRIBUTES.orderStatus, value: statusNameOf(order) },
    // A guest's order has none. Neither has the result of a step that ran before orders had customers.
    ...(order.customerId ? [{ key: SEARCH_ATTRIBUTES.customerId, value: order.customerId }] : []),
    { key: SEARCH_ATTRIBUTES.skus, value: searchableSkus(order.skus) },
    { key: SEARCH_ATTRIBUTES.gateway, value: shown?.gateway ?? null },
    { key: SEARCH_ATTRIBUTES.paymentAuthority, value: shown?.authority ?? null },
    { key: SEARCH_ATTRIBUTES.amountRial, value: order.total },
    { key: SEARCH_ATTRIBUTES.paymentDeadline, value: new Date(order.paymentDeadline) },
  ];
}

/** Temporal refuses a value of more than 2,048 bytes, and with it the whole task of the workflow. */
const SEARCHABLE_BYTES = 2_000;

/** As many SKUs as fit: an order is found by its first ones, and never lost for having many. */
function searchableSkus(skus: readonly string[]): string[] {
  const encoder = new TextEncoder();
  let size = 0;
  return skus.filter((sku) => {
    size += encoder.encode(JSON.stringify(sku)).length + 1;
    return size < SEARCHABLE_BYTES;
  });
}

/** The attempt by which operators find an order: the one that paid it, else the last that can, else the last there was. */
function attemptToShow({ attempts }: OrderState): AttemptState | undefined {
  return (
    attempts.find((attempt) => attempt.status === 'settled') ??
    attempts.findLast((attempt) => attempt.status !== 'closed') ??
    attempts.at(-1)
  );
}

/**
 * What an operator reads about the order in the Temporal UI. That shows Markdown, but everything inside a list item on one line:
 * an attempt is a paragraph with a flat list.
 */
export function renderDetails(
  orderId: string,
  order: OrderState | undefined,
  blockers: readonly Blocker[],
): string {
  const needs = renderBlockers(blockers);
  if (!order) return [`**Order** \`${orderId}\``, ...needs].join('\n\n');
  const units = order.units === 1 ? '1 unit' : `${order.units} units`;
  const blocks = [
    `**Order ${order.number}** – ${order.status}, ${order.paymentStatus}`,
    `${grouped(order.total)} rial, ${units}`,
    ...(order.status === 'awaiting_payment'
      ? [`Awaits payment until ${instant(order.paymentDeadline)}.`]
      : []),
    ...(order.paidAt ? [`Paid at ${instant(order.paidAt)}.`] : []),
    ...needs,
    ...order.attempts.flatMap(renderAttempt),
  ];
  return blocks.join('\n\n');
}

/** A heading and what is worth knowing of the attempt, in a list. An older step's result has no receipt. */
function renderAttempt(attempt: AttemptState): string[] {
  const { id, gateway, status, authority, payableUntil, failureCode, refId } = attempt;
  const isPayable = status === 'requesting' || status === 'open';
  const facts = [
    ...(isPayable ? [`payable until ${instant(payableUntil)}`] : []),
    ...(refId ? [`receipt \`${refId}\``] : []),
    ...(status === 'surplus'
      ? [`refunded ${grouped(attempt.refunded)} of ${grouped(attempt.amount)} rial`]
      : []),
    ...(failureCode === null ? [] : [`last answer \`${failureCode}\``]),
    `attempt \`${id}\``,
    ...(authority === null ? [] : [`authority \`${authority}\``]),
  ];
  return [`**${status}** at ${gateway}`, facts.map((fact) => `- ${fact}`).join('\n')];
}

/** Not `toLocaleString`: it depends on the host's language data. */
function grouped(amount: number): string {
  return String(amount).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
