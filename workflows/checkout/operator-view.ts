import type { SearchAttributeUpdatePair } from '@temporalio/common';

import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import { SEARCH_ATTRIBUTES } from '../search-attributes.contract';
import type { Blocker } from '../shared/attention';

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
    { key: SEARCH_ATTRIBUTES.orderStatus, value: statusNameOf(order) },
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

/** What an operator reads about the order in the Temporal UI, as Markdown for a narrow panel. */
export function renderDetails(
  orderId: string,
  order: OrderState | undefined,
  blockers: readonly Blocker[],
): string {
  const needs = blockers.flatMap(({ what, code, resolvedBy }) => [
    `> **Needs a person:** ${what} (\`${code}\`). ${resolvedBy}`,
    '',
  ]);
  if (!order) return [`**Order** \`${orderId}\``, '', ...needs].join('\n');
  const units = order.units === 1 ? '1 unit' : `${order.units} units`;
  const lines = [
    `**Order ${order.number}** – ${order.status}, ${order.paymentStatus}, ${grouped(order.total)} rial, ${units}`,
    '',
  ];
  if (order.status === 'awaiting_payment') {
    lines.push(`Awaits payment until ${instant(order.paymentDeadline)}.`, '');
  }
  return [...lines, ...needs, ...order.attempts.flatMap(renderAttempt)].join('\n');
}

function renderAttempt(attempt: AttemptState): string[] {
  const { id, gateway, status, authority, payableUntil, failureCode } = attempt;
  return [
    `- **${status}** at ${gateway}, payable until ${instant(payableUntil)}`,
    `  - attempt \`${id}\``,
    ...(authority === null ? [] : [`  - authority \`${authority}\``]),
    ...(failureCode === null ? [] : [`  - last answer \`${failureCode}\``]),
  ];
}

/** Not `toLocaleString`: it depends on the host's language data. */
function grouped(amount: number): string {
  return String(amount).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
