import type { EntityManager } from 'typeorm';

import type { Recipient } from '../customers/recipient';
import { RECIPIENT, RECIPIENT_AS_JSON } from '../customers/recipient-columns';
import { integer, jsonList, jsonObject, nullable, text } from '../row-shape';
import { row, statement } from '../sql';
import { ORDER_STATE, SELECT_ORDER_STATE, type OrderState } from './order-state';

/** A line of an order as it was bought. */
export interface OrderedLine {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/** An order with its lines and its recipient. */
export interface OrderWithLines {
  readonly order: OrderState;
  readonly lines: readonly OrderedLine[];
  /** Null for what is not delivered, and after an erasure. */
  readonly recipient: Recipient | null;
}

const READ = statement<OrderWithLines>(
  `SELECT to_jsonb(state) AS "order", (
     SELECT json_agg(json_build_object(
       'sku', sku, 'title', title, 'quantity', quantity, 'unitPrice', unit_price) ORDER BY sku)
     FROM order_lines WHERE order_id = $1) AS lines,
     (SELECT ${RECIPIENT_AS_JSON} FROM order_recipients r WHERE r.order_id = $1) AS recipient
   FROM (${SELECT_ORDER_STATE} WHERE o.id = $1 AND ($2::uuid IS NULL OR o.customer_id = $2)) AS state`,
  {
    order: jsonObject(ORDER_STATE),
    lines: jsonList(
      jsonObject<OrderedLine>({ sku: text, title: text, quantity: integer, unitPrice: integer }),
    ),
    recipient: nullable(jsonObject(RECIPIENT)),
  },
);

/**
 * Reads all in one statement; undefined when there is no such order.
 *
 * @param ownerId the customer whose orders alone may be found; null for everybody's
 */
export async function readOrder(
  manager: EntityManager,
  orderId: string,
  ownerId: string | null,
): Promise<OrderWithLines | undefined> {
  return row(manager, READ, [orderId, ownerId]);
}
