import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Cart } from './cart';

/** A quantity of a variant in a cart. It reserves nothing: only an order holds stock. */
@Entity('cart_lines')
@Check('ck_cart_lines_quantity', 'quantity > 0')
@Check('ck_cart_lines_seen_price', 'seen_price >= 0')
export class CartLine {
  @PrimaryColumn('uuid', { name: 'cart_id', primaryKeyConstraintName: 'pk_cart_lines' })
  @ForeignKey(() => Cart, { name: 'fk_cart_lines_cart', onDelete: 'CASCADE' })
  cartId!: string;

  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_cart_lines' })
  @ForeignKey('Variant', { name: 'fk_cart_lines_variant' })
  variantId!: string;

  @Column('integer')
  quantity!: number;

  /** Rials: the price that the guest knows. A change is reported until it is acknowledged. */
  @Column('bigint', { name: 'seen_price' })
  seenPrice!: number;

  @Column('timestamptz', { name: 'added_at', default: () => 'now()' })
  addedAt!: Date;
}
