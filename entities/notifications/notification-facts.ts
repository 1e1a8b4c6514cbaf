import { json } from '../row-shape';
import type { Facts } from './notification-text';

/** A join of the rows that a notification `n` names. What is gone is missing from its facts. */
export const FACT_JOINS = `LEFT JOIN orders fact_order ON fact_order.id = (n.data ->> 'orderId')::uuid
   LEFT JOIN tickets fact_ticket ON fact_ticket.id = (n.data ->> 'ticketId')::uuid
   LEFT JOIN purchase_orders fact_purchase ON fact_purchase.id = (n.data ->> 'purchaseOrderId')::uuid
   LEFT JOIN variants fact_variant ON fact_variant.id = (n.data ->> 'variantId')::uuid
   LEFT JOIN products fact_product ON fact_product.id = fact_variant.product_id
   LEFT JOIN sessions fact_session ON fact_session.id = (n.data ->> 'sessionId')::uuid
   LEFT JOIN accounts fact_account ON fact_account.id = n.box_id`;

export const FACTS_OF = `jsonb_strip_nulls(jsonb_build_object('order', fact_order.number::text, 'ticket', fact_ticket.number,
     'purchase', fact_purchase.number::text, 'product', fact_product.title, 'sku', fact_variant.sku,
     'device', fact_session.device_label,
     'ending', right(fact_account.phone, 2))) AS facts`;

export const facts = json<Facts>();
