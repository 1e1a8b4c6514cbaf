import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { StockLevel } from './stock-level';

/** `held` while the order awaits payment, then `committed` (sold) or `released`. */
export type ReservationState = 'held' | 'released' | 'committed';

/** Units reserved for a line of an order. A held one refers to an order that awaits payment, or the commit fails. */
@Entity('reservations')
@Check('ck_reservations_quantity', 'quantity > 0')
@Check(
  'ck_reservations_shipped',
  "0 <= shipped AND shipped <= quantity AND (shipped = 0 OR state = 'committed')",
)
@Check('ck_reservations_state', "state IN ('held', 'released', 'committed')")
@ForeignKey('OrderLine', ['orderId', 'variantId'], ['orderId', 'variantId'], {
  name: 'fk_reservations_line',
})
@ForeignKey(() => StockLevel, ['variantId', 'locationId'], ['variantId', 'locationId'], {
  name: 'fk_reservations_level',
})
@Index('ix_reservations_held', ['heldOrderId'])
@Index('ix_reservations_unshipped', ['variantId', 'locationId'], {
  where: "state = 'committed' AND shipped < quantity",
})
@Index('ix_reservations_held_level', ['variantId', 'locationId'], { where: "state = 'held'" })
export class Reservation {
  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'pk_reservations' })
  orderId!: string;

  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_reservations' })
  variantId!: string;

  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'pk_reservations' })
  locationId!: string;

  @Column('integer')
  quantity!: number;

  @Column('varchar', { length: 10 })
  state!: ReservationState;

  /** Units that have left the location. Until then, sold goods still lie on its shelf. */
  @Column('integer', { default: 0 })
  shipped!: number;

  @Column({
    type: 'uuid',
    name: 'held_order_id',
    nullable: true,
    generatedType: 'STORED',
    asExpression: "CASE WHEN state = 'held' THEN order_id END",
  })
  @ForeignKey('Order', 'heldOrderId', {
    name: 'fk_reservations_held_order',
    deferrable: 'INITIALLY DEFERRED',
  })
  heldOrderId!: string | null;
}
