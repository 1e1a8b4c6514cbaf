import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { RecipientColumns } from '../customers/recipient-columns';
import { Order } from './order';

/** Who gets the order, as the cart said when it was ordered. An erasure deletes the row, and the order stays. */
@Entity('order_recipients')
@Check('ck_order_recipients_phone', String.raw`phone ~ '^\+[1-9][0-9]{6,14}$'`)
@Check('ck_order_recipients_postal_code', "postal_code ~ '^[0-9]{10}$'")
@Check('ck_order_recipients_lines', 'cardinality(lines) BETWEEN 1 AND 3')
@Check('ck_order_recipients_location', '(latitude IS NULL) = (longitude IS NULL)')
export class OrderRecipient {
  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'pk_order_recipients' })
  @ForeignKey(() => Order, { name: 'fk_order_recipients_order' })
  orderId!: string;

  @Column(() => RecipientColumns, { prefix: false })
  recipient!: RecipientColumns;
}
