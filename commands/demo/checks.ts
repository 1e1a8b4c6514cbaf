import { isDeepStrictEqual } from 'node:util';

import type { OrderDetailView, OrderView } from '../../api/client/generated';
import { INVARIANTS } from '../../entities/invariants/all-invariants';
import { checkInvariants } from '../../entities/invariants/check-invariants';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { openPostgres } from '../../platform/postgres';
import { withSnapshot } from '../../platform/snapshot';
import type { CheckoutStanding } from '../../temporal/inspect-checkout';
import type { Outcome } from './scenarios';
import type { OrderEvent } from './shopper';

/** A statement that must be true, and what was found. */
export interface Check {
  readonly sentence: string;
  readonly holds: boolean;
  readonly found: string;
}

/** A payment according to the gateway. */
export interface PaymentAtGateway {
  readonly state: string;
  readonly amountRial: number;
}

const WORKFLOW_NAMES: Readonly<Record<OrderView['status'], string>> = {
  awaiting_payment: 'AwaitingPayment',
  placed: 'Placed',
  expired: 'Expired',
  cancelled: 'Cancelled',
};

const LONGEST_CHECK_MS = 60_000;

/** Compares what shop, workflow and gateway say about the order with the expected outcome. */
export function checkOrder(
  expected: Outcome,
  { order }: OrderDetailView,
  events: readonly OrderEvent[],
  workflow: CheckoutStanding,
  payments: readonly PaymentAtGateway[],
): Check[] {
  const versions = events.map(({ version }) => version);
  const name = workflowNameOf(expected.status);
  return [
    check(
      `the order is ${expected.status} and ${expected.paymentStatus}`,
      [expected.status, expected.paymentStatus],
      [order.status, order.paymentStatus],
    ),
    check(
      `its journal has the versions 1 to ${order.version} without a gap`,
      Array.from({ length: order.version }, (_, at) => at + 1),
      versions,
    ),
    check(
      `and says ${expected.events.map(shortEvent).join(', ')}`,
      expected.events,
      events.map(({ type }) => type),
    ),
    check(
      expected.workflowEnds ? 'its workflow is over' : 'its workflow watches the unpaid page for late money',
      expected.workflowEnds ? ['COMPLETED', name] : ['RUNNING', undefined],
      [workflow.status, workflow.result],
    ),
    check(
      `operators find the workflow by OrderStatus="${name}" and nothing needs them`,
      [name, false],
      [workflow.orderStatus, workflow.needsAttention],
    ),
    check(
      `Zarinpal has the payment as ${expected.payments.join(', then ')}, over the order's total`,
      expected.payments.map((state) => [state, order.total.amount]),
      payments.map(({ state, amountRial }) => [state, amountRial]),
    ),
  ];
}

/** A workflow's name for the status of an order, in `OrderStatus` and as its result. */
export function workflowNameOf(status: OrderView['status']): string {
  return WORKFLOW_NAMES[status];
}

/** Checks all invariants of the shop in its database. */
export async function checkAllInvariants(databaseUrl: string): Promise<Check> {
  const { database: config } = loadConfig({ database: DatabaseConfig }, { DATABASE_URL: databaseUrl });
  const database = await openPostgres(
    { ...config, databasePoolSize: 1 },
    { entities: [], migrations: [] },
    'asoud-demo',
  );
  try {
    const violations = await withSnapshot(
      database,
      { statementTimeoutMs: LONGEST_CHECK_MS },
      checkInvariants,
    );
    return {
      sentence: `all ${INVARIANTS.length} invariants of the shop hold`,
      holds: violations.length === 0,
      found: violations.map(({ invariant, count }) => `${invariant} is broken ${count}x`).join(', '),
    };
  } finally {
    await database.destroy();
  }
}

/** Compares what was found with what must be there. */
export function check(sentence: string, wanted: unknown, found: unknown): Check {
  return { sentence, holds: isDeepStrictEqual(wanted, found), found: JSON.stringify(found) };
}

function shortEvent(type: string): string {
  return type.replace(/^order\./, '').replaceAll('_', ' ');
}
