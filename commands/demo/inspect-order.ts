import { loadConfig } from '../../platform/config/load-config';
import { TemporalConfig } from '../../platform/config/temporal';
import { createTemporalClient } from '../../temporal/connection';
import { inspectCheckout, type CheckoutStanding } from '../../temporal/inspect-checkout';
import { checkOrder, workflowNameOf, type Check, type PaymentAtGateway } from './checks';
import type { ShopAddresses } from './find-shop';
import { tellJournal, tellWorkflow } from './report';
import type { Outcome } from './scenarios';
import type { Purchase, Shopper } from './shopper';
import type { Timeline } from './timeline';
import { until } from './until';

const SETTLES_WITHIN_MS = 30_000;

/**
 * Asks the shop, the workflow and the gateway about the order, adds their answers to the timeline, and checks that they agree.
 * Without an expected outcome nothing is awaited and nothing is checked.
 */
export async function inspectOrder(
  shop: ShopAddresses,
  shopper: Shopper,
  { order, authorities }: Purchase,
  expected: Outcome | undefined,
  timeline: Timeline,
): Promise<Check[]> {
  const detail = await until(
    () => shopper.read(order),
    (it) => !expected || it.order.status === expected.status,
    SETTLES_WITHIN_MS,
    (it) => `the order is still ${it.order.status} after ${SETTLES_WITHIN_MS / 1_000} s`,
  );
  const events = await shopper.events(order);
  tellJournal(timeline, events);
  const workflow = await readWorkflow(shop, order.id, expected);
  tellWorkflow(timeline, workflow);
  if (!expected) return [];
  const payments = await Promise.all(authorities.map((authority) => askGateway(shop, authority)));
  return checkOrder(expected, detail, events, workflow, payments);
}

/** Waits, because a workflow publishes its status and ends a moment after the rows have changed. */
async function readWorkflow(
  shop: ShopAddresses,
  orderId: string,
  expected: Outcome | undefined,
): Promise<CheckoutStanding> {
  const { temporal: config } = loadConfig(
    { temporal: TemporalConfig },
    { TEMPORAL_ADDRESS: shop.temporalAddress, TEMPORAL_NAMESPACE: shop.temporalNamespace },
  );
  const { client, close } = createTemporalClient(config);
  try {
    return await until(
      () => inspectCheckout(client, orderId),
      ({ status, orderStatus }) =>
        !expected ||
        (orderStatus === workflowNameOf(expected.status) &&
          (status === 'COMPLETED') === expected.workflowEnds),
      SETTLES_WITHIN_MS,
      ({ status, orderStatus }) =>
        `the workflow is still ${status} with OrderStatus ${orderStatus} after ${SETTLES_WITHIN_MS / 1_000} s`,
    );
  } finally {
    await close();
  }
}

async function askGateway({ zarinpalUrl }: ShopAddresses, authority: string): Promise<PaymentAtGateway> {
  const response = await fetch(`${zarinpalUrl}/_sandbox/sessions/${authority}`);
  if (!response.ok) throw new Error(`Zarinpal does not know ${authority} (HTTP ${response.status})`);
  return (await response.json()) as PaymentAtGateway;
}
