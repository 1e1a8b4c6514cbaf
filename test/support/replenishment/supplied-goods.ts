import { instantOf, type BusinessDay } from '../../../entities/calendar/business-day';
import { arrivesOn } from '../../../entities/calendar/supplier-calendar';
import { recordEvents } from '../../../entities/events/record-events';
import { PURCHASE_ORDER } from '../../../entities/purchasing/purchasing.events';
import type { Transaction } from '../../../entities/sql';
import { newId } from '../../../entities/values/uuid';
import { rows } from '../sql';
import type { OperatedShop } from './operated-shop';
import type { Dice } from './synthetic-shop';

const END_OF_DAY = 1_440;

/** Sends every collecting order whose cut-off is on this day of the calendar. Its goods are expected after a random lead time. */
export async function sendOrders(
  { database, calendar }: OperatedShop,
  at: number,
  dice: Dice,
): Promise<void> {
  await database.run(async (transaction) => {
    const due = await rows<{ id: string; leadDays: number; leadSd: number }>(
      transaction,
      `SELECT o.id, s.lead_days AS "leadDays", s.lead_sd AS "leadSd"
       FROM purchase_orders o JOIN suppliers s ON s.id = o.supplier_id
       WHERE o.status = 'collecting' AND o.cutoff_at < $1 ORDER BY o.number`,
      [instantOf(calendar[at]!.day, END_OF_DAY)],
    );
    for (const { id, leadDays, leadSd } of due) {
      const lead = Math.max(1, Math.round(leadDays + leadSd * dice.normal()));
      await sendOrder(transaction, id, calendar[arrivesOn(calendar, at, lead)]!.day);
    }
  });
}

async function sendOrder(transaction: Transaction, orderId: string, arrives: BusinessDay): Promise<void> {
  const expectedAt = instantOf(arrives, END_OF_DAY);
  await rows(transaction, `UPDATE purchase_orders SET status = 'sending' WHERE id = $1`, [orderId]);
  await rows(
    transaction,
    `INSERT INTO supplier_messages (order_id, revision, kind, channel, webhook_id, status, attempts)
     VALUES ($1::uuid, 1, 'order', 'manual', $1::text || '-r1', 'sent', 1)`,
    [orderId],
  );
  await rows(
    transaction,
    `UPDATE purchase_orders SET status = 'ordered', ordered_at = cutoff_at, expected_at = $2, remind_at = $2 WHERE id = $1`,
    [orderId, expectedAt],
  );
  await recordEvents(
    transaction,
    PURCHASE_ORDER,
    orderId,
    { type: 'purchase_order.submitted', payload: { revision: 1, isApproved: false } },
    { type: 'purchase_order.ordered', payload: { expectedAt: expectedAt.toISOString() } },
  );
}

/** Books what is expected on this day, in its first minute: all lines of its orders at once. */
export async function receiveOrders({ database, accountId }: OperatedShop, day: BusinessDay): Promise<void> {
  await database.run(async (transaction) => {
    const due = await rows<{ id: string }>(
      transaction,
      `SELECT id FROM purchase_orders WHERE status = 'ordered' AND expected_at = $1 ORDER BY number`,
      [instantOf(day, END_OF_DAY)],
    );
    for (const { id } of due) {
      const receiptId = newId();
      await rows(transaction, RECEIVE, [id, receiptId, accountId, instantOf(day, 0)]);
      await recordEvents(transaction, PURCHASE_ORDER, id, {
        type: 'purchase_order.received',
        payload: { receiptId },
      });
    }
  });
}

const RECEIVE = `WITH receipt AS (
    INSERT INTO purchase_order_receipts (id, order_id, account_id, request_digest, received_at)
    VALUES ($2::uuid, $1::uuid, $3, repeat('d', 64), $4)
  ), lines AS (
    UPDATE purchase_order_lines SET received = ordered WHERE order_id = $1 RETURNING variant_id, ordered AS units
  ), receipt_lines AS (
    INSERT INTO purchase_order_receipt_lines (receipt_id, variant_id, order_id, received)
    SELECT $2, variant_id, $1, units FROM lines
  ), received AS (
    UPDATE purchase_orders SET status = 'received', finished_at = $4 WHERE id = $1 RETURNING location_id
  ), levels AS (
    UPDATE stock_levels l SET on_hand = on_hand + units, movement_seq = movement_seq + 1
    FROM lines, received WHERE (l.variant_id, l.location_id) = (lines.variant_id, received.location_id)
    RETURNING l.variant_id, l.location_id, l.movement_seq, l.on_hand, lines.units
  )
  INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref, created_at)
  SELECT variant_id, location_id, movement_seq, units, on_hand, 'received', 'receipt:' || $2::text, $4 FROM levels`;
