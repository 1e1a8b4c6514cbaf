import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { RecipientColumns } from '../customers/recipient-columns';
import { Cart } from './cart';

/** Who is to get what is in the cart. */
@Entity('cart_recipients')
@Check('ck_cart_recipients_phone', String.raw`phone ~ '^\+[1-9][0-9]{6,14}$'`)
@Check('ck_cart_recipients_postal_code', "postal_code ~ '^[0-9]{10}$'")
@Check('ck_cart_recipients_lines', 'cardinality(lines) BETWEEN 1 AND 3')
@Check('ck_cart_recipients_location', '(latitude IS NULL) = (longitude IS NULL)')
export class CartRecipient {
  @PrimaryColumn('uuid', { name: 'cart_id', primaryKeyConstraintName: 'pk_cart_recipients' })
  @ForeignKey(() => Cart, { name: 'fk_cart_recipients_cart', onDelete: 'CASCADE' })
  cartId!: string;

  @Column(() => RecipientColumns, { prefix: false })
  recipient!: RecipientColumns;
}
