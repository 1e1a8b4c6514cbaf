import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Order } from './order';

/** An ordered variant, with its name and price frozen. */
@Entity('order_lines')
@Check('ck_order_lines_quantity', 'quantity > 0')
@Check('ck_order_lines_unit_price', 'unit_price >= 0')
export class OrderLine {
  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'pk_order_lines' })
  @ForeignKey(() => Order, { name: 'fk_order_lines_order' })
  orderId!: string;

  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_order_lines' })
  @ForeignKey('Variant', { name: 'fk_order_lines_variant' })
  variantId!: string;

  @Column('varchar', { length: 64 })
  sku!: string;

  @Column('varchar', { length: 400 })
  title!: string;

  @Column('integer')
  quantity!: number;

  @Column('bigint', { name: 'unit_price' })
  unitPrice!: number;
}
