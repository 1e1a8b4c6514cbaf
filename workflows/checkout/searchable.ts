import type { SearchAttributeUpdatePair } from '@temporalio/common';

import type { AttemptState, OrderState } from '../../entities/orders/order-state';
import { SEARCH_ATTRIBUTES } from '../shared/search-attributes.contract';

const STATUS_NAMES = {
  awaiting_payment: 'AwaitingPayment',
  placed: 'Placed',
  expired: 'Expired',
  cancelled: 'Cancelled',
} as const;

export type StatusName = (typeof STATUS_NAMES)[OrderState['status']];

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
