import type { EntityManager } from 'typeorm';
import { expect } from 'vitest';

import { readEvents } from '../../entities/events/read-events';
import { ORDER, type OrderEvents } from '../../entities/orders/orders.events';
import { OWED_TO_BUYERS_ACCOUNT } from '../../entities/payments/ledger-entry';
import { withSnapshot } from '../../platform/snapshot';
import { row } from '../support/sql';
import type { WorkflowShop } from './workflow-shop';

/** What happens to the stock and the money of an order. */
export type Effect = 'held' | 'sold' | 'released' | 'owed' | 'refunded';

const EFFECTS: Partial<Record<keyof OrderEvents, Effect>> = {
  'order.created': 'held',
  'order.reopened': 'held',
  'order.expired': 'released',
  'order.cancelled': 'released',
  'order.paid': 'sold',
  'order.payment_surplus': 'owed',
  'order.payment_refunded': 'refunded',
};

const EVENTS_AT_MOST = 1_000;

/**
 * What happened to the stock and the money of an order, oldest first. The journal tells the sequence. The reservation, the
 * stock movements and the ledger are compared with it, so an effect that is only told of fails the test.
 */
export async function effectsOf(
  { database }: Pick<WorkflowShop, 'database'>,
  orderId: string,
): Promise<Effect[]> {
  const [events, booked] = await withSnapshot(
    database,
    { statementTimeoutMs: 10_000 },
    async (manager) =>
      [
        await readEvents(manager, ORDER, orderId, 0, EVENTS_AT_MOST),
        await readBooked(manager, orderId),
      ] as const,
  );
  const effects = events.flatMap(({ type }) => EFFECTS[type as keyof OrderEvents] ?? []);
  const timesOf = (effect: Effect) => effects.filter((it) => it === effect).length;
  expect(booked, `the rows of order ${orderId} and its journal (${effects.join(', ')})`).toEqual({
    stock: effects.findLast((effect) => effect !== 'owed' && effect !== 'refunded') ?? null,
    sold: timesOf('sold'),
    owed: timesOf('owed'),
    refunded: timesOf('refunded'),
  });
  return effects;
}

function readBooked(manager: EntityManager, orderId: string) {
  return row(
    manager,
    `SELECT
       (SELECT DISTINCT CASE state WHEN 'committed' THEN 'sold' ELSE state END FROM reservations WHERE order_id = $1::uuid)
         AS stock,
       (SELECT count(*) FROM stock_movements WHERE reason = 'sale' AND ref = $1::text) AS sold,
       (SELECT count(*) FROM ledger_entries WHERE order_id = $1::uuid AND credit_account = $2) AS owed,
       (SELECT count(*) FROM ledger_entries WHERE order_id = $1::uuid AND debit_account = $2) AS refunded`,
    [orderId, OWED_TO_BUYERS_ACCOUNT],
  );
}
